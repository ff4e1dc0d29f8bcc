"""Which OCR engine a site reads with."""

from enum import StrEnum


class Engine(StrEnum):
    """Which Tesseract reads."""

    PROGRAM = "program"
    """The one that the system has."""
    EMBEDDED = "embedded"
    """That of the extra `fast`, with the languages of the system's."""
