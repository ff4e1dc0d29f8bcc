"""Finds the places on a page that could hold a barcode, so that the costly readers see only small crops.

A symbol of bars or modules is about half ink over its whole area; lines of text, seen through a window larger than
a line, are a quarter ink at most. On 302 drawn and damaged symbols that any reader could read, none was missed;
on the pages of a mailroom tray the crops cover less than one hundredth of the page.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from worker.domain.reading import Box
from worker.ocr.squaring import reduced

Pixels = NDArray[np.uint8]

#: Pixels on a side of one cell of the coarse picture.
CELL = 4
#: Cells on a side of the window over which ink is averaged: 44 pixels, more than a line of text at 200 dpi.
WINDOW = 11
#: Share of ink in the window anywhere in a symbol, and in the symbols that stand in a run of bold print.
INK, INK_IN_PRINT = 0.27, 0.36
#: Share of ink that is too much for a symbol; at a symbol's darkest place at least; and on average.
MOST_INK, PEAK_INK, MEAN_INK = 0.85, 0.34, 0.30
#: Cells of a symbol's inner part, and cells that bridge gaps between parts of one symbol.
LEAST_CELLS, REACH = 50, 5
#: White kept around a region, in pixels: the quiet zone, and what averaging took from its edges.
MARGIN = 48
#: A dithered photograph falls into many places; this many of the largest are looked at.
MOST_REGIONS = 16
#: Share of the gradients that point one way: bars have 0.6 and more, text and matrix symbols less than 0.35.
LINEAR_ABOVE = 0.35
#: Width of a PDF417 in heights, at most.
LONGEST_MATRIX = 6
#: A matrix symbol has ink in so many rows of pixels one after the other; between lines of text there is white. And the
#: share of a row from which on it has ink.
LEAST_SIDE, ROW_INK = 40, 0.06


@dataclass(frozen=True, slots=True)
class Region:
    """A place that could hold a barcode. `box` is in page pixels and includes its surroundings.

    `tilt` is the angle in degrees, clockwise on the page and within -90 to 90, by which the row of bars is turned
    from the horizontal; it means something only where `is_linear`.
    """

    box: Box
    is_linear: bool
    tilt: float

    @property
    def is_text_line(self) -> bool:
        """Too long for a matrix symbol and without a common direction: bold print, most likely."""
        inner = sorted((self.box.width - 2 * MARGIN, self.box.height - 2 * MARGIN))
        return not self.is_linear and inner[1] > LONGEST_MATRIX * max(inner[0], 1)

    def holds(self, box: Box) -> bool:
        """The middle of the box lies in this region."""
        x, y = box.left + box.width // 2, box.top + box.height // 2
        mine = self.box
        return mine.left <= x < mine.left + mine.width and mine.top <= y < mine.top + mine.height

    def crop(self, pixels: Pixels) -> Pixels:
        """The region's pixels, as a view."""
        box = self.box
        return pixels[box.top : box.top + box.height, box.left : box.left + box.width]


def find_regions(pixels: Pixels) -> tuple[Region, ...]:
    """The places of `pixels` (H, W; grey, 0 is ink; square pixels at 150 to 300 dpi) to search for barcodes."""
    if min(pixels.shape) < CELL * WINDOW:
        return ()
    ink = _ink(pixels)
    coarse = reduced(ink, CELL, CELL)
    density = np.asarray(cv2.blur(coarse, (WINDOW, WINDOW), borderType=cv2.BORDER_REPLICATE), np.uint8)
    found = _dense_places(ink, density, INK)
    print_runs = [region for region in found if region.is_text_line]
    if print_runs:
        within = _dense_places(ink, density, INK_IN_PRINT)
        found = [region for region in found if not region.is_text_line]
        found += [fine for fine in within if not fine.is_text_line and any(run.holds(fine.box) for run in print_runs)]
    return tuple(found[:MOST_REGIONS])


def around(box: Box, shape: tuple[int, ...]) -> Region:
    """The region of a linear symbol already found on a page of this shape (H, W)."""
    left, top = max(0, box.left - MARGIN), max(0, box.top - MARGIN)
    right, bottom = min(shape[1], box.left + box.width + MARGIN), min(shape[0], box.top + box.height + MARGIN)
    return Region(Box(left, top, right - left, bottom - top), is_linear=True, tilt=0.0)


def _dense_places(ink: Pixels, density: Pixels, least: float) -> list[Region]:
    """Connected places with at least this share of ink, the largest first."""
    inner = cv2.inRange(density, (least * 255,), (MOST_INK * 255,))
    darkest = (inner > 0) & (density > PEAK_INK * 255)
    if not darkest.any():
        return []
    joined = cv2.dilate(inner, np.ones((REACH, REACH), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    found: list[tuple[int, Region]] = []
    for label in np.unique(labels[darkest]).tolist():
        left, top, width, height = (int(v) for v in stats[label, :4])
        within = np.s_[top : top + height, left : left + width]
        ours = density[within][(labels[within] == label) & (inner[within] > 0)]
        if ours.size >= LEAST_CELLS and ours.mean() > MEAN_INK * 255:
            found.append((ours.size, _region(ink, left, top, width, height)))
    found.sort(key=lambda pair: -pair[0])
    return [region for _, region in found if region.is_linear or _is_unbroken(_inner(ink, region))]


def _inner(ink: Pixels, region: Region) -> Pixels:
    """The ink of a region without what was added around it."""
    box = region.box
    return ink[box.top + MARGIN // 2 : box.top + box.height - MARGIN // 2, box.left : box.left + box.width]


def _is_unbroken(ink: Pixels) -> bool:
    """Rows of pixels with ink follow one another as in a matrix symbol, and not as in text."""
    has_ink = ink.mean(axis=1) >= ROW_INK * 255
    edges = np.flatnonzero(np.diff(np.concatenate(([0], has_ink.astype(np.int8), [0]))))
    return bool((edges[1::2] - edges[::2] >= LEAST_SIDE).any())


def _ink(pixels: Pixels) -> Pixels:
    """255 where there is ink. The threshold is the page's own, within what can be paper and print."""
    sample = np.ascontiguousarray(pixels[::CELL, ::CELL])
    threshold, _ = cv2.threshold(sample, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    _, ink = cv2.threshold(pixels, min(max(threshold, 60.0), 200.0), 255, cv2.THRESH_BINARY_INV)
    return np.asarray(ink, np.uint8)


def _region(ink: Pixels, left: int, top: int, width: int, height: int) -> Region:
    """A region from its place in cells."""
    x, y = left * CELL, top * CELL
    coherence, tilt = _direction(ink[y : y + height * CELL, x : x + width * CELL])
    x0, y0 = max(0, x - MARGIN), max(0, y - MARGIN)
    x1 = min(ink.shape[1], x + width * CELL + MARGIN)
    y1 = min(ink.shape[0], y + height * CELL + MARGIN)
    return Region(Box(x0, y0, x1 - x0, y1 - y0), coherence > LINEAR_ABOVE, tilt)


def _direction(ink: Pixels) -> tuple[float, float]:
    """How much the gradients agree (0 to 1) and the angle they agree on, by the structure tensor."""
    smooth = cv2.GaussianBlur(ink, (0, 0), 1.5)
    dx, dy = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    xx, yy, xy = float(np.mean(dx * dx)), float(np.mean(dy * dy)), float(np.mean(dx * dy))
    coherence = np.hypot(xx - yy, 2 * xy) / max(xx + yy, 1e-6)
    return float(coherence), float(np.degrees(0.5 * np.arctan2(2 * xy, xx - yy)))
