"""Lines of one shape by which pages are known: the fields of a cover sheet, rows of charges, rows of results."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

K = TypeVar("K", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Rows(Generic[K]):
    """So many lines that match speak for a kind of page, by so many points; only the first `among` lines are asked."""

    kind: K
    fewest: int
    points: float
    pattern: re.Pattern[str]
    among: int | None = None


def rows(kind: K, fewest: int, points: float, pattern: str, *, among: int | None = None) -> Rows[K]:
    """Rows of a kind; their pattern begins where the line does, and does not tell capitals from small letters."""
    return Rows(kind, fewest, points, re.compile(pattern, re.IGNORECASE | re.VERBOSE), among)


def add_rows(points: dict[K, float], table: Iterable[Rows[K]], lines: Sequence[str]) -> None:
    """Add to each kind what its rows are worth on a page of these lines."""
    for each in table:
        if sum(bool(each.pattern.match(line)) for line in lines[: each.among]) >= each.fewest:
            points[each.kind] += each.points
