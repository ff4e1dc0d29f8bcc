"""The chain over pages: probabilities add up, and what stands between pages decides where runs end."""

import pytest

from tests.builders.readings import reading
from tests.builders.requests import JANET, OMAR
from worker.domain.decision import DocumentType
from worker.matching.candidates import weigh
from worker.matching.look_over import look_over
from worker.matching.policy import Policy
from worker.matching.registry import RequestTable
from worker.matching.sequence import NOBODY, Owner, owners
from worker.matching.sightings import Counter, PageSightings

REGISTRY = RequestTable([JANET, OMAR])


def named(number: int, name: str, born: str, *more: str) -> PageSightings:
    return look_over(reading(number, f"Patient: {name} DOB: {born}", *more), REGISTRY)


def bare(
    number: int, kind: DocumentType = DocumentType.MEDICAL_RECORD, counter: Counter | None = None
) -> PageSightings:
    return PageSightings(number, kind, 0.9, counter=counter)


def found(*pages: PageSightings) -> tuple[Owner, ...]:
    return owners(pages, weigh(pages, REGISTRY, Policy()))


JANETS = ("Janet Brown", "03/04/1951", "DOS: 08/23/2025")
OMARS = ("Omar Nakamura", "01/29/1936", "DOS: 10/18/2025")


def test_probabilities_of_each_page_sum_to_one() -> None:
    chain = found(named(1, *JANETS), bare(2), named(3, *OMARS), bare(4))

    assert [sum(owner.probabilities.values()) for owner in chain] == pytest.approx([1.0] * 4)


def test_a_page_between_two_of_one_request_is_surer_than_one_at_the_end() -> None:
    chain = found(named(1, *JANETS), bare(2), named(3, *JANETS), bare(4))

    assert chain[1].probabilities[JANET.request_id] > chain[3].probabilities[JANET.request_id] > 0.9


def test_a_page_between_two_requests_is_unsure() -> None:
    chain = found(named(1, *JANETS), bare(2), named(3, *OMARS))

    assert max(chain[1].probabilities.values()) < 0.9


def test_a_counter_that_goes_on_holds_pages_together() -> None:
    loose = found(named(1, *JANETS), bare(2), named(3, *OMARS))
    counted = found(named(1, *JANETS, "Page 1 of 2"), bare(2, counter=Counter(2, 2)), named(3, *OMARS, "Page 1 of 1"))

    assert counted[1].probabilities[JANET.request_id] > 0.99 > loose[1].probabilities[JANET.request_id]


def test_a_counter_that_does_not_say_of_how_many_holds_less() -> None:
    told, untold = (
        found(named(1, *JANETS, f"Page 1{of}"), bare(2, counter=counter), named(3, *OMARS, "Page 1 of 1"))
        for of, counter in ((" of 2", Counter(2, 2)), ("", Counter(2, None)))
    )

    chances = [chain[1].probabilities[JANET.request_id] for chain in (told, untold)]

    assert 0.999 > chances[0] > chances[1] > 0.95


def test_counters_go_on_as_far_as_both_say() -> None:
    assert Counter(3, None).goes_on_from(Counter(2, 4))
    assert Counter(3, 4).goes_on_from(Counter(2, None))
    assert not Counter(3, 4).goes_on_from(Counter(2, 5))
    assert not Counter(3, None).goes_on_from(Counter(3, None))


def test_a_document_that_names_nobody_is_nobodys() -> None:
    chain = found(bare(1), bare(2))

    assert [owner.best for owner in chain] == [NOBODY, NOBODY]


def test_no_pages_have_no_owners() -> None:
    assert owners((), weigh((), REGISTRY, Policy())) == ()


def test_a_thousand_pages_do_not_underflow() -> None:
    pages = [named(1, *JANETS), *(bare(n) for n in range(2, 1001)), named(1001, *JANETS)]

    chain = found(*pages)

    assert all(0.0 <= p <= 1.0 for owner in chain for p in owner.probabilities.values())
    assert chain[-1].best == JANET.request_id
