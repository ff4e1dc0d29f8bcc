"""The texts that are one character away from an id as it was read: an index of whole ids is asked for each."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from worker.matching.registry import left_out_once

#: The characters that ids have at each place, by the length of the id.
Letters = Mapping[int, Sequence[frozenset[str]]]


def one_off_texts(folded: str, letters: Letters) -> frozenset[str]:
    """All texts of these letters that `Registry.one_off` takes for one character away, but not the text itself."""
    size = len(folded)
    found = set(_with_one_more(folded, letters.get(size + 1, ())))
    for gap in left_out_once(folded):
        found.update(_with_one_more(gap, letters.get(size, ())))
        if _fits(gap, letters.get(size - 1, ())):
            found.add(gap)
    return frozenset(found - {folded})


def _fits(text: str, places: Sequence[frozenset[str]]) -> bool:
    return len(text) == len(places) and all(ch in place for ch, place in zip(text, places, strict=True))


def _with_one_more(text: str, places: Sequence[frozenset[str]]) -> Iterator[str]:
    """The text with one character added anywhere, where all characters can stand where they then do."""
    if len(places) != len(text) + 1:
        return
    before = [True, *accumulate((ch in place for ch, place in zip(text, places, strict=False)), _and)]
    behind = [True, *accumulate((ch in place for ch, place in zip(text[::-1], places[::-1], strict=False)), _and)]
    for at, place in enumerate(places):
        if before[at] and behind[len(text) - at]:
            head, tail = text[:at], text[at:]
            yield from (f"{head}{letter}{tail}" for letter in place)


def _and(one: bool, other: bool) -> bool:
    return one and other
