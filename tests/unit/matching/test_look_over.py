"""A whole page looked over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.readings import reading
from tests.builders.requests import JANET, OMAR
from worker.domain.reading import PageReading, Region, TextReading, Unreadable
from worker.matching.labels import Role
from worker.matching.look_over import look_over
from worker.matching.registry import RequestTable
from worker.matching.sightings import Counter

REGISTRY = RequestTable([JANET, OMAR])


@pytest.mark.parametrize(
    ("line", "counter"),
    [
        ("Page 2 of 5", Counter(2, 5)),
        ("Brown, Janet Page 1 of 2", Counter(1, 2)),
        ("Page lof 1", Counter(1, 1)),
        ("PAGE 3/4", Counter(3, 4)),
        ("2/3", Counter(2, 3)),
        ("Page 3", Counter(3, None)),
        ("See page 3", None),
        ("Page L of L", None),
        ("Page 5 of 2", None),
        ("P.003/019", None),
        ("BP 120/80", None),
    ],
)
def test_the_records_own_counter(line: str, counter: Counter | None) -> None:
    assert look_over(reading(1, "Progress Note", line), REGISTRY).counter == counter


def test_labels_in_a_row_of_heads_speak_for_what_stands_below() -> None:
    page = look_over(reading(1, "Resident        DOB", "Janet Brown     03/04/1951"), REGISTRY)

    assert [(name.words, name.is_labelled) for name in page.names if name.is_labelled] == [(("Janet", "Brown"), True)]


def test_prose_about_the_patient_names_nobody() -> None:
    page = look_over(
        reading(
            1,
            "The patient tolerated the procedure well",
            "Patient denies fever and chills",
            "THE PATIENT TOLERATED MANUAL THERAPY FOR 30 MINUTES",
        ),
        REGISTRY,
    )

    assert not [name for name in page.names if name.is_labelled]


def test_a_second_reading_adds_to_the_first() -> None:
    first = reading(1, "Patient: Janet Brown DOB: 03/04/1957", region=Region.BANDS)
    again = reading(1, "Patient: Janet Brown DOB: 03/04/1951", region=Region.BANDS_AGAIN)

    page = look_over(PageReading(1, 1, 1, text=first.text + again.text), REGISTRY)

    assert {day.isoformat() for seen in page.dates_of(Role.BIRTH) for day in seen.days} == {"1957-03-04", "1951-03-04"}


def test_a_region_that_could_not_be_read_is_said() -> None:
    page = PageReading(1, 1, 1, text=(TextReading(Region.BANDS, ()), Unreadable(Region.FULL, "the engine hung")))

    assert not look_over(page, REGISTRY).is_readable
    assert look_over(PageReading(1, 1, 1, text=(TextReading(Region.BANDS, ()),)), REGISTRY).is_readable


@given(st.lists(st.text(max_size=80), max_size=6))
def test_no_text_breaks_looking_over(lines: list[str]) -> None:
    assert look_over(reading(1, *lines), REGISTRY).page == 1


def test_a_chart_number_that_could_be_a_date_is_a_number() -> None:
    page = look_over(reading(1, "DOB / MRN", "MRN: 20091925", "Progress Note"), REGISTRY)

    assert [number.text for number in page.chart_numbers] == ["20091925"]
    assert not page.dates
