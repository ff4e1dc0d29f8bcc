"""Where on a page something stands: each place once, by however many readings it was seen."""

from collections.abc import Iterable
from typing import Protocol

from worker.domain.reading import Box

#: A box that shares at least this part of the smaller of two is the same place, read once more.
SAME_PLACE = 0.5
#: So many places of one thing are shown: a bill has the same date on every line.
MOST_PLACES = 6


class Placed(Protocol):
    """Anything that stands somewhere on the page."""

    @property
    def box(self) -> Box:
        """Where."""


def places_of(seen: Iterable[Placed]) -> tuple[Box, ...]:
    """The boxes of what was seen, in its order, each place once and at most MOST_PLACES of them."""
    places: list[Box] = []
    for box in (sighting.box for sighting in seen):
        if not any(is_same_place(box, place) for place in places):
            places.append(box)
    return tuple(places[:MOST_PLACES])


def is_same_place(one: Box, other: Box) -> bool:
    """The two boxes lie over each other."""
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    smaller = min(one.width * one.height, other.width * other.height)
    return across > 0 and down > 0 and across * down >= SAME_PLACE * smaller
