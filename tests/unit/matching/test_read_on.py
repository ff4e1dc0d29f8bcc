"""More is read where it could change the decision, and nowhere else."""

from collections.abc import Sequence

from tests.builders.readings import blank, reading
from tests.builders.requests import CLOSED, JANET, OMAR
from worker.domain.reading import PageReading, Region, TextReading
from worker.matching.decide import decide
from worker.matching.look_over import look_over
from worker.matching.read_on import Want, wants
from worker.matching.registry import RequestTable
from worker.matching.weights import Policy

BANDS = Region.BANDS
SURE = "Patient: Janet Brown DOB: 03/04/1951 DOS: 08/23/2025"


def wanted(readings: Sequence[PageReading]) -> tuple[Want, ...]:
    registry = RequestTable([JANET, OMAR])
    return wants(readings, decide([look_over(page, registry) for page in readings], registry, Policy()))


def test_a_sure_page_is_read_no_further() -> None:
    assert wanted([reading(1, SURE, region=BANDS)]) == ()


def test_a_blank_page_is_read_no_further() -> None:
    assert wanted([blank(1)]) == ()


def test_a_page_that_names_nobody_is_read_whole() -> None:
    assert wanted([reading(1, "lead II", region=BANDS)]) == (Want(1, Region.FULL),)


def test_then_once_more_at_another_scale_and_then_no_more() -> None:
    full = reading(1, "lead II", region=BANDS).text + reading(1, "lead II").text
    again = (*full, TextReading(Region.BANDS_AGAIN, ()))

    assert wanted([PageReading(1, 1, 1, text=full)]) == (Want(1, Region.BANDS_AGAIN),)
    assert wanted([PageReading(1, 1, 1, text=again)]) == ()


def test_a_page_that_would_follow_is_read_whole_before_it_is_trusted() -> None:
    bare = reading(2, *["the wound is clean and dry and shows granulation"] * 3, region=BANDS)

    assert wanted([reading(1, SURE), bare, reading(3, SURE)]) == (Want(2, Region.FULL),)


def test_a_cover_sheet_is_read_whole_since_it_might_name_a_request() -> None:
    cover = reading(1, "FAX COVER SHEET", "Pages: 2 including cover", region=BANDS)

    assert wanted([cover, reading(2, SURE)]) == (Want(1, Region.FULL),)


def test_a_closed_request_does_not_open_by_reading() -> None:
    registry = RequestTable([CLOSED])
    page = reading(1, f"Request ID: {CLOSED.request_id}", f"Claim number: {CLOSED.claim_number}", region=BANDS)

    judgments = decide([look_over(page, registry)], registry, Policy())

    assert wants([page], judgments) == ()
