"""How well a page came over, in one word: the dashboard compares faxes and lines by it."""

from enum import StrEnum
from statistics import fmean

from worker.domain.reading import PageReading, TextReading

#: The mean of what the engine says of its words, from which a page is clear, and from which it is fair.
CLEAR_FROM, FAIR_FROM = 0.85, 0.70


class Quality(StrEnum):
    """How well a page can be read."""

    CLEAR = "clear"
    FAIR = "fair"
    POOR = "poor"
    """Words were read, most of them with doubt."""
    DAMAGED = "damaged"
    """The file itself says that something of the page is missing."""
    NO_TEXT = "no_text"
    """Blank, a picture, or told by its barcode alone: no word was read."""


def quality_of(reading: PageReading) -> Quality:
    """By damage first, then by how sure the engine was of the words it read."""
    if reading.damage:
        return Quality.DAMAGED
    texts = [part for part in reading.text if isinstance(part, TextReading)]
    sure = [word.confidence for text in texts for line in text.lines for word in line.words]
    if not sure:
        return Quality.NO_TEXT
    mean = fmean(sure)
    if mean >= CLEAR_FROM:
        return Quality.CLEAR
    return Quality.FAIR if mean >= FAIR_FROM else Quality.POOR
