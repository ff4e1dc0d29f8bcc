"""One migration per file, named after what it does and its number."""
