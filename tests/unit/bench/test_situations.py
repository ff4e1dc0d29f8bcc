"""Every situation tells the truth about the pages it lays down."""

import random
from functools import lru_cache

import pytest

from bench.drawing.sheet import HEIGHT, WIDTH, Picture, Words
from bench.registry import Registry, draw_registry
from bench.situations import traps
from bench.situations.catalogue import ORDINARY, TRAPS, Situation
from bench.situations.desk import Desk, Leaf

ALL = [situation for situation, _, _ in ORDINARY + TRAPS]
KINDS = {
    "letter",
    "cover_sheet",
    "medical_record",
    "misplaced",
    "itemized_bill",
    "invoice",
    "claim_form",
    "authorization",
    "appeal",
    "grievance",
    "blank",
    "separator",
}


@lru_cache
def registry() -> Registry:
    return draw_registry(21, 2500)


def lay(situation: Situation, seed: int) -> list[Leaf]:
    return situation(Desk(registry(), random.Random(f"{situation.__name__} {seed}")))


def words(leaf: Leaf) -> str:
    return " ".join(mark.text for mark in leaf.sheet.marks if isinstance(mark, Words))


@pytest.mark.parametrize("situation", ALL, ids=lambda item: item.__name__)
def test_owners_are_open_requests_of_the_registry(situation: Situation) -> None:
    open_ids = {request.request_id for request in registry().requests if request.is_open}

    leaves = [leaf for seed in range(4) for leaf in lay(situation, seed)]

    assert leaves
    assert {leaf.request_id for leaf in leaves} <= open_ids | {None}
    assert {leaf.kind for leaf in leaves} <= KINDS


@pytest.mark.parametrize("situation", ALL, ids=lambda item: item.__name__)
def test_the_same_luck_lays_the_same_pages(situation: Situation) -> None:
    first = lay(situation, 5)

    second = lay(situation, 5)

    assert [(leaf.request_id, leaf.kind, leaf.turn, words(leaf)) for leaf in first] == [
        (leaf.request_id, leaf.kind, leaf.turn, words(leaf)) for leaf in second
    ]


@pytest.mark.parametrize("situation", ALL, ids=lambda item: item.__name__)
def test_nothing_is_printed_outside_the_paper(situation: Situation) -> None:
    leaves = [leaf for seed in range(3) for leaf in lay(situation, seed)]

    for leaf in leaves:
        for mark in leaf.sheet.marks:
            if isinstance(mark, Words):
                assert mark.x > 5
                assert mark.x + mark.face.width(mark.text) < WIDTH - 5
                assert mark.y < HEIGHT - 5
            elif isinstance(mark, Picture):
                assert mark.x + mark.w < WIDTH - 5


@pytest.mark.parametrize("situation", ALL, ids=lambda item: item.__name__)
def test_named_record_pages_name_their_owner(situation: Situation) -> None:
    """A page that prints somebody's birth date and surname is that member's page, or nobody's."""
    by_id = {request.request_id: request for request in registry().requests}
    leaves = [leaf for seed in range(3) for leaf in lay(situation, seed) if leaf.kind == "medical_record"]

    owned = [leaf for leaf in leaves if leaf.request_id]

    for leaf in owned:
        person = registry().person(by_id[leaf.request_id or ""])
        others = [
            registry().people[member]
            for member in registry().kin[person.member_id]
            if registry().people[member].first != person.first
        ]
        text = words(leaf).upper()
        assert not any(f"{other.first} {other.last}".upper() in text for other in others)


def test_a_strangers_page_lies_between_the_members_own() -> None:
    leaves = lay(traps.known_stranger, 1)

    at = [leaf.kind for leaf in leaves].index("misplaced")

    assert leaves[at].request_id not in {leaf.request_id for leaf in leaves if leaf.kind == "medical_record"}
    assert 0 < at < len(leaves) - 1


def test_pages_of_a_closed_request_belong_to_nobody() -> None:
    leaves = lay(traps.sibling_of_closed, 2)

    owners = {leaf.request_id for leaf in leaves}

    assert owners == {None}


def test_a_reused_letter_is_right_for_both_requests_of_the_member() -> None:
    letter, *pages = lay(traps.reused_letter, 3)

    owners = {leaf.request_id for leaf in pages}

    assert owners == set(letter.also)
    assert letter.request_id not in owners
