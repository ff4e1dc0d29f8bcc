"""Separates ink from paper: evens out the light of grey scans, and finds the connected blobs of ink."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from worker.ocr.images import PageImage, Pixels

#: (N,) values of one property of each blob.
Column = NDArray[np.int32]

#: Side of the squares over which the paper's own tone is taken, in pixels of the stored image.
PAPER_CELL = 16
#: Ink is darker than this after the paper has been evened out to 255.
INK_BELOW = 190
#: Paper darker than this is a shadow or a black border and is not brightened any further.
DARKEST_PAPER = 90


@dataclass(frozen=True, slots=True, eq=False)
class Blobs:
    """Connected pieces of ink: where they stand, in pixels, and how many pixels they have."""

    left: Column
    top: Column
    width: Column
    height: Column
    area: Column
    #: (H, W) number of the blob at each pixel, from 1; 0 is paper. Blob k has index k - 1 in the columns.
    labels: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.area)


def flatten(image: PageImage) -> Pixels:
    """The page (H, W) with its paper evened out to white; bitonal pages are returned as they are."""
    if image.is_bitonal:
        return image.pixels
    height, width = image.pixels.shape
    cells = (max(1, width // PAPER_CELL), max(1, height // PAPER_CELL))
    coarse = cv2.resize(image.pixels, cells, interpolation=cv2.INTER_AREA)
    # The brightest cells around are paper, whatever is printed on it.
    paper = cv2.dilate(coarse, np.ones((5, 5), np.uint8))
    paper = cv2.GaussianBlur(paper, (0, 0), 2.0)
    paper = np.maximum(paper, DARKEST_PAPER).astype(np.uint8)
    even = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(image.pixels, even, scale=255.0), np.uint8)


def find_ink(flat: Pixels) -> Pixels:
    """1 where there is ink, 0 on paper, for a flattened page (H, W)."""
    return np.asarray((flat < INK_BELOW).view(np.uint8))


def find_blobs(ink: Pixels) -> Blobs:
    """The connected pieces of an ink mask (H, W; 0 or 1), diagonal neighbours connected."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_32S)
    columns = np.ascontiguousarray(stats[1:].T.astype(np.int32))
    return Blobs(columns[0], columns[1], columns[2], columns[3], columns[4], np.asarray(labels, np.int32))


def without(ink: Pixels, blobs: Blobs, unwanted: NDArray[np.bool_]) -> Pixels:
    """The ink mask without the blobs that are marked (N,). Touches only their own boxes."""
    kept = ink.copy()
    for k in np.flatnonzero(unwanted):
        rows = slice(int(blobs.top[k]), int(blobs.top[k] + blobs.height[k]))
        columns = slice(int(blobs.left[k]), int(blobs.left[k] + blobs.width[k]))
        kept[rows, columns][blobs.labels[rows, columns] == k + 1] = 0
    return kept
