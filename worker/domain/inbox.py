"""What somebody wants to see of the inbox, and how much of it there is, counted for each value of each filter."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

#: Days of waiting by which the inbox can be filtered, the longest first.
DAYS = (7, 3, 1)


@dataclass(frozen=True, slots=True)
class Filters:
    """What is wanted; a field that is empty wants everything.

    `due` is `overdue`, `today` or `later`; `older` is days since the document came; `whose` is `mine`, `free` or
    `others`; `state` is an ItemState.
    """

    line: str = ""
    ground: str = ""
    due: str = ""
    older: int = 0
    channel: str = ""
    kind: str = ""
    whose: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """So many items that are the same in all that can be filtered.

    `days` is the longest of DAYS that they have waited, or 0.
    """

    line: str
    ground: str
    due: str
    days: int
    channel: str
    kind: str
    whose: str
    state: str
    items: int
    pages: int
    oldest: datetime


@dataclass(slots=True)
class Counts:
    """What the filters let through, and for each filter how many items each of its values would let through.

    The other filters apply to the values of one.
    """

    items: int = 0
    pages: int = 0
    overdue: int = 0
    oldest: datetime | None = None
    values: dict[str, dict[str, int]] = field(default_factory=lambda: {name: {} for name in PASSES})


Pass = Callable[[Group, Filters], bool]
PASSES: Mapping[str, Pass] = {
    "line": lambda group, filters: filters.line in ("", group.line),
    "ground": lambda group, filters: filters.ground in ("", group.ground),
    "due": lambda group, filters: filters.due in ("", group.due),
    "older": lambda group, filters: filters.older <= group.days,
    "channel": lambda group, filters: filters.channel in ("", group.channel),
    "kind": lambda group, filters: filters.kind in ("", group.kind),
    "whose": lambda group, filters: filters.whose in ("", group.whose),
    "state": lambda group, filters: filters.state in ("", group.state),
}


def count(groups: Iterable[Group], filters: Filters) -> Counts:
    """All counts in one pass: a group counts for a filter's value where all other filters let it through."""
    counts = Counts()
    for group in groups:
        stopped = [name for name, passes in PASSES.items() if not passes(group, filters)]
        if not stopped:
            _add(counts, group)
        if len(stopped) < 2:
            for name in stopped or PASSES:
                values = counts.values[name]
                for value in _values(group, name):
                    values[value] = values.get(value, 0) + group.items
    return counts


def _add(counts: Counts, group: Group) -> None:
    counts.items += group.items
    counts.pages += group.pages
    counts.overdue += group.items if group.due == "overdue" else 0
    counts.oldest = min(counts.oldest or group.oldest, group.oldest)


def _values(group: Group, name: str) -> Iterable[str]:
    """The values under which the group counts: who waited seven days waited three as well."""
    if name == "older":
        return [str(days) for days in DAYS if days <= group.days]
    return [str(getattr(group, name))]
