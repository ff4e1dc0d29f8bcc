"""Telling others: an event goes to a webhook, or to a file of JSON lines, at least once and in order per request."""
