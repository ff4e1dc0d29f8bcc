"""Keeping bytes: originals by content hash, results whole or not at all, one writer per output folder."""
