"""Finds out how a page lies: text runs across or down, and stands on its feet or on its head.

Across or down: ink lies in rows where text runs across. Feet or head: letters stand on a common line and most
that differ from their neighbours differ at the top (capitals, b d f h k l t, and dots and commas at the foot),
few at the bottom (g j p q y), so neighbours' feet agree more often than their heads.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from worker.ocr.boxes import Boxes
from worker.ocr.images import Pixels
from worker.ocr.ink import find_blobs

#: Resolution of the coarse picture in which lines are found, dots per inch.
COARSE_DPI = 100.0
#: A coarse pixel with more ink than this (of 255) belongs to a word.
WORD_INK = 40
#: Standard errors that make each of the two answers 99.5 % sure. On 531 pages of two trays no answer was wrong above
#: 3.3 standing (a claim form in capitals); prose has 7 to 25.
SURE_ACROSS, SURE_STANDING = 3.3, 5.5


@dataclass(frozen=True, slots=True)
class Orientation:
    """The clockwise turn (0, 90, 180, 270) that brings the page upright, and how sure that is (0 to 1)."""

    rotation: int
    confidence: float


def find_orientation(letters: Boxes, coarse: Pixels) -> Orientation:
    """How a page lies, by its letters and the coarse picture (H, W; 255 is ink, about COARSE_DPI) of its text."""
    across = across_score(coarse)
    is_across = across >= 0
    if not is_across:
        letters, coarse = letters.turned(90), np.ascontiguousarray(np.rot90(coarse, -1))
    heads, feet = upright_votes(letters, coarse)
    standing = (heads - feet) / max(1.0, heads + feet) ** 0.5
    rotation = (0 if is_across else 90) + (0 if standing >= 0 else 180)
    return Orientation(rotation, _sureness(abs(across), SURE_ACROSS) * _sureness(abs(standing), SURE_STANDING))


def _sureness(score: float, sure: float) -> float:
    """A probability from standard errors: 0.5 for none, 0.995 at `sure`."""
    return float(1.0 / (1.0 + np.exp(-5.3 * score / sure)))


def across_score(coarse: Pixels) -> float:
    """Standard errors by which words look wider than high (above 0: text runs across) in a coarse picture (H, W)."""
    mask = (coarse > WORD_INK).view(np.uint8)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    blobs = find_blobs(np.asarray(joined, np.uint8))
    widths, heights = blobs.width.astype(float), blobs.height.astype(float)
    words = np.minimum(widths, heights) >= 4
    if not words.any():
        return 0.0
    lengths = np.clip(np.log(widths[words] / heights[words]), -2.0, 2.0)
    return float(lengths.sum() / np.sqrt(np.square(lengths).sum() + 1.0))


def upright_votes(letters: Boxes, coarse: Pixels) -> tuple[int, int]:
    """Neighbours whose heads differ while their feet agree, and the other way round.

    `coarse` is the picture (H, W) that the letters were found on, at about COARSE_DPI.
    """
    line = _lines(letters, coarse)
    order = np.lexsort((letters.left, line))
    first, second = order[:-1], order[1:]
    together = (line[first] == line[second]) & (line[first] > 0)
    gap = letters.left[second] - letters.right[first]
    tall = np.maximum(letters.tall, 1e-6)
    taller = np.maximum(tall[first], tall[second])
    heads = np.abs(letters.top[first] - letters.top[second]) / taller
    feet = np.abs(letters.bottom[first] - letters.bottom[second]) / taller
    together &= (gap < 1.2 * taller) & (gap > -0.3 * taller)
    head_differs = together & (heads > 0.17) & (feet < 0.11) & (heads > 2.0 * feet)
    foot_differs = together & (feet > 0.17) & (heads < 0.11) & (feet > 2.0 * heads)
    return int(head_differs.sum()), int(foot_differs.sum())


def _lines(letters: Boxes, coarse: Pixels) -> NDArray[np.int32]:
    """The number of the text line that each glyph stands in, 0 for none."""
    mask = (coarse > WORD_INK).view(np.uint8)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, 15), np.uint8))
    _, labels = cv2.connectedComponents(joined, connectivity=4, ltype=cv2.CV_32S)
    height, width = coarse.shape
    rows = ((letters.top + letters.bottom) / 2 * (height / letters.height)).astype(int).clip(0, height - 1)
    columns = ((letters.left + letters.right) / 2 * (width / letters.width)).astype(int).clip(0, width - 1)
    return np.asarray(labels[rows, columns], np.int32)
