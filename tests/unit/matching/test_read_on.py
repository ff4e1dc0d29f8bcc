"""More is read where it could change the decision, and nowhere else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tests.builders.readings import blank, reading
from tests.builders.requests import CLOSED, JANET, OMAR
from worker.domain.reading import PageReading, Region, TextReading
from worker.domain.request import Request
from worker.matching.decide import decide
from worker.matching.look_over import look_over
from worker.matching.policy import Policy
from worker.matching.read_on import Want, wants
from worker.matching.registry import RequestTable

BANDS = Region.BANDS
SURE = "Patient: Janet Brown DOB: 03/04/1951 DOS: 08/23/2025"


def wanted(readings: Sequence[PageReading], *more: Request) -> tuple[Want, ...]:
    registry = RequestTable([JANET, OMAR, *more])
    return wants(readings, decide([look_over(page, registry) for page in readings], registry, Policy()), registry)


def test_a_sure_page_is_read_no_further() -> None:
    assert wanted([reading(1, SURE, region=BANDS)]) == ()


def test_a_blank_page_is_read_no_further() -> None:
    assert wanted([blank(1)]) == ()


def after(region: Region) -> tuple[TextReading, ...]:
    """What is read when all regions up to this one were tried and found empty."""
    order = (Region.WIDER, Region.FULL, Region.PROSE, Region.BANDS_AGAIN)
    return tuple(TextReading(r, ()) for r in order[: order.index(region) + 1])


def test_a_legible_page_that_names_nobody_is_read_on_to_its_end() -> None:
    bands = reading(1, *["the wound is clean and dry and shows granulation"] * 3, region=BANDS)

    assert wanted([bands]) == (Want(1, Region.WIDER),)
    assert wanted([replace(bands, text=bands.text + after(Region.WIDER))]) == (Want(1, Region.FULL),)
    assert wanted([replace(bands, text=bands.text + after(Region.FULL))]) == (Want(1, Region.PROSE),)
    assert wanted([replace(bands, text=bands.text + after(Region.PROSE))]) == ()


def test_a_page_that_is_hardly_legible_is_read_again_before_more_of_it() -> None:
    faint = reading(1, "lead II", region=BANDS)
    again = (*faint.text, TextReading(Region.BANDS_AGAIN, ()))

    assert wanted([faint]) == (Want(1, Region.BANDS_AGAIN),)
    assert wanted([replace(faint, text=again)]) == (Want(1, Region.WIDER),)
    assert wanted([replace(faint, text=(*again, *after(Region.WIDER)))]) == (Want(1, Region.FULL),)
    assert wanted([replace(faint, text=(*again, *after(Region.PROSE)))]) == ()


def test_a_patient_named_unclearly_is_read_again_before_more_of_the_page() -> None:
    half = reading(1, "Patient: Janet Brawm MRN 48401033", *["the wound is clean and dry"] * 5, region=BANDS)

    assert wanted([half]) == (Want(1, Region.BANDS_AGAIN),)


def test_a_page_that_would_follow_is_read_whole_before_it_is_trusted() -> None:
    bare = reading(2, *["the wound is clean and dry and shows granulation"] * 3, region=BANDS)

    assert wanted([reading(1, SURE), bare, reading(3, SURE)]) == (Want(2, Region.WIDER),)


def test_an_undated_page_of_a_member_with_two_requests_is_read_on_for_a_date_of_service() -> None:
    undated = reading(2, "Patient: Janet Brown DOB: 03/04/1951", region=BANDS)
    dated = reading(2, SURE, region=BANDS)

    again = replace(
        JANET,
        request_id="MRR-7700000",
        claim_number="99887766554",
        service_from=date(2024, 1, 5),
        service_to=date(2024, 1, 6),
    )

    assert wanted([reading(1, SURE), undated]) == ()
    assert wanted([reading(1, SURE), undated], again) == (Want(2, Region.WIDER),)
    assert wanted([reading(1, SURE), replace(undated, text=undated.text + after(Region.WIDER))], again) == ()
    assert wanted([reading(1, SURE), dated], again) == ()


def test_a_cover_sheet_is_read_whole_since_it_might_name_a_request() -> None:
    cover = reading(1, "FAX COVER SHEET", "Pages: 2 including cover", region=BANDS)

    assert wanted([cover, reading(2, SURE)]) == (Want(1, Region.WIDER),)


def test_a_closed_request_does_not_open_by_reading() -> None:
    registry = RequestTable([CLOSED])
    page = reading(1, f"Request ID: {CLOSED.request_id}", f"Claim number: {CLOSED.claim_number}", region=BANDS)

    judgments = decide([look_over(page, registry)], registry, Policy())

    assert wants([page], judgments, RequestTable([])) == ()
