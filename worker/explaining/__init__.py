"""Showing why a page went where it did: an account of the reasons, laid out on a sheet and painted as a picture."""
