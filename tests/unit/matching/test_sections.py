"""Where in a document a request's records are expected."""

from tests.builders.decided import NOTE, judged, letter, owners, record
from tests.builders.readings import reading
from tests.builders.requests import JANET, JANET_SPRING, OMAR
from worker.domain.reading import PageReading
from worker.matching.judgment import Ground


def test_undated_pages_behind_a_letter_are_not_the_members_other_request() -> None:
    pages = [
        letter(1, JANET),
        record(2, JANET, dated=False),
        record(3, JANET, dated=False),
        letter(4, JANET_SPRING),
        record(5, JANET_SPRING),
    ]

    found = judged(pages, JANET, JANET_SPRING, OMAR)

    assert owners(found) == [JANET.request_id] * 3 + [JANET_SPRING.request_id] * 2


def test_with_letters_on_top_undated_pages_stay_with_a_person() -> None:
    pages = [letter(1, JANET), letter(2, JANET_SPRING), record(3, JANET, dated=False)]

    found = judged(pages, JANET, JANET_SPRING, OMAR)

    assert found[2].decision.request_id is None


def test_a_silent_page_at_the_end_of_a_run_goes_with_it() -> None:
    pages = [letter(1, JANET), record(2, JANET), silent(3), letter(4, OMAR), record(5, OMAR), silent(6)]

    found = judged(pages, JANET, OMAR)

    assert owners(found) == [JANET.request_id] * 3 + [OMAR.request_id] * 3
    assert found[2].ground is found[5].ground is Ground.FOLLOWS


def test_a_silent_page_before_a_stranger_stays_with_a_person() -> None:
    pages = [letter(1, JANET), record(2, JANET), silent(3), record(4, OMAR), letter(5, JANET_SPRING)]

    assert judged(pages, JANET, JANET_SPRING, OMAR)[2].decision.request_id is None


def silent(number: int) -> PageReading:
    return reading(number, *NOTE, "Heart has a regular rate and rhythm without murmurs, rubs or gallops.")
