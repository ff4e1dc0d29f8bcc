"""What wears a page leaves as much of it as the level says."""

import random

import numpy as np
import pytest

from bench.drawing import wear
from bench.drawing.sheet import Bits
from bench.drawing.wear import LEVELS


def blank() -> Bits:
    return np.full((1100, 850), 255, np.uint8)


@pytest.mark.parametrize(
    ("level", "low", "high"), [("clean", 0, 0.0005), ("typical", 0.0005, 0.006), ("poor", 0.002, 0.016)]
)
def test_specks_are_as_many_as_the_level_says(level: str, low: float, high: float) -> None:
    rng = random.Random(3)

    ink = [(wear.sprinkle(blank(), LEVELS[level], rng) == 0).mean() for _ in range(5)]

    assert low <= float(np.mean(ink)) <= high


def test_a_burst_loses_or_repeats_rows() -> None:
    page = np.repeat(np.arange(1100, dtype=np.uint8)[:, None], 10, axis=1)

    heights = {wear.lose_rows(page, LEVELS["poor"], random.Random(seed)).shape[0] for seed in range(30)}

    assert min(heights) < 1097
    assert max(heights) <= 1100


def test_skew_is_bounded_by_the_level() -> None:
    page = blank()
    page[500:504, 100:750] = 0

    laid = wear.lay_on_glass(page, LEVELS["poor"], random.Random(8))

    rows = np.flatnonzero((laid < 128).any(axis=1))
    assert 4 <= rows.max() - rows.min() <= 650 * np.tan(np.radians(2.5)) + 6


def test_the_same_luck_wears_the_same() -> None:
    page = blank()
    page[100:200, 100:700] = 0

    one, two = (wear.add_grain(page, LEVELS["typical"], random.Random(2)) for _ in range(2))

    assert np.array_equal(one, two)
    assert one.std() > 3


def test_a_call_that_ends_early_leaves_the_top_of_the_page() -> None:
    page = np.repeat(np.arange(200, dtype=np.uint8)[:, None], 10, axis=1)

    rest = wear.cut_off(page, random.Random(1))

    assert 70 <= rest.shape[0] <= 180
    assert np.array_equal(rest, page[: rest.shape[0]])
