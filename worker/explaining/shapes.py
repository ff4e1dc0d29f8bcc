"""What a sheet is made of: texts, bars, chips and lines with their places in pixels, and nothing that paints them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from worker.domain.reading import Box


class Ink(StrEnum):
    """The colours of the sheet. Green and red differ in their outline too, for those who do not see the difference."""

    TEXT = "#1f2328"
    QUIET = "#59636e"
    RULE = "#d1d9e0"
    FOR = "#1a7f37"
    AGAINST = "#c62828"
    RIVAL = "#7a3ea8"
    CODE = "#1f6fb2"
    REVIEW = "#9a6700"
    REST = "#8c96a0"
    TOTAL = "#24292f"
    PAPER = "#ffffff"


@dataclass(frozen=True, slots=True)
class Face:
    """A size of letters in pixels, and whether they are bold."""

    size: int
    is_bold: bool = False

    @property
    def line(self) -> int:
        """The height of a line."""
        return round(self.size * 1.35)


#: The width in pixels of a text in a face.
Measure = Callable[[str, Face], float]


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text with the box that it takes."""

    text: str
    box: Box
    face: Face
    ink: Ink = Ink.TEXT


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle."""

    box: Box
    ink: Ink


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line: an axis, or from the end of one bar to the beginning of the next. It may lie under others."""

    box: Box


@dataclass(frozen=True, slots=True)
class Chip:
    """A small label in a frame: filled where it stands for places on the page."""

    label: str
    box: Box
    ink: Ink
    is_filled: bool = True


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame around a place on the page; a dashed one speaks against."""

    box: Box
    ink: Ink
    is_dashed: bool = False


Shape = Text | Bar | Rule | Chip | Frame

CHIP_FACE, CHIP_HEIGHT, CHIP_AIR = Face(14, is_bold=True), 20, 6


def chip_size(label: str, measure: Measure) -> tuple[int, int]:
    """Width and height of the chip around a label."""
    return max(CHIP_HEIGHT, round(measure(label, CHIP_FACE)) + 2 * CHIP_AIR), CHIP_HEIGHT


def lines_of(text: str, at: Box, style: tuple[Face, Ink], measure: Measure) -> list[Text]:
    """The text in as many lines as it takes, from the top of `at` on and no wider."""
    face, ink = style
    return [
        Text(line, Box(at.left, at.top + k * face.line, round(measure(line, face)), face.line), face, ink)
        for k, line in enumerate(wrapped(text, face, at.width, measure))
    ]


def wrapped(text: str, face: Face, room: float, measure: Measure) -> list[str]:
    """The text in lines no wider than `room` pixels; a word that is wider itself is cut."""
    lines, current = [], ""
    for word in text.split():
        longer = f"{current} {word}".strip()
        if measure(longer, face) <= room:
            current = longer
            continue
        lines += [current] if current else []
        *full, current = _cut(word, face, room, measure)
        lines += full
    return [*lines, current] if current else lines


def _cut(word: str, face: Face, room: float, measure: Measure) -> list[str]:
    pieces, current = [], ""
    for character in word:
        if current and measure(current + character, face) > room:
            pieces.append(current)
            current = ""
        current += character
    return [*pieces, current]
