"""Fitting the calibration anew from what people said of pages, and showing what that changes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from worker.matching.calibration import Calibration, log_odds, logistic

#: So many cases at least, or chance would be fitted.
LEAST_CASES = 100
#: How far slope and offset stray from "as it is" before the cases say so: standard deviations of a normal prior.
SLOPE_STRAYS, OFFSET_STRAYS = 0.25, 1.0
#: Where the slope would reach zero, a surer page would not be likelier right: the fit stops before.
LEAST_SLOPE = 0.05
#: Newton's method ends after so many steps, or when the step is this small.
MOST_STEPS, SMALLEST_STEP = 100, 1e-9
#: The lower bounds of the table's rows.
BOUNDS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A page of which a person said whether the machine's likeliest request is right.

    `probability` is the sequence's, before any calibration. `weight` is how many pages it stands for: one where every
    page is looked at, 1 / share where a share of them is.
    """

    probability: float
    is_right: bool
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """Cases from `low` to `high`, what share of them was right (weighted), and what they are worth now and then."""

    low: float
    high: float
    cases: int
    right: int
    share: float
    now: float
    after: float


def fit(cases: Sequence[Labelled]) -> Calibration:
    """The calibration that explains the cases best, drawn towards the identity where they are few.

    Weights are scaled to the number of cases that they are worth (Kish), so that a sample of few pages does not speak
    with the certainty of all that it stands for. It may be laxer than the sequence: what is done with that is for
    others to decide.
    """
    points = [(log_odds(case.probability), float(case.is_right), case.weight) for case in cases]
    total, squares = sum(w for _, _, w in points), sum(w * w for _, _, w in points)
    scaled = [(x, y, w * total / squares) for x, y, w in points] if points else []
    slope, offset = 1.0, 0.0
    for _ in range(MOST_STEPS):
        step = _step(scaled, slope, offset)
        slope, offset = max(LEAST_SLOPE, slope + step[0]), offset + step[1]
        if max(map(abs, step)) < SMALLEST_STEP:
            break
    return Calibration(round(slope, 4), round(offset, 4), is_laxer=True)


def _step(points: Sequence[tuple[float, float, float]], slope: float, offset: float) -> tuple[float, float]:
    """One step of Newton's method on the log-likelihood with its prior, kept short: it climbs from anywhere."""
    of_slope, of_offset = 1 / SLOPE_STRAYS**2, 1 / OFFSET_STRAYS**2
    down_slope, down_offset = (1.0 - slope) * of_slope, -offset * of_offset
    curve_slope, curve_both, curve_offset = of_slope, 0.0, of_offset
    for x, y, weight in points:
        expected = logistic(slope * x + offset)
        miss, spread = weight * (y - expected), weight * expected * (1 - expected)
        down_slope, down_offset = down_slope + miss * x, down_offset + miss
        curve_slope, curve_both, curve_offset = (
            curve_slope + spread * x * x,
            curve_both + spread * x,
            curve_offset + spread,
        )
    area = curve_slope * curve_offset - curve_both * curve_both
    change = (
        (curve_offset * down_slope - curve_both * down_offset) / area,
        (curve_slope * down_offset - curve_both * down_slope) / area,
    )
    length = math.hypot(*change)
    return change if length <= 1 else (change[0] / length, change[1] / length)


def table(cases: Sequence[Labelled], now: Calibration, after: Calibration) -> tuple[Row, ...]:
    """The cases by probability: how many were right, and what they are worth now and afterwards. Empty rows are left
    out.
    """
    rows = []
    for low, high in zip(BOUNDS, (*BOUNDS[1:], 1.0), strict=True):
        within = [c for c in cases if low <= c.probability and (c.probability < high or high == 1.0)]
        if within:
            total = sum(c.weight for c in within)
            share = sum(c.weight for c in within if c.is_right) / total
            means = [sum(c.weight * by.apply(c.probability) for c in within) / total for by in (now, after)]
            rows.append(Row(low, high, len(within), sum(c.is_right for c in within), share, means[0], means[1]))
    return tuple(rows)
