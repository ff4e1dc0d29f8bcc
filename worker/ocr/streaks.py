"""Removes streaks that dirt on a scanner's glass draws down the page, and keeps the print that they cross."""

import cv2
import numpy as np
from numpy.typing import NDArray

from worker.ocr.images import Pixels
from worker.ocr.ink import dilated, opened

#: A streak is one to so many inches wide and runs over at least this share of the page.
WIDEST_IN = 0.03
LEAST_SHARE = 0.3
#: Inches of unbroken ink from which on a column is suspected.
LEAST_RUN_IN = 0.6
#: Ink may stick out of a streak sideways by so many pixels before it is print that crosses it.
FRAY = 1


def remove_streaks(ink: Pixels, dpi: tuple[float, float]) -> Pixels:
    """The ink mask (H, W; 0 or 1) without vertical streaks; the same array when there are none."""
    run = max(9, round(LEAST_RUN_IN * dpi[1]))
    columns = np.asarray(cv2.reduce(ink, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S))[0]
    suspects = columns > 0.5 * LEAST_SHARE * len(ink)
    if not suspects.any():
        return ink
    reach = round(WIDEST_IN * dpi[0]) + FRAY + 2
    cleaned = ink.copy()
    for left, right in _runs(np.convolve(suspects, np.ones(2 * reach + 1), "same") > 0):
        strip = ink[:, left:right]
        cleaned[:, left:right] = _without_streak(strip, run, dpi)
    return cleaned


def _without_streak(strip: Pixels, run: int, dpi: tuple[float, float]) -> Pixels:
    widest = max(2, round(WIDEST_IN * dpi[0]))
    tall = opened(strip, 1, run)
    if int(tall.any(axis=1).sum()) < LEAST_SHARE * len(strip):
        return strip
    # Thick bars (barcodes, borders) are no streaks.
    thick = opened(tall, widest + 1, 1)
    thin = tall & ~dilated(thick, 5, 1)
    # Where print crosses, the ink goes on to the side: there the streak stays and the letter is whole.
    around = dilated(thin, 2 * FRAY + 1, 1)
    beside = strip & ~around
    crossed = dilated(beside, 3, 1) & around & strip
    crossed = dilated(crossed, 2 * widest + 1, 1)
    return np.asarray(strip & ~(around & ~crossed), np.uint8)


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Starts and ends of the stretches of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
