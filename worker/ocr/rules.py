"""Finds the rules of frames, tables and grids on a page, so that what is left is letters.

A broken frame falls into pieces of the size of letters, and those join the lines of print beside them.
"""

import numpy as np

from worker.ocr.images import Pixels
from worker.ocr.ink import opened

#: A thin rule that was straightened is grey for stretches: it is looked for in all that is darker than this.
GREY_BELOW = 192
#: A rule is so many times as long as the letters are high, and at most so many pixels thick: a thicker bar is part of a
#: picture. Between the rows of a table upright rules are short, and as thin as no letter of that height is.
LENGTH, THICKEST = 3, 12
SHORT_LENGTH, SHORT_THICKEST = 2, 4
SHORTEST = 40
#: So many pixels in a row are looked at as one, which is ink where all of them are: a quarter of the time.
CELL = 4
#: A cell of four ones as one number.
_ALL_INK = np.uint32(0x01010101)


def find_rules(pixels: Pixels, letter_height: float) -> Pixels:
    """1 where a page (H, W; 0 is ink) with letters of this height has thin straight strokes across or down."""
    grey = (pixels < GREY_BELOW).view(np.uint8)
    long, short = (max(SHORTEST, round(times * letter_height)) // CELL - 1 for times in (LENGTH, SHORT_LENGTH))
    level = _without(opened(_cells_across(grey), long, 1), 1, THICKEST + 1)
    down = _cells_down(grey)
    upright = _without(opened(down, 1, long), THICKEST + 1, 1)
    upright |= _without(opened(down, 1, short), SHORT_THICKEST + 1, 1)
    rules = np.zeros_like(grey)
    rules[:, : CELL * level.shape[1]] = (level * _ALL_INK).view(np.uint8)
    rules[: CELL * upright.shape[0]] |= np.repeat(upright, CELL, axis=0)
    return rules


def _cells_across(grey: Pixels) -> Pixels:
    """(H, W / CELL): 1 where all pixels of a cell are."""
    whole = np.ascontiguousarray(grey[:, : grey.shape[1] // CELL * CELL])
    return np.asarray(whole.view(np.uint32) == _ALL_INK).view(np.uint8)


def _cells_down(grey: Pixels) -> Pixels:
    """(H / CELL, W): 1 where all pixels of a cell are."""
    whole = grey[: len(grey) // CELL * CELL]
    return np.asarray(whole[0::CELL] & whole[1::CELL] & whole[2::CELL] & whole[3::CELL])


def _without(strokes: Pixels, across: int, down: int) -> Pixels:
    """The strokes (H, W; 0 or 1) but for where a rectangle of this size fits in."""
    return np.asarray(strokes & ~opened(strokes, across, down), np.uint8)
