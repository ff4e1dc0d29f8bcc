"""What was seen on a page: barcodes, words with boxes, and an honest account of what could not be read.

All boxes are in pixels of the page as a person would hold it: upright, square pixels, deskewed, at
`PageReading.width` by `PageReading.height`, origin top left.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the upright page, in pixels."""

    left: int
    top: int
    width: int
    height: int

    def scaled(self, factor: float) -> "Box":
        """The same place on a page of another scale."""
        return Box(*(round(value * factor) for value in (self.left, self.top, self.width, self.height)))

    def holds_middle_of(self, other: "Box") -> bool:
        """The other one stands here, if not wholly."""
        across, down = other.left + other.width / 2, other.top + other.height / 2
        return self.left <= across <= self.left + self.width and self.top <= down <= self.top + self.height


@dataclass(frozen=True, slots=True)
class Word:
    """One word as OCR read it; confidence from 0 (a guess) to 1 (certain), the engine's own opinion."""

    text: str
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand on one line, left to right."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words with single spaces between them."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Barcode:
    """A decoded symbol. What it means is not known here: a payload counts only if the registry knows it."""

    payload: str
    symbology: str
    box: Box
    reader: str


class Region(StrEnum):
    """Which part of a page was read: cheap first, the whole page only where it is needed to decide."""

    BANDS = "bands"
    """The first and last text lines, where identity usually stands."""
    WIDER = "wider"
    """The lines that follow the first ones, where the fields of letters and forms go on."""
    FULL = "full"
    """All other lines but prose."""
    PROSE = "prose"
    """Running text from the second line of each paragraph on: with BANDS, WIDER and FULL the whole page."""
    BANDS_AGAIN = "bands_again"
    """The bands once more at another scale: a second opinion on doubtful characters."""


@dataclass(frozen=True, slots=True)
class TextReading:
    """These words were read in this region. No lines means: there was nothing that looks like text.

    `unread` counts what looks like a line of text, long enough for a name, and was read as nothing.
    """

    region: Region
    lines: tuple[Line, ...]
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """This region could not be read; `why` is a sentence for a clerk. Never the same as an empty page."""

    region: Region
    why: str


@dataclass(frozen=True, slots=True)
class PageReading:
    """All that is known of one page (numbered from 1) before anybody asks whose it is.

    `rotation` is the clockwise turn in degrees (0, 90, 180, 270) that brings the stored page upright.
    `ink` is the share of black pixels after cleanup. `damage` holds one sentence per defect of the file.
    `look` is a coarse picture of the ink (see ocr.look), used only to recognise pages that came twice.
    `sender_line` is the line a sending fax machine printed above the page: evidence for the sender only.
    """

    number: int
    width: int
    height: int
    rotation: int = 0
    skew: float = 0.0
    ink: float = 0.0
    is_blank: bool = False
    is_separator: bool = False
    damage: tuple[str, ...] = ()
    barcodes: tuple[Barcode, ...] = ()
    text: tuple[TextReading | Unreadable, ...] = ()
    sender_line: Line | None = None
    look: str = ""

    def has_tried(self, region: Region) -> bool:
        """This region was read, or found unreadable."""
        return any(part.region is region for part in self.text)
