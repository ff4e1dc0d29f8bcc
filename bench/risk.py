"""Misfile risk against touchless rate, as the bound on the probability moves.

Only the bound moves: a page that something contradicts, or whose likeliest request is closed, is not filed at any
bound. What the policy asks for beside (the page itself says enough, or may follow its neighbours) is left out, so the
curve shows what the probability alone would do; the run itself is a point that ought to lie below it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from bench.ends import MISFILED, RIGHT, end_of
from bench.stated import Stated
from worker.matching.interval import wilson
from worker.matching.judgment import Ground

#: Grounds of pages that nothing contradicts: those filed, and those left to a person for want of certainty.
MAY_BE_FILED = frozenset(
    {
        Ground.NAMED,
        Ground.FOLLOWS,
        Ground.UNSURE,
        Ground.SEVERAL_FIT,
        Ground.NOTHING_NAMED,
        Ground.UNREADABLE,
    }
)
#: Pages that came twice are set aside whatever the bound is: they count neither for nor against.
_NOT_ASKED = frozenset({Ground.REPEATED})


@dataclass(frozen=True, slots=True)
class Point:
    """What would be filed at a bound: `owned` are the pages that an open request waits for."""

    bound: float
    filed: int
    wrong: int
    owned: int

    @property
    def touchless(self) -> float:
        """The share of owned pages that are filed right."""
        return (self.filed - self.wrong) / self.owned if self.owned else 0.0

    @property
    def risk(self) -> float:
        """The share of filed pages that are filed wrong."""
        return self.wrong / self.filed if self.filed else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the risk."""
        return wilson(self.wrong, self.filed)


def asked(pages: Iterable[Stated]) -> list[Stated]:
    """The pages of which it is asked whether to file them: no blank ones, none that came before."""
    return [page for page in pages if page.truth.kind != "blank" and page.ground not in _NOT_ASKED]


def curve(pages: Sequence[Stated]) -> tuple[Point, ...]:
    """A point for each bound at which something changes, the highest first."""
    all_asked = asked(pages)
    owned = sum(page.truth.request_id is not None for page in all_asked)
    able = [page for page in all_asked if page.ground in MAY_BE_FILED and page.best is not None and page.is_open]
    points, filed, wrong = [], 0, 0
    for bound, group in groupby(sorted(able, key=_probability, reverse=True), key=_probability):
        met = list(group)
        filed, wrong = filed + len(met), wrong + sum(not page.is_right for page in met)
        points.append(Point(bound, filed, wrong, owned))
    return tuple(points)


def _probability(page: Stated) -> float:
    return page.probability


def as_run(pages: Sequence[Stated]) -> Point:
    """The run as it was: whatever its bound, the policy asked for more beside."""
    all_asked = asked(pages)
    ends = [end_of(page.truth, page.row) for page in all_asked]
    owned = sum(page.truth.request_id is not None for page in all_asked)
    return Point(0.0, ends.count(RIGHT) + ends.count(MISFILED), ends.count(MISFILED), owned)


def at_bounds(points: Sequence[Point], bounds: Sequence[float]) -> tuple[Point, ...]:
    """What would be filed at each of these bounds, highest first; nothing where no page is as sure as that."""
    found = []
    for bound in sorted(bounds, reverse=True):
        met = [point for point in points if point.bound >= bound]
        owned = points[0].owned if points else 0
        last = met[-1] if met else Point(bound, 0, 0, owned)
        found.append(Point(bound, last.filed, last.wrong, last.owned))
    return tuple(found)
