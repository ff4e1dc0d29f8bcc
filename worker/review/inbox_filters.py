"""The filters of the inbox as links: each value with how many items it would let through."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from worker.domain.inbox import DAYS, Counts, Filters
from worker.domain.review import ItemState
from worker.review import words

DUE = {"overdue": "Overdue", "today": "Due today", "later": "Due later"}
WHOSE = {"mine": "Held by me", "free": "Held by nobody", "others": "Held by others"}
STATES = {ItemState.WAITING.value: "Waiting", ItemState.PARKED.value: "Parked"}
OLDER = {str(days): f"Older than {days} day{'s' if days > 1 else ''}" for days in reversed(DAYS)}
#: The filters in the order of the page: the field, its heading, and its values in words where they are not plain text.
FILTERS: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("due", "Due", DUE),
    ("line", "Line", {}),
    ("ground", "Reason", {str(ground): label for ground, (label, _) in words.GROUNDS.items()}),
    ("older", "Age", OLDER),
    ("channel", "Door", words.CHANNELS),
    ("kind", "Kind", words.KINDS),
    ("whose", "Held", WHOSE),
    ("state", "State", STATES),
)
#: Longer values of a filter are nobody's.
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: how many items it would let through, and the address that chooses it, or drops it."""

    label: str
    count: int
    is_chosen: bool
    url: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter with its values; `name` is the field's."""

    name: str
    heading: str
    choices: tuple[Choice, ...]


def filters_of(given: Mapping[str, object]) -> Filters:
    """What an address or a form asks for; what is no filter is left out."""
    texts = {name: str(given.get(name, ""))[:LONGEST] for name, _, _ in FILTERS}
    older = texts.pop("older")
    days = int(older) if older.isascii() and older.isdecimal() else 0
    return Filters(older=min(days, 1000), **texts)


def changed(filters: Filters, name: str, value: str) -> Filters:
    """The filters with another value for one; an empty one drops it."""
    return filters_of({**asdict(filters), name: value})


def address(filters: Filters, **more: object) -> str:
    """The inbox with these filters."""
    query = urlencode({name: value for name, value in {**asdict(filters), **more}.items() if value})
    return f"/inbox?{query}" if query else "/inbox"


def offered(counts: Counts, filters: Filters) -> tuple[Filter, ...]:
    """All filters that leave a choice, or in which one was made."""
    made = (_filter(name, heading, labels, counts, filters) for name, heading, labels in FILTERS)
    return tuple(each for each in made if len(each.choices) > 1 or any(choice.is_chosen for choice in each.choices))


def chosen(filters: Filters) -> tuple[Choice, ...]:
    """The values that were chosen, each with the address without it."""
    return tuple(
        Choice(_label(labels, str(value)), 0, is_chosen=True, url=address(changed(filters, name, "")))
        for name, _, labels in FILTERS
        if (value := getattr(filters, name))
    )


def _filter(name: str, heading: str, labels: Mapping[str, str], counts: Counts, filters: Filters) -> Filter:
    found = counts.values[name]
    now = str(getattr(filters, name) or "")
    known = [value for value in labels if value in found]
    others = sorted(set(found) - set(known), key=lambda value: (-found[value], value))
    missing = [now] if now and now not in found else []
    values = sorted(known, key=lambda value: -found[value]) if name == "ground" else known
    choices = []
    for value in (*values, *others, *missing):
        is_chosen = value == now
        url = address(changed(filters, name, "" if is_chosen else value))
        choices.append(Choice(_label(labels, value), found.get(value, 0), is_chosen, url))
    return Filter(name, heading, tuple(choices))


def _label(labels: Mapping[str, str], value: str) -> str:
    return labels.get(value, value)
