"""Every finding shows where on the page it stands: each place once, all places that agree."""

from dataclasses import replace

from tests.builders.readings import line, reading
from tests.builders.requests import JANET, OMAR
from worker.domain.decision import Finding, Verdict
from worker.domain.reading import Box, PageReading, Region, TextReading
from worker.matching.candidates import weigh
from worker.matching.look_over import look_over
from worker.matching.places import MOST_PLACES, is_same_place, places_of
from worker.matching.policy import Policy
from worker.matching.registry import RequestTable
from worker.matching.sightings import NumberSighting

REGISTRY = RequestTable([JANET, OMAR])
LETTER = replace(
    reading(
        1,
        f"Request ID: {JANET.request_id}",
        f"Claim number: {JANET.claim_number} Member ID: {JANET.member_id}",
        "Patient: Janet Brown DOB: 03/04/1951 MRN: 4821137",
        f"Date of service: 08/23/2025 NPI: {JANET.provider_npi}",
        "Re: Brown, Janet",
        barcode=JANET.request_id,
    ),
    sender_line=line("2026-11-02 09:14 COASTAL PULM 776-668-9329 P.001/002", top=8),
)
CHART = reading(2, "Account: 4821137", "Progress Note")
STRANGER = reading(3, "Patient: Omar Nakamura DOB: 01/29/1936", "Member ID: H65546039", f"Claim: {OMAR.claim_number}")


def found(*pages: PageReading, request_id: str = JANET.request_id) -> list[dict[str, Finding]]:
    weighed = weigh([look_over(page, REGISTRY) for page in pages], REGISTRY, Policy())
    return [{finding.name: finding for finding in page[request_id]} for page in weighed.findings]


def words_in(page: PageReading, box: Box) -> str:
    lines = [*(t for part in page.text if isinstance(part, TextReading) for t in part.lines)]
    lines += [page.sender_line] if page.sender_line else []
    return " ".join(w.text for text in lines for w in text.words if is_same_place(w.box, box))


def test_every_finding_of_a_page_stands_somewhere_on_it() -> None:
    pages = found(LETTER, CHART, STRANGER)

    findings = [finding for page in pages for finding in page.values()]
    assert {f.verdict for f in findings} == {Verdict.AGREES, Verdict.DISAGREES}
    assert [f.name for f in findings if not f.boxes] == []
    assert {"chart number"} <= pages[1].keys()


def test_all_places_that_agree_are_listed_the_surest_first() -> None:
    letter = found(LETTER)[0]

    assert letter["request id"].boxes[0] == LETTER.barcodes[0].box
    assert [words_in(LETTER, box) for box in letter["request id"].boxes[1:]] == [JANET.request_id]
    assert [words_in(LETTER, box) for box in letter["member name"].boxes] == ["Janet Brown", "Brown, Janet"]


def test_numbers_of_the_provider_have_places() -> None:
    by_npi, chart = found(LETTER, CHART)[0], found(LETTER, CHART)[1]
    by_fax = found(replace(LETTER, text=()), CHART)[0]

    assert [words_in(LETTER, box) for box in by_npi["provider"].boxes] == [JANET.provider_npi]
    assert [words_in(CHART, box) for box in chart["chart number"].boxes] == ["4821137"]
    assert [words_in(LETTER, box) for box in by_fax["provider"].boxes] == ["776-668-9329"]


def test_what_speaks_against_shows_the_strangers_words() -> None:
    stranger = found(LETTER, STRANGER)[1]

    against = {name: [words_in(STRANGER, box) for box in finding.boxes] for name, finding in stranger.items()}
    assert against == {
        "claim number": [OMAR.claim_number],
        "member id": [OMAR.member_id],
        "member name": ["Omar Nakamura"],
        "birth date": ["01/29/1936"],
    }


def test_a_second_reading_of_the_same_words_is_no_second_place() -> None:
    again = TextReading(Region.BANDS_AGAIN, (line("Patient: Janet Brown DOB: 03/04/1951", top=102),))
    page = reading(1, "Patient: Janet Brown DOB: 03/04/1951")

    read_twice = found(replace(page, text=(*page.text, again)))[0]

    assert {name: len(finding.boxes) for name, finding in read_twice.items()} == {"member name": 1, "birth date": 1}


def test_a_bill_with_the_date_on_every_line_shows_a_few() -> None:
    rows = [NumberSighting("08/23/2025", Box(100, 30 * k, 120, 20)) for k in range(40)]

    assert places_of(rows) == tuple(row.box for row in rows[:MOST_PLACES])
