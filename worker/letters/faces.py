"""The letter's typeface: embedded where the machine has one, else the reader's Helvetica; and breaking lines."""

from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

#: Regular and bold, the first pair that is installed is embedded.
INSTALLED = (
    (
        Path("/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf"),
        Path("/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf"),
    ),
    (
        Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
        Path("/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"),
    ),
)


@lru_cache(maxsize=1)
def letter_faces() -> tuple[str, str]:
    """The names of the regular and the bold face, ready to use on a canvas."""
    for regular, bold in INSTALLED:
        if regular.is_file() and bold.is_file():
            pdfmetrics.registerFont(TTFont("Letter", str(regular)))
            pdfmetrics.registerFont(TTFont("Letter-Bold", str(bold)))
            return "Letter", "Letter-Bold"
    return "Helvetica", "Helvetica-Bold"


def width(text: str, face: str, size: float) -> float:
    """Width of a string in points."""
    return float(pdfmetrics.stringWidth(text, face, size))


def broken(text: str, face: str, size: float, room: float) -> list[str]:
    """Lines no wider than `room` points; a word that is wider itself is cut."""
    lines, current = [], ""
    for word in text.split():
        longer = f"{current} {word}".strip()
        if width(longer, face, size) <= room:
            current = longer
            continue
        if current:
            lines.append(current)
        *full, current = _cut(word, face, size, room)
        lines += full
    return [*lines, current] if current else lines


def _cut(word: str, face: str, size: float, room: float) -> list[str]:
    pieces, current = [], ""
    for char in word:
        if current and width(current + char, face, size) > room:
            pieces.append(current)
            current = ""
        current += char
    return [*pieces, current]
