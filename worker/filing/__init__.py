"""Giving it out: one PDF per request and document, manifests, what a person must look at, the tables."""
