"""Finds the text lines of a clean page and cuts each out as a small image for the OCR engine.

One small image a line, read with Tesseract's single-line mode, costs about 15 ms a line where a whole page
costs 0.5 to 4 s, and lets the reader choose which lines to pay for (docs/decisions/0002-lines-not-pages.md).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from worker.domain.reading import Box
from worker.ocr.images import Pixels
from worker.ocr.ink import Blobs, dilated, find_blobs, without
from worker.ocr.rules import find_rules

INK_BELOW = 128
#: Text is between these heights, in pixels at about 200 dpi: 4-point footnotes to 24-point titles.
SHORTEST_GLYPH, TALLEST_GLYPH = 7, 75
#: A connected blob wider than this is a rule, a border or a picture, not a letter or a joined word.
WIDEST_GLYPH = 320
#: A blob this many times as high as the letters, and so many times as high as wide, is a piece of an upright rule: a
#: broken frame's would join the lines beside it into one. One this many times as wide, and too low for a letter, is a
#: piece of a level one.
RULE_HEIGHT, RULE_SLIMNESS, RULE_WIDTH = 1.7, 5, 2
#: Of a frame or a table at most this share of the ink is no rule, and at most so many strokes between the rules are so
#: many times as high as the letters: print that touches it. Else it is a drawing.
MOST_BESIDE_RULES, MOST_TALL, LETTER_HEIGHT = 0.3, 2, 2.2
#: Words are joined on a picture so many times smaller.
COARSE = 2
#: Gaps between words are cut down to this many times the height of the letters.
GAP_KEPT = 1.2
#: White around a cut line, in pixels; Tesseract reads badly what touches the edge.
MARGIN = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line between two wide gaps: where it stands on the page and in the cut image."""

    box: Box
    cut_left: int


