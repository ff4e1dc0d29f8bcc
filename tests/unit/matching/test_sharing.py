"""A page that answers two open requests of one member: filed to both where their programs allow it, and only then."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from tests.builders.decided import NOTE, letter, owners, record
from tests.builders.readings import reading
from tests.builders.requests import JANET, JANET_SPRING, JOAN, OMAR, given
from worker.domain.decision import Outcome
from worker.domain.reading import PageReading
from worker.domain.request import Request, RequestStatus
from worker.matching.decide import decide
from worker.matching.judgment import Ground, Judgment
from worker.matching.look_over import look_over
from worker.matching.policy import Policy, Rules
from worker.matching.registry import RequestTable
from worker.matching.repeats import Earlier, mark_repeat

#: Another program asks for the same stay of Janet's.
QUALITY = given(JANET_SPRING, service_from=JANET.service_from, service_to=date(2025, 8, 30), program="quality")
SHARING = Policy(programs={"payment_integrity": Rules(shares_pages=True), "quality": Rules(shares_pages=True)})


def judged(pages: Sequence[PageReading], *requests: Request, policy: Policy = SHARING) -> tuple[Judgment, ...]:
    registry = RequestTable(requests)
    return decide([look_over(page, registry) for page in pages], registry, policy)


def test_page_of_two_requests_is_left_to_a_person_unless_programs_share() -> None:
    found = judged([record(1, JANET)], JANET, QUALITY, OMAR, policy=Policy())

    assert found[0].ground is Ground.SEVERAL_FIT
    assert found[0].decision.filed_to == ()


def test_page_of_two_requests_is_filed_to_both_where_their_programs_share() -> None:
    found = judged([record(1, JANET)], JANET, QUALITY, OMAR)

    decision = found[0].decision
    assert decision.outcome is Outcome.FILED
    assert decision.filed_to == (JANET.request_id, QUALITY.request_id)
    assert "one member" in decision.reason
    assert decision.confidence >= SHARING.file_at("quality")


def test_page_that_is_filed_anyway_goes_to_the_other_request_as_well() -> None:
    asked = f"Request ID: {JANET.request_id}"
    counted = record(1, JANET, asked, "Page 1 of 3"), record(2, JANET, "Page 2 of 3")
    pages = [*counted, record(3, JANET, "Page 3 of 3", dated=False)]

    alone, shared = (judged(pages, JANET, QUALITY, OMAR, policy=policy) for policy in (Policy(), SHARING))

    assert owners(alone) == [JANET.request_id] * 3
    assert owners(shared) == [JANET.request_id] * 3
    assert [judgment.decision.also for judgment in alone] == [(), (), ()]
    assert [judgment.decision.also for judgment in shared] == [(), (QUALITY.request_id,), ()]


@pytest.mark.parametrize("program", ["payment_integrity", "quality"])
def test_one_program_alone_shares_nothing(program: str) -> None:
    policy = Policy(programs={program: Rules(shares_pages=True)})

    found = judged([record(1, JANET)], JANET, QUALITY, OMAR, policy=policy)

    assert found[0].ground is Ground.SEVERAL_FIT


def test_page_that_contradicts_the_other_request_is_not_shared() -> None:
    claim = f"Claim number: {JANET.claim_number}"

    found = judged([record(1, JANET, claim)], JANET, QUALITY, OMAR)

    assert found[0].decision.filed_to == (JANET.request_id,)


def test_page_dated_outside_the_other_request_is_not_shared() -> None:
    spring = replace(JANET_SPRING, program="quality")

    found = judged([record(1, JANET), record(2, spring)], JANET, spring, OMAR)

    assert [judgment.decision.filed_to for judgment in found] == [(JANET.request_id,), (spring.request_id,)]


@pytest.mark.parametrize(
    "other",
    [
        given(QUALITY, status=RequestStatus.CLOSED),
        given(QUALITY, member_id=JOAN.member_id, member_first_name="Joan"),
        given(QUALITY, member_id=JOAN.member_id),
    ],
    ids=["closed", "her twin's", "her namesake's"],
)
def test_request_that_is_closed_or_of_somebody_else_gets_no_page(other: Request) -> None:
    found = judged([letter(1, JANET), record(2, JANET)], JANET, other, OMAR)

    assert [judgment.decision.also for judgment in found] == [(), ()]


def test_page_with_a_tie_to_a_request_that_shares_nothing_stays_with_a_person() -> None:
    third = given(QUALITY, request_id="20264455667", claim_number="815577331199775", program="audit")

    found = judged([record(1, JANET)], JANET, QUALITY, third, OMAR)

    assert found[0].ground is Ground.SEVERAL_FIT


def test_page_that_names_both_requests_is_filed_to_both() -> None:
    both = reading(
        1, f"Patient: BROWN, Janet DOB: {JANET.date_of_birth:%m/%d/%Y}", "Visit date: August 24, 2025", *NOTE,
        f"Request ID: {JANET.request_id}", f"Request ID: {QUALITY.request_id}",
    )  # fmt: skip

    found = judged([both], JANET, QUALITY, OMAR)

    assert found[0].decision.filed_to == (JANET.request_id, QUALITY.request_id)


def test_letter_that_fits_both_requests_is_filed_to_one_or_left_to_a_person() -> None:
    asked = reading(
        1, "Medical Records Management", "Request for medical records", "Member name: Janet Brown",
        "Date of birth: 03/04/1951", "Dates of service: 08/23/2025 - 08/26/2025",
        "Please send the complete medical record.",
    )  # fmt: skip

    found = judged([asked, record(2, JANET)], JANET, QUALITY, OMAR)

    assert found[0].decision.also == ()
    assert found[0].outcome is Outcome.REVIEW
    assert found[1].decision.filed_to == (JANET.request_id, QUALITY.request_id)


def test_page_that_names_nobody_is_not_shared() -> None:
    silent = reading(2, *NOTE)

    found = judged([record(1, JANET), silent, record(3, JANET)], JANET, QUALITY, OMAR)

    assert found[1].decision.also == ()


def test_which_request_stands_first_does_not_depend_on_the_order_of_the_registry() -> None:
    one, other = judged([record(1, JANET)], JANET, QUALITY, OMAR), judged([record(1, JANET)], OMAR, QUALITY, JANET)

    assert one == other


def test_repeat_of_a_shared_page_is_a_repeat_unless_it_answers_a_request_that_is_new() -> None:
    look = "0f" * 672
    pages = [replace(record(n, JANET), look=look) for n in (1, 2)]
    now = judged(pages, JANET, QUALITY, OMAR)
    registry = RequestTable([JANET, QUALITY, OMAR])
    to_both = Earlier("first.tif", tuple(pages), ((JANET.request_id, QUALITY.request_id),) * 2)
    to_one = replace(to_both, filed_to=((JANET.request_id,),) * 2)

    repeated, fresh = (mark_repeat(now, pages, [earlier], registry) for earlier in (to_both, to_one))

    assert [judgment.decision.outcome for judgment in repeated] == [Outcome.SET_ASIDE] * 2
    assert [judgment.decision.filed_to for judgment in repeated] == [(), ()]
    assert fresh == now
