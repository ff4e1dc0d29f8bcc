"""From a page as stored to a page as a person would hold it: square pixels, upright, straight, clean."""

from dataclasses import dataclass

import cv2
import numpy as np

from worker.ocr.blank import is_blank
from worker.ocr.borders import find_borders
from worker.ocr.boxes import Boxes, boxes_of
from worker.ocr.images import PageImage, Pixels
from worker.ocr.ink import dilated, find_blobs, find_ink, flatten, without
from worker.ocr.look import look
from worker.ocr.orientation import COARSE_DPI, Orientation, find_orientation
from worker.ocr.sender_line import find_sender_rows
from worker.ocr.skew import find_skew
from worker.ocr.specks import remove_specks
from worker.ocr.squaring import reduced, soften, square, square_dpi, straighten, turn
from worker.ocr.streaks import remove_streaks

#: Degrees below which turning would blur more than it straightens.
LEAST_SKEW = 0.3
#: The coarse picture may have so much more or fewer dots per inch than COARSE_DPI.
NEARLY_COARSE = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class CleanPage:
    """A page ready for reading.

    `pixels` is (H, W) uint8, 0 ink to 255 paper, at `dpi` dots per inch both ways. `rotation` is the clockwise
    turn (0, 90, 180, 270) that was made, `rotation_confidence` (0 to 1) how sure it is: below 0.99 the reader
    should try the page on its head as well. `skew` is the clockwise tilt in degrees that was straightened.
    `ink` is the share of black pixels. `sender_strip` is the sending fax machine's line, upright, cut out of
    the page; None when there is none. `look` is empty for a blank page. `steps` names what was done, in order.
    """

    pixels: Pixels
    dpi: float
    rotation: int
    rotation_confidence: float
    skew: float
    ink: float
    is_blank: bool
    sender_strip: Pixels | None
    look: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Sheet:
    """The stored page taken apart: what is ink, what was dirt, where the blobs are."""

    flat: Pixels
    ink: Pixels
    boxes: Boxes
    coarse: Pixels
    sender_rows: int
    steps: tuple[str, ...]


def clean(image: PageImage) -> CleanPage:
    """Cleans one page, each step only where it helps."""
    sheet = _take_apart(image)
    blank = is_blank(sheet.boxes) and not _is_dark(image)
    letters = sheet.boxes.letters()
    found = Orientation(0, 1.0) if blank else find_orientation(letters, sheet.coarse)
    skew = 0.0 if blank else find_skew(letters.turned(found.rotation))
    skew = skew if abs(skew) >= LEAST_SKEW else 0.0
    squared = square(_painted(sheet), image.dpi)
    pixels = turn(soften(squared) if image.is_bitonal else squared, found.rotation)
    pixels = straighten(pixels, skew) if skew else pixels
    strip = square(sheet.flat[: sheet.sender_rows], image.dpi) if sheet.sender_rows else None
    return CleanPage(
        pixels=pixels,
        dpi=square_dpi(image.dpi),
        rotation=found.rotation,
        rotation_confidence=found.confidence,
        skew=skew,
        ink=float(sheet.ink.mean()),
        is_blank=blank,
        sender_strip=strip,
        look="" if blank else look(pixels, square_dpi(image.dpi)),
        steps=sheet.steps + _turning_steps(found.rotation, skew),
    )


def _is_dark(image: PageImage) -> bool:
    """More black than paper: a sheet fed wrong, a dead lamp, broken data. What it held was lost, so it is not blank."""
    return float(image.pixels.mean()) < 128


def _turning_steps(rotation: int, skew: float) -> tuple[str, ...]:
    turned = (f"turned by {rotation} degrees",) if rotation else ()
    return (*turned, "straightened") if skew else turned


def _take_apart(image: PageImage) -> _Sheet:
    flat = flatten(image)
    ink = find_ink(flat)
    steps = [] if image.is_bitonal else ["paper evened out"]
    rows = find_sender_rows(image, ink)
    if rows:
        ink[:rows] = 0
        steps.append("sender's line cut out")
    for name, remove in (("specks removed", remove_specks), ("streaks removed", remove_streaks)):
        before = ink
        ink = remove(ink, image.dpi)
        steps += [name] if ink is not before else []
    blobs = find_blobs(ink)
    boxes = boxes_of(blobs, image.dpi)
    borders = find_borders(boxes)
    if borders.any():
        ink = without(ink, blobs, borders)
        steps.append("borders removed")
    letters_only = without(ink, blobs, boxes.beyond_letters() & ~borders)
    return _Sheet(flat, ink, boxes.those(~borders), _coarse(letters_only, boxes), rows, tuple(steps))


def _coarse(ink: Pixels, boxes: Boxes) -> Pixels:
    """The ink (H, W; 0 or 1) as tones (255 is all ink) with square pixels at about COARSE_DPI."""
    size = (max(1, round(boxes.width * COARSE_DPI)), max(1, round(boxes.height * COARSE_DPI)))
    across, down = (max(1, round(whole / part)) for whole, part in zip(ink.shape[::-1], size, strict=True))
    whole = reduced(ink * np.uint8(255), across, down)
    # A fax has 102 by 98 dots per inch now, which is near enough and costs a fifth.
    if all(abs(is_now / wanted - 1) < NEARLY_COARSE for is_now, wanted in zip(whole.shape[::-1], size, strict=True)):
        return whole
    return np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), np.uint8)


def _painted(sheet: _Sheet) -> Pixels:
    """The page with white wherever there is no ink nearby; the soft edges of letters are kept."""
    near = dilated(sheet.ink, 3, 3)
    return np.asarray(cv2.bitwise_or(sheet.flat, near - np.uint8(1)), np.uint8)
