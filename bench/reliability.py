"""Whether stated probabilities come true: pages by probability, and how many of them are right."""

from collections.abc import Sequence
from dataclasses import dataclass

from worker.matching.interval import wilson
from worker.matching.refit import BOUNDS


@dataclass(frozen=True, slots=True)
class Chance:
    """A stated probability (0 to 1), and whether it came true."""

    probability: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Pages from `low` to under `high`: `stated` is their mean probability."""

    low: float
    high: float
    pages: int
    right: int
    stated: float

    @property
    def wrong(self) -> int:
        """Pages that are not the stated request's."""
        return self.pages - self.right

    @property
    def share(self) -> float:
        """The share that is right."""
        return self.right / self.pages

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of that share."""
        return wilson(self.right, self.pages)

    @property
    def is_overstated(self) -> bool:
        """Even the best that the interval allows falls short of what was stated."""
        return self.stated > self.interval[1]


def bins_of(chances: Sequence[Chance], bounds: Sequence[float] = BOUNDS) -> tuple[Bin, ...]:
    """The chances by probability; the last bin holds its upper end. Empty bins are left out."""
    found = []
    for low, high in zip(bounds, (*bounds[1:], 1.0), strict=True):
        within = [c for c in chances if low <= c.probability and (c.probability < high or high == 1.0)]
        if within:
            stated = sum(c.probability for c in within) / len(within)
            found.append(Bin(low, high, len(within), sum(c.is_right for c in within), stated))
    return tuple(found)


def expected_wrong(chances: Sequence[Chance]) -> float:
    """How many are wrong if every probability is meant as it is stated."""
    return sum(1.0 - chance.probability for chance in chances)
