"""A page as a list of marks in points (US letter, origin top left), painted later on any raster or as PDF."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from bench.drawing.fonts import text_width

WIDTH, HEIGHT = 612.0, 792.0

Bits = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface at a size in points; `leading` is the distance of lines in sizes."""

    family: str
    size: float
    bold: bool = False
    leading: float = 1.25

    def at(self, size: float) -> "Face":
        """The same face at another size."""
        return replace(self, size=size)

    @property
    def strong(self) -> "Face":
        """The same face in bold."""
        return replace(self, bold=True)

    @property
    def line(self) -> float:
        """Distance of two baselines in points."""
        return self.size * self.leading

    def width(self, text: str) -> float:
        """Width of a string in points."""
        return text_width(text, self.family, self.size, bold=self.bold)


@dataclass(frozen=True, slots=True)
class Words:
    """A string whose baseline starts at (x, y); grey from 0 (black) to 255."""

    x: float
    y: float
    text: str
    face: Face
    grey: int = 0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    width: float
    grey: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A filled rectangle: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float
    grey: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Grey pixels (0 black, 255 white) stretched over a rectangle; `crisp` keeps modules square-edged."""

    x: float
    y: float
    w: float
    h: float
    bits: Bits
    crisp: bool = True


@dataclass(frozen=True, slots=True)
class Imprint:
    """The first page of a PDF, laid over the whole sheet."""

    pdf: bytes
    page: int = 0


@dataclass(frozen=True, slots=True)
class Ghost:
    """What shows through from the other side of the paper: mirrored and faint."""

    front: "Sheet"


Mark = Words | Stroke | Block | Picture | Imprint | Ghost


@dataclass(slots=True)
class Sheet:
    """A page being drawn. `y` is where the next line goes, `left` and `right` are the margins.

    `record_kind` is the truth of a record page that says what it is, in the words of pages.csv.
    """

    left: float = 54.0
    right: float = WIDTH - 54.0
    y: float = 60.0
    marks: list[Mark] = field(default_factory=list)
    record_kind: str = ""

    def words(self, x: float, y: float, text: str, face: Face, grey: int = 0) -> float:
        """Write a string from (x, y) and give the x where it ends."""
        if text:
            self.marks.append(Words(x, y, text, face, grey))
        return x + face.width(text)

    def centred(self, y: float, text: str, face: Face) -> None:
        """Write a string in the middle of the margins."""
        self.words((self.left + self.right - face.width(text)) / 2, y, text, face)

    def flush_right(self, x: float, y: float, text: str, face: Face) -> None:
        """Write a string that ends at x."""
        self.words(x - face.width(text), y, text, face)

    def line(self, text: str, face: Face, indent: float = 0.0) -> None:
        """Write one line and move down."""
        self.y += face.line
        self.words(self.left + indent, self.y, text, face)

    def gap(self, points: float) -> None:
        """Move down."""
        self.y += points

    def paragraph(self, text: str, face: Face, indent: float = 0.0, width: float = 0.0) -> None:
        """Write wrapped text and move down."""
        room = width or self.right - self.left - indent
        for part in wrapped(text, face, room):
            self.line(part, face, indent)

    def rule(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.7) -> None:
        """Draw a straight line."""
        self.marks.append(Stroke(((x1, y1), (x2, y2)), width))

    def frame(self, x: float, y: float, w: float, h: float, width: float = 0.7) -> None:
        """Draw an empty rectangle."""
        self.marks.append(Stroke(((x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)), width))

    def block(self, x: float, y: float, w: float, h: float, grey: int) -> None:
        """Draw a filled rectangle."""
        self.marks.append(Block(x, y, w, h, grey))

    def has_room(self, points: float) -> bool:
        """So much space is left above the bottom margin."""
        return self.y + points < HEIGHT - 60


def wrapped(text: str, face: Face, room: float) -> list[str]:
    """Break text into lines no wider than `room` points; a single longer word stands alone."""
    lines: list[str] = []
    current, used = "", 0.0
    space = face.width(" ")
    for word in text.split():
        wide = face.width(word)
        if current and used + space + wide > room:
            lines.append(current)
            current, used = word, wide
        else:
            used += wide + (space if current else 0.0)
            current = f"{current} {word}".strip()
    return [*lines, current] if current else lines
