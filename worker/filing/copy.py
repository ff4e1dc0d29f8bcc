"""What every way of copying a page gives back: how faithful the copy is."""

import struct
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image

#: What Pillow raises on broken files, by experience.
BROKEN = (
    OSError, EOFError, SyntaxError, ValueError, KeyError, TypeError, IndexError, AttributeError,
    struct.error, OverflowError, ZeroDivisionError, MemoryError, Image.DecompressionBombError,
)  # fmt: skip


class CopyMethod(StrEnum):
    """How a page came into the PDF, best first. The manifest says it for each page."""

    COPIED = "copied"
    """The page's own data, bit for bit."""
    RECODED = "recoded without loss"
    """The same pixels in another lossless coding, e.g. G3 as G4, or what could be decoded of a damaged page."""
    RENDERED = "rendered"
    """A picture of the page: the original holds more than the PDF can."""
    MISSING = "missing"
    """A sheet that says that the page could not be copied and where the original is."""


@dataclass(frozen=True, slots=True)
class ChosenPage:
    """A page to copy. `number` counts from 1 in the original.

    `rotation` is the clockwise turn (0, 90, 180, 270) that brings it upright, seen from how a viewer shows
    the original: orientation tags of images and /Rotate of PDFs already applied.
    """

    number: int
    rotation: int = 0


@dataclass(frozen=True, slots=True)
class CopiedPage:
    """A page of the PDF that was written; pages of the PDF stand in the order in which they were chosen."""

    number: int
    method: CopyMethod


class CannotCopyError(Exception):
    """This way of copying the page failed: the next worse one is tried. Never leaves this room."""