@dataclass(frozen=True, slots=True)
class TextLine:
    """One text line: its box on the page, the image to read, and how to find the way back to the page."""

    box: Box
    image: Pixels
    pieces: tuple[Piece, ...]

    def on_page(self, cut: Box) -> Box:
        """The place on the page of a box in `image`."""
        before = [piece for piece in self.pieces if piece.cut_left <= cut.left + cut.width // 2]
        piece = before[-1] if before else self.pieces[0]
        left = piece.box.left + max(0, cut.left - piece.cut_left)
        return Box(left, self.box.top + max(0, cut.top - MARGIN), cut.width, cut.height)


def find_lines(pixels: Pixels) -> tuple[TextLine, ...]:
    """The text lines of an upright, deskewed page (H, W; 0 is ink), top to bottom.

    Words that stand on one height are one line, however far apart: a label and its value stay together.
    """
    ink = (pixels < INK_BELOW).view(np.uint8)
    blobs = find_blobs(ink)
    glyphs = _glyphs(blobs)
    if not glyphs.any():
        return ()
    height = float(np.median(blobs.height[glyphs]))
    text_only = pixels
    if (_foreign(blobs) | _slim(blobs, height)).any():
        rules = find_rules(pixels, height)
        text = without(ink, blobs, _drawings(ink, blobs, rules, height)) & ~rules
        blobs = find_blobs(text)
        text_only = _without_what_is_no_text(pixels, ink | rules, without(text, blobs, _foreign(blobs)))
    words = _word_boxes(blobs, _glyphs(blobs) & ~_slim(blobs, height), height)
    return tuple(_cut(text_only, row, height) for row in _rows(words, height))


def _without_what_is_no_text(pixels: Pixels, ink: Pixels, text: Pixels) -> Pixels:
    """White where ink is no text, and on its grey edges; the soft edges of letters stay."""
    unwanted = dilated(ink & ~text, 3, 3) & ~text
    return np.asarray(pixels | (unwanted * np.uint8(255)), np.uint8)


def _foreign(blobs: Blobs) -> NDArray[np.bool_]:
    """Which blobs (N,) are larger than any letter or joined word."""
    return np.asarray((blobs.height > TALLEST_GLYPH) | (blobs.width > WIDEST_GLYPH))


def _slim(blobs: Blobs, height: float) -> NDArray[np.bool_]:
    """Which blobs (N,) are pieces of a rule beside letters of this height."""
    upright = (blobs.height > RULE_HEIGHT * height) & (blobs.height >= RULE_SLIMNESS * blobs.width)
    level = (blobs.width > RULE_WIDTH * height) & (blobs.height < SHORTEST_GLYPH)
    return np.asarray(upright | level)


def _drawings(ink: Pixels, blobs: Blobs, rules: Pixels, height: float) -> NDArray[np.bool_]:
    """Which blobs (N,) are larger than letters of this height and no frame, so that nothing of them is print."""
    found = _foreign(blobs)
    large = ink - without(ink, blobs, found)
    for k in np.flatnonzero(found):
        across = slice(blobs.left[k], blobs.left[k] + blobs.width[k])
        down = slice(blobs.top[k], blobs.top[k] + blobs.height[k])
        found[k] = _is_drawing(large[down, across], rules[down, across], height)
    return found


def _is_drawing(its: Pixels, rules: Pixels, height: float) -> bool:
    """Too much of it is no rule, or what is left between the rules is too tall for letters that touch them."""
    rest = np.asarray(its & ~rules, np.uint8)
    if cv2.countNonZero(rest) > MOST_BESIDE_RULES * cv2.countNonZero(its):
        return True
    parts = find_blobs(rest)
    tall = (parts.height > LETTER_HEIGHT * height) & ~_slim(parts, height)
    return int(tall.sum()) > MOST_TALL


def _glyphs(blobs: Blobs) -> NDArray[np.bool_]:
    """Which blobs (N,) have the size and shape of letters, or of a few that touch."""
    is_text = (blobs.height >= SHORTEST_GLYPH) & (blobs.height <= TALLEST_GLYPH)
    is_text &= (blobs.width <= WIDEST_GLYPH) & (blobs.width <= 12 * blobs.height)
    return np.asarray(is_text)


def _word_boxes(blobs: Blobs, glyphs: NDArray[np.bool_], height: float) -> list[Box]:
    """Glyphs joined sideways into words or whole stretches of a line, on a coarse picture of their boxes."""
    coarse = np.zeros((blobs.shape[0] // COARSE + 1, blobs.shape[1] // COARSE + 1), np.uint8)
    corners = np.stack([blobs.left, blobs.top, blobs.left + blobs.width - 1, blobs.top + blobs.height - 1], axis=1)
    for left, top, right, bottom in (corners[glyphs] // COARSE).tolist():
        coarse[top : bottom + 1, left : right + 1] = 1
    reach = max(3, int(height * 1.2 / COARSE)) | 1
    joined = cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    stretches = find_blobs(np.asarray(joined, np.uint8))
    sides = (stretches.left, stretches.top, stretches.width, stretches.height)
    boxes = [Box(*(int(value) * COARSE for value in box)) for box in zip(*sides, strict=True)]
    return [b for b in boxes if b.height >= 0.45 * height and b.width >= 0.35 * height]


def _rows(boxes: list[Box], height: float) -> list[list[Box]]:
    """Groups boxes that stand on the same height, top to bottom, each left to right."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda b: b.top + b.height / 2):
        middle = box.top + box.height / 2
        if rows and _middle(rows[-1]) + 0.55 * height > middle:
            rows[-1].append(box)
        else:
            rows.append([box])
    wide_enough = [row for row in rows if sum(b.width for b in row) >= 1.5 * height]
    return [sorted(row, key=lambda b: b.left) for row in wide_enough]


def _middle(row: list[Box]) -> float:
    weight = sum(b.width for b in row)
    return sum((b.top + b.height / 2) * b.width for b in row) / weight


def _cut(pixels: Pixels, row: list[Box], height: float) -> TextLine:
    """The row as one image with wide gaps shortened, so that the engine reads text and not white."""
    pad = int(height * 0.35)
    top = max(0, min(b.top for b in row) - pad)
    bottom = min(pixels.shape[0], max(b.top + b.height for b in row) + pad)
    stretches = _stretches(row, height, pixels.shape[1])
    gap = int(height * GAP_KEPT)
    wide = sum(right - left for left, right in stretches) + gap * (len(stretches) - 1)
    image: Pixels = np.full((bottom - top + 2 * MARGIN, wide + 2 * MARGIN), 255, np.uint8)
    pieces: list[Piece] = []
    at = MARGIN
    for left, right in stretches:
        pieces.append(Piece(Box(left, top, right - left, bottom - top), at))
        image[MARGIN : MARGIN + bottom - top, at : at + right - left] = pixels[top:bottom, left:right]
        at += right - left + gap
    whole = Box(stretches[0][0], top, stretches[-1][1] - stretches[0][0], bottom - top)
    return TextLine(whole, image, tuple(pieces))


def _stretches(row: list[Box], height: float, page_width: int) -> list[tuple[int, int]]:
    """Left and right ends of what is nearer together than a wide gap."""
    slack = max(2, int(height * 0.4))
    stretches: list[tuple[int, int]] = []
    for box in row:
        left, right = max(0, box.left - slack), min(page_width, box.left + box.width + slack)
        if stretches and left - stretches[-1][1] < GAP_KEPT * height:
            stretches[-1] = (stretches[-1][0], max(right, stretches[-1][1]))
        else:
            stretches.append((left, right))
    return stretches
