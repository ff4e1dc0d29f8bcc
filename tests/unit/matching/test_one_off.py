"""The texts that are one character away: all that the registry in memory would find among its ids, and no others."""

import random
from collections.abc import Iterable

import pytest

from tests.builders.drawn_registry import draw_requests, misread
from worker.matching.confusions import fold_id
from worker.matching.one_off import one_off_texts
from worker.matching.registry import IdKind, RequestTable


def letters_of(ids: Iterable[str]) -> dict[int, list[frozenset[str]]]:
    """The characters at each place, by length."""
    texts = list(ids)
    lengths = {len(text) for text in texts}
    return {
        size: [frozenset(place) for place in zip(*(t for t in texts if len(t) == size), strict=True)]
        for size in lengths
    }


@pytest.mark.parametrize("seed", range(3))
def test_they_are_the_ids_one_character_away(seed: int) -> None:
    rng = random.Random(seed)
    held = draw_requests(rng, 200)
    table, folded = RequestTable(held.values()), {fold_id(request_id): request_id for request_id in held}
    asked = [fold_id(misread(request_id, rng)) for request_id in held]

    found = {text: folded.keys() & one_off_texts(text, letters_of(folded)) for text in asked}

    near = {text: {fold_id(known) for known in table.one_off(IdKind.REQUEST, text)} for text in asked}
    assert found == near
    assert sum(map(len, near.values())) > len(held)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("17", {"27", "1", "7", "127", "217", "72"}),
        ("1", {"2", "7", "17", ""}),
        ("", {"1", "2", "7"}),
        ("123456", set()),
    ],
)
def test_only_letters_that_ids_have_at_their_places_are_put_in(text: str, near: set[str]) -> None:
    letters = letters_of(["", "1", "2", "7", "17", "27", "72", "127", "217"])

    found = one_off_texts(text, letters)

    assert found >= near
    assert all(set(each) <= set("127") and len(each) <= 3 for each in found)
    assert text not in found


def test_ids_far_longer_than_any_cost_nothing() -> None:
    assert one_off_texts("1" * 100_000, letters_of(["12345"])) == frozenset()
