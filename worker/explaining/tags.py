"""Where the numbers stand that tie places on the page to reasons: beside their place, never over each other."""

from collections.abc import Iterator, Sequence

from worker.domain.reading import Box

#: Pixels by which a tag moves away from a crowded place at a time, and how often it does. Where there is room it
#: touches its place, so that nobody takes it for that of another.
FARTHER, OFTEN = 12, 40
#: Pixels between tags that stand anywhere.
GAP = 3


def tag_places(places: Sequence[Box], sizes: Sequence[tuple[int, int]], taken: Sequence[Box], page: Box) -> list[Box]:
    """A box on the page for the tag (width, height) of each place.

    Tags cover neither each other nor a place; words (`taken`) they cover only where there is no other room nearby.
    """
    tags: list[Box] = []
    for place, size in zip(places, sizes, strict=True):
        spots = [spot for spot in _spots(place, size) if _is_inside(spot, page)]
        free = [spot for spot in spots if not _covers(spot, [*tags, *places])]
        clear = [spot for spot in free[:NEAR] if not _covers(spot, taken)]
        tags.append(next(iter(clear or free or _anywhere(size, page, tags))))
    return tags


#: The first so many spots around a place are near enough that the eye finds from the one to the other.
NEAR = 20


def _spots(place: Box, size: tuple[int, int]) -> Iterator[Box]:
    """Around the place, the best first, then farther and farther away."""
    width, height = size
    for away in range(0, OFTEN * FARTHER, FARTHER):
        left, right = place.left - width - away, place.left + place.width + away
        above, below = place.top - height - away, place.top + place.height + away
        middle, end = place.top + (place.height - height) // 2, place.left + place.width - width
        for x, y in (
            (left, middle),
            (right, middle),
            (place.left, above),
            (end, above),
            (place.left, below),
            (end, below),
            (left, above),
            (right, above),
            (left, below),
            (right, below),
        ):
            yield Box(x, y, width, height)


def _anywhere(size: tuple[int, int], page: Box, tags: Sequence[Box]) -> Iterator[Box]:
    """Any spot without a tag; the corner where the page is full of them."""
    width, height = size
    for top in range(page.top, page.top + page.height - height, height + GAP):
        for left in range(page.left, page.left + page.width - width, width + GAP):
            spot = Box(left, top, width, height)
            if not _covers(spot, tags):
                yield spot
    yield Box(page.left, page.top, width, height)


def _is_inside(spot: Box, page: Box) -> bool:
    across = page.left <= spot.left and spot.left + spot.width <= page.left + page.width
    return across and page.top <= spot.top and spot.top + spot.height <= page.top + page.height


def _covers(spot: Box, others: Sequence[Box]) -> bool:
    return any(touches(spot, other) for other in others)


def touches(one: Box, other: Box) -> bool:
    """The two boxes share at least a pixel."""
    across = one.left < other.left + other.width and other.left < one.left + one.width
    return across and one.top < other.top + other.height and other.top < one.top + one.height
