"""Compares two coarse pictures of pages (`worker/ocr/look.py`): whether the same sheet came twice."""

from collections.abc import Sequence
from itertools import product
from math import sqrt

#: Cells in a row of a look.
COLUMNS = 32
#: Cells by which the sheet may have shifted, each way.
SHIFTS = tuple(product((-1, 0, 1), repeat=2))


def likeness(first: str, second: str) -> float:
    """How alike two looks are, from 0 (nothing in common) to 1 (the same picture).

    It is the correlation of their tones at the best shift by up to a cell. An empty look is like nothing, not even
    like another: blank pages are no evidence. Looks of different sizes are not alike.
    """
    if not first or len(first) != len(second):
        return 0.0
    here, there = _deviations(first), _deviations(second)
    scale = sqrt(_products(here, here) * _products(there, there))
    if not scale:
        return 0.0
    return max(0.0, max(_overlap(here, there, across, down) for across, down in SHIFTS) / scale)


def _deviations(look: str) -> list[float]:
    tones = [int(digit, 16) for digit in look]
    mean = sum(tones) / len(tones)
    return [tone - mean for tone in tones]


def _overlap(here: Sequence[float], there: Sequence[float], across: int, down: int) -> float:
    """The sum of products when the second picture is shifted by so many cells; cells shifted off count nothing."""
    offset = down * COLUMNS + across
    return _products(here[offset:], there) if offset >= 0 else _products(here, there[-offset:])


def _products(first: Sequence[float], second: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(first, second, strict=False))
