"""Lists of names, places, headings and sentences, one entry a line, all written for this bench."""

from functools import lru_cache
from pathlib import Path


@lru_cache
def read_words(name: str) -> tuple[str, ...]:
    """The entries of bench/words/<name>.txt."""
    return tuple((Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").splitlines())
