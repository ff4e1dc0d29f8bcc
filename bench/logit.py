"""A choice among alternatives, fitted: which weights make the choices that were right likeliest, near where they stood.

A conditional logit: alternative k of a choice has the odds `base + features @ change`, and is right with the share that
its odds have among the choice's alternatives. `change` is how far each weight moves from where it stood; a normal prior
holds it at zero, and bounds hold it where somebody who knows the field would still believe it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
#: Newton's method ends after so many steps, or when no weight moves by more than this part of its prior's deviation.
MOST_STEPS, SMALLEST_STEP = 100, 1e-7
#: A step that makes things worse is halved at most so often.
MOST_HALVINGS = 40


@dataclass(frozen=True, slots=True)
class Choices:
    """All alternatives of all choices, one after the other.

    `base` (alternatives,) in natural log-odds, `features` (alternatives, weights), `is_right` (alternatives,);
    `starts` (choices,) is where each choice begins. Each has at least one right alternative.
    """

    base: Numbers
    features: Numbers
    is_right: NDArray[np.bool_]
    starts: NDArray[np.int64]

    def shares(self, odds: Numbers) -> Numbers:
        """How likely each alternative is in its choice."""
        counts = np.diff(np.append(self.starts, len(odds)))
        raised = np.exp(odds - np.repeat(np.maximum.reduceat(odds, self.starts), counts))
        return np.asarray(raised / np.repeat(np.add.reduceat(raised, self.starts), counts))

    def log_likelihood(self, change: Numbers) -> float:
        """How well the weights explain what was right, in natural logarithms."""
        shares = self.shares(self.base + self.features @ change)
        right = np.add.reduceat(np.where(self.is_right, shares, 0.0), self.starts)
        return float(np.log(np.maximum(right, 1e-300)).sum())


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of each weight's change before any choice is seen: its deviation, and its bounds."""

    deviation: Numbers
    low: Numbers
    high: Numbers


def prior_around(weights: Numbers, deviation: float) -> Prior:
    """Each weight believed to within this part of itself; it stays between half and double, so it keeps its sign."""
    half, double = -weights / 2, weights
    return Prior(np.abs(weights) * deviation, np.minimum(half, double), np.maximum(half, double))


def fit_change(choices: Choices, prior: Prior) -> Numbers:
    """How far each weight moves: the most likely change, given the choices and the prior. Newton's method in a box."""
    change = np.zeros(len(prior.deviation))
    for _ in range(MOST_STEPS):
        slope, curve = _slopes(choices, prior, change)
        stuck = ((change <= prior.low) & (slope < 0)) | ((change >= prior.high) & (slope > 0))
        step, free = np.zeros(len(change)), ~stuck
        step[free] = np.linalg.solve(curve[np.ix_(free, free)], slope[free])
        moved = _climb(choices, prior, change, step)
        ended = bool((np.abs(moved - change) <= SMALLEST_STEP * prior.deviation).all())
        change = moved
        if ended:
            break
    return change


def _slopes(choices: Choices, prior: Prior, change: Numbers) -> tuple[Numbers, Numbers]:
    """The gradient of what is maximised, and its curvature (Fisher's information, so it always climbs)."""
    features, starts = choices.features, choices.starts
    shares = choices.shares(choices.base + features @ change)
    counts = np.diff(np.append(starts, len(shares)))
    right = np.where(choices.is_right, shares, 0.0)
    right = right / np.repeat(np.maximum(np.add.reduceat(right, starts), 1e-300), counts)
    expected = np.add.reduceat(features * shares[:, None], starts, axis=0)
    slope = features.T @ (right - shares) - change / prior.deviation**2
    curve = (features * shares[:, None]).T @ features - expected.T @ expected
    return slope, curve + np.diag(1 / prior.deviation**2)


def _climb(choices: Choices, prior: Prior, change: Numbers, step: Numbers) -> Numbers:
    """The longest step that makes it no worse."""
    before = _worth(choices, prior, change)
    for _ in range(MOST_HALVINGS):
        moved = np.clip(change + step, prior.low, prior.high)
        if _worth(choices, prior, moved) >= before:
            return np.asarray(moved)
        step = step / 2
    return change


def _worth(choices: Choices, prior: Prior, change: Numbers) -> float:
    return choices.log_likelihood(change) - float(((change / prior.deviation) ** 2).sum()) / 2
