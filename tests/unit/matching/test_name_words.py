"""Words of names: how they are kept, and which misspelt ones still find them."""

import pytest

from tests.builders.requests import JANET, given
from worker.matching.name_words import NameKind, is_near, keys_of, name_of, words_of
from worker.matching.near_ids import near_ids


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ("Brown", {"brown"}),
        ("Brown Jr", {"brown"}),
        ("O'Brien", {"obrien"}),
        ("De La Cruz", {"de", "la", "cruz", "dela", "lacruz", "delacruz"}),
        ("Smith-Jones", {"smith", "jones", "smithjones"}),
        ("Núñez", {"nunez"}),
        ("St John", {"st", "john", "saint", "stjohn"}),
    ],
)
def test_a_surname_is_found_by_its_parts_and_as_a_whole(last: str, words: set[str]) -> None:
    request = given(JANET, member_last_name=last)

    kept = words_of(name_of(request, NameKind.LAST))

    assert set(kept) == words


def test_a_provider_is_found_by_words_and_number() -> None:
    request = given(JANET, provider_name="St. Mary's Medical Center", provider_npi="1252914290")

    kept = words_of(name_of(request, NameKind.PROVIDER))

    assert {"st", "saint", "marys", "medical", "center", "ctr", "1252914290"} <= set(kept)


@pytest.mark.parametrize(
    ("typed", "true"),
    [
        ("browne", "brown"),
        ("jannet", "janet"),
        ("jnaet", "janet"),
        ("kym", "kim"),
        ("catharine", "katherine"),
        ("stephen", "steven"),
        ("philips", "fillips"),
        ("mayer", "meyer"),
        ("schmidt", "schmitt"),
        ("gonzales", "gonzalez"),
        ("nakamra", "nakamura"),
    ],
)
def test_a_misspelt_word_shares_a_key_with_the_right_one(typed: str, true: str) -> None:
    shared = set(keys_of(typed)) & set(keys_of(true))

    assert shared
    assert is_near(typed, true)


@pytest.mark.parametrize(("typed", "other"), [("brown", "green"), ("joan", "janet"), ("li", "lu"), ("kim", "tom")])
def test_another_word_is_not_near(typed: str, other: str) -> None:
    assert not is_near(typed, other)


@pytest.mark.parametrize("typed", ["H7822742", "H782274255", "H78227452", "H78227429", "8H7822742", "X78227425"])
def test_an_id_is_among_those_one_mistake_away(typed: str) -> None:
    true = "H78227425"

    found = {near for variants in near_ids(typed) for near in variants}

    assert any(true.startswith(near) or near.startswith(true) for near in found) or typed == "8H7822742"


def test_an_endless_id_has_none() -> None:
    assert near_ids("1" * 10_000) == ()
