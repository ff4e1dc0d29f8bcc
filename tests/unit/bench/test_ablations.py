"""Deciding with a part left out, without a switch in the worker."""

from dataclasses import replace

from bench.ablations import (
    WAYS,
    Alike,
    Given,
    Result,
    as_it_is,
    barcodes_alone,
    first_claim,
    last_barcode,
    only_bands,
    request_of,
    table_of,
    try_ways,
    without_reading_on,
    without_sequence,
    without_words,
)
from bench.scoring import Truth
from bench.stream import Streamed
from tests.builders.readings import blank, reading
from tests.builders.requests import JANET, JOAN, OMAR, given
from worker.domain.reading import PageReading, Region, TextReading
from worker.matching.policy import Policy
from worker.matching.rarity import name_surprise
from worker.matching.registry import RequestTable

LETTER = ("REQUEST FOR MEDICAL RECORDS", "Member: Janet Brown", "Date of birth: 03/04/1951")
NOTE = (
    "Progress Note",
    "The incision is clean, dry and intact with no erythema or drainage. Patient denies",
    "fever, chills, nausea, vomiting or recent travel. Laboratory results were reviewed",
)
FACETS = (("channel", "fax_fine"), ("level", "clean"), ("order", "each"), ("situation", "plain"))


def document(*readings: PageReading, owners: tuple[str | None, ...]) -> Given:
    truth = tuple(
        Truth("one.tif", page.number, "medical_record", owner, (), FACETS, is_repeat=False)
        for page, owner in zip(readings, owners, strict=True)
    )
    requests = (JANET, OMAR, JOAN)
    return Given(Streamed("one.tif", readings, truth), RequestTable(requests), Alike(requests), Policy())


def filed(result: Result) -> list[str | None]:
    return [row.request_id for row in result.rows]


TWO_CLAIMS = document(
    reading(1, *LETTER, barcode=JANET.request_id, region=Region.BANDS),
    reading(2, *NOTE, "Page 2 of 3", region=Region.BANDS),
    blank(3),
    reading(4, *LETTER[:1], "Member: Omar Nakamura", barcode=OMAR.request_id, region=Region.BANDS),
    owners=(JANET.request_id, JANET.request_id, None, OMAR.request_id),
)


def test_as_it_is_every_letter_is_filed_to_its_own_request() -> None:
    result = as_it_is(TWO_CLAIMS)

    assert (filed(result)[0], filed(result)[3]) == (JANET.request_id, OMAR.request_id)


def test_each_page_alone_has_no_neighbour_to_follow() -> None:
    result = without_sequence(TWO_CLAIMS)

    assert filed(result) == [JANET.request_id, None, None, OMAR.request_id]
    assert [row.outcome for row in result.rows] == ["filed", "review", "set_aside", "filed"]


def test_from_a_barcode_on_all_pages_are_its_requests() -> None:
    result = last_barcode(TWO_CLAIMS)

    assert filed(result) == [JANET.request_id, JANET.request_id, JANET.request_id, OMAR.request_id]


def test_before_the_first_barcode_pages_go_to_a_person() -> None:
    notes = document(reading(1, *NOTE), reading(2, *NOTE, barcode=OMAR.request_id), owners=(None, OMAR.request_id))

    result = last_barcode(notes)

    assert [row.outcome for row in result.rows] == ["review", "filed"]


def test_all_pages_but_those_set_aside_go_to_the_first_request() -> None:
    result = first_claim(TWO_CLAIMS)

    assert filed(result) == [JANET.request_id, JANET.request_id, None, JANET.request_id]


def test_barcodes_alone_still_file_the_letters() -> None:
    result = barcodes_alone(TWO_CLAIMS)

    assert (filed(result)[0], filed(result)[3]) == (JANET.request_id, OMAR.request_id)
    assert result.wanted == 0


def test_nothing_is_read_on_where_that_is_left_out() -> None:
    hidden = reading(1, *LETTER, f"Request ID: {JANET.request_id}", region=Region.WIDER)
    tried = tuple(TextReading(region, ()) for region in (Region.BANDS, Region.BANDS_AGAIN))
    one_page = document(replace(hidden, text=(*tried, *hidden.text)), owners=(JANET.request_id,))

    with_it, without_it = as_it_is(one_page), without_reading_on(one_page)

    assert (filed(with_it), with_it.wanted > 0) == ([JANET.request_id], True)
    assert (filed(without_it), without_it.wanted) == ([None], 0)


def test_a_page_without_its_words_keeps_its_barcodes() -> None:
    page = reading(1, *LETTER, barcode=JANET.request_id)

    bare = without_words(page)

    assert bare.barcodes == page.barcodes
    assert [line for part in bare.text for line in getattr(part, "lines", ())] == []
    assert bare.has_tried(Region.BANDS)
    assert only_bands(page).text == ()


def test_barcodes_name_a_request_only_where_they_name_one() -> None:
    registry = TWO_CLAIMS.registry
    page = reading(1, barcode=JANET.claim_number)
    both = (*page.barcodes, *reading(2, barcode=OMAR.request_id).barcodes)

    found = [request_of(page.barcodes, registry), request_of(both, registry), request_of((), registry)]

    assert found == [JANET.request_id, "", ""]


def test_an_alike_registry_finds_every_name_equally_rare() -> None:
    crowd = [given(JANET, request_id=f"X{k}", member_id=f"M{k}") for k in range(300)]
    rare = OMAR

    plain, alike = RequestTable([*crowd, rare]), Alike([*crowd, rare])

    assert name_surprise(rare, plain) > name_surprise(crowd[0], plain) + 1
    assert name_surprise(rare, alike) == name_surprise(crowd[0], alike)


def test_every_way_is_a_line_of_the_table() -> None:
    tried = try_ways([TWO_CLAIMS])

    lines = table_of(tried).splitlines()

    assert len(lines) == 2 + len(WAYS)
    assert next(line for line in lines if "first request" in line).endswith("| plain 1 |")
    assert next(line for line in lines if "as it is" in line).startswith("| as it is | 0: 0.00% (")
