"""Draws mailroom trays with known truth and measures runs against it. Not shipped with the worker."""
