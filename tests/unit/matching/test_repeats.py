"""A fax sent again is recognised page by page, and only then."""

from collections.abc import Sequence
from dataclasses import replace

from tests.builders.readings import blank, reading
from tests.builders.requests import JANET, OMAR
from worker.domain.decision import Outcome
from worker.domain.reading import PageReading
from worker.matching.decide import decide
from worker.matching.judgment import Ground, Judgment
from worker.matching.look_over import look_over
from worker.matching.policy import Policy
from worker.matching.registry import RequestTable
from worker.matching.repeats import Earlier, mark_repeat

REGISTRY = RequestTable([JANET, OMAR])
#: Two pictures that have nothing in common.
STRIPES, STEPS = "0f" * 672, "00ff" * 336


def record(number: int, day: str, look: str = STRIPES) -> PageReading:
    page = reading(
        number, "Patient: Janet Brown DOB: 03/04/1951", f"Visit date: {day}", "The incision is clean and dry"
    )
    return replace(page, look=look)


def judged(readings: Sequence[PageReading]) -> tuple[Judgment, ...]:
    return decide([look_over(page, REGISTRY) for page in readings], REGISTRY, Policy())


def marked(later: Sequence[PageReading], earlier: Sequence[PageReading]) -> tuple[Judgment, ...]:
    before = Earlier("fax1.tif", tuple(earlier), tuple(j.decision.filed_to for j in judged(earlier)))
    return mark_repeat(judged(later), later, [before], REGISTRY)


FIRST = [record(1, "08/23/2025"), record(2, "08/24/2025", STEPS), record(3, "08/25/2025")]


def test_the_same_pages_again_are_set_aside_with_where_they_came_before() -> None:
    found = marked(FIRST, FIRST)

    assert [j.ground for j in found] == [Ground.REPEATED] * 3
    assert {j.outcome for j in found} == {Outcome.SET_ASIDE}
    assert "page 2 of fax1.tif" in found[1].reason


def test_the_tail_of_a_dropped_call_is_a_repeat() -> None:
    tail = [record(1, "08/24/2025", STEPS), record(2, "08/25/2025")]

    assert [j.ground for j in marked(tail, FIRST)] == [Ground.REPEATED] * 2


def test_one_page_more_than_before_is_no_repeat() -> None:
    more = [*FIRST, record(4, "08/26/2025", STEPS)]

    assert Ground.REPEATED not in {j.ground for j in marked(more, FIRST)}


def test_a_copied_note_of_another_day_is_no_repeat() -> None:
    copied = [record(1, "08/23/2025"), record(2, "08/26/2025", STEPS), record(3, "08/25/2025")]

    assert Ground.REPEATED not in {j.ground for j in marked(copied, FIRST)}


def test_pages_that_look_otherwise_are_no_repeat() -> None:
    other = [record(1, "08/23/2025", STEPS), record(2, "08/24/2025"), record(3, "08/25/2025", STEPS)]

    assert Ground.REPEATED not in {j.ground for j in marked(other, FIRST)}


def test_another_order_is_no_repeat() -> None:
    turned_round = [record(1, "08/25/2025"), record(2, "08/24/2025", STEPS), record(3, "08/23/2025")]

    assert Ground.REPEATED not in {j.ground for j in marked(turned_round, FIRST)}


def test_blank_pages_stay_blank() -> None:
    found = marked([FIRST[0], blank(2), record(3, "08/24/2025", STEPS)], FIRST)

    assert [j.ground for j in found] == [Ground.REPEATED, Ground.BLANK, Ground.REPEATED]


def test_one_page_alone_tells_too_little() -> None:
    assert marked([FIRST[0]], FIRST)[0].ground is not Ground.REPEATED
