"""Makes one list of what several readers and several cleanings of the same place read."""

from collections import Counter
from collections.abc import Iterable, Sequence

from worker.domain.reading import Barcode, Box

#: Symbologies whose readers would notice most wrong characters: they have check characters or error correction.
CHECKED = frozenset({"Code128", "QRCode", "DataMatrix", "PDF417"})


def merge(readings: Iterable[Barcode]) -> tuple[Barcode, ...]:
    """Each symbol once, in reading order (top to bottom, left to right).

    Where readings of one place differ, the payload read most often stands; a tie is no reading at all, since a
    wrong payload is worse than none. Code 39 has no check character, and a bar lost makes one digit of another: it
    must be read the same twice, from images cleaned in different ways, and never otherwise.
    """
    groups: list[list[Barcode]] = []
    for reading in readings:
        group = next((g for g in groups if _share_place(g[0].box, reading.box)), None)
        if group is None:
            groups.append([reading])
        else:
            group.append(reading)
    agreed = [found for group in groups if (found := _agreed(group)) is not None]
    return tuple(sorted(agreed, key=lambda b: (b.box.top, b.box.left)))


def is_settled(readings: Sequence[Barcode]) -> bool:
    """These readings of one place say all that more readings of it could."""
    unchecked = Counter(b.payload for b in readings if b.symbology not in CHECKED)
    return any(b.symbology in CHECKED for b in readings) or any(votes > 1 for votes in unchecked.values())


def _agreed(group: list[Barcode]) -> Barcode | None:
    votes = Counter(b.payload for b in group).most_common(2)
    found = next(b for b in group if b.payload == votes[0][0])
    if found.symbology not in CHECKED:
        return found if len(votes) == 1 and len(group) > 1 else None
    return None if len(votes) == 2 and votes[0][1] == votes[1][1] else found


def _share_place(one: Box, other: Box) -> bool:
    """Half of the smaller box lies on the other: readers report all rows of a symbol, or only some."""
    wide = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    high = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    if wide <= 0 or high <= 0:
        return False
    return wide * high >= 0.5 * min(one.width * one.height, other.width * other.height)


def moved(barcode: Barcode, by: Box) -> Barcode:
    """The barcode of a crop on the page: `by` is the crop's place there."""
    box = barcode.box
    place = Box(box.left + by.left, box.top + by.top, box.width, box.height)
    return Barcode(barcode.payload, barcode.symbology, place, barcode.reader)
