"""Measures how far the text lines of an upright page are tilted."""

import numpy as np

from worker.ocr.boxes import Boxes, Floats

#: Degrees: the most that is looked for, and the steps of the first and the second search.
MOST, COARSE_STEP, FINE_STEP = 8.0, 0.5, 0.05
#: Height of the bins into which the feet of the letters are counted, in inches.
COARSE_BIN_IN, FINE_BIN_IN = 0.03, 0.012
FEWEST_GLYPHS = 15
#: The best angle must gather the feet this much better than the middle one.
LEAST_GAIN = 1.08


def find_skew(letters: Boxes) -> float:
    """The clockwise tilt of the text in degrees; 0 when there are too few letters to tell."""
    if len(letters) < FEWEST_GLYPHS:
        return 0.0
    across, feet = (letters.left + letters.right) / 2, letters.bottom
    angles = np.arange(-MOST, MOST + COARSE_STEP / 2, COARSE_STEP)
    gains = [_gathered(across, feet, angle, COARSE_BIN_IN) for angle in angles]
    if max(gains) < LEAST_GAIN * float(np.median(gains)):
        return 0.0
    best = float(angles[int(np.argmax(gains))])
    angles = np.arange(best - COARSE_STEP, best + COARSE_STEP + FINE_STEP / 2, FINE_STEP)
    gains = [_gathered(across, feet, angle, FINE_BIN_IN) for angle in angles]
    return float(angles[int(np.argmax(gains))])


def _gathered(across: Floats, feet: Floats, angle: float, size: float) -> float:
    """How sharply the feet fall into rows when the page is turned back by this angle."""
    heights = feet - across * np.tan(np.radians(angle))
    bins = ((heights - heights.min()) / size).astype(np.int64)
    counts = np.bincount(bins).astype(np.float64)
    # Neighbouring bins count together, so that a row on a border is not cut in two.
    return float(np.square(counts[:-1] + counts[1:]).sum() + np.square(counts).sum()) / len(feet)
