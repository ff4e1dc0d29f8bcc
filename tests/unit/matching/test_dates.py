"""Dates as Americans write them, and what noise makes of them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.matching.dates import dates_in, is_one_digit_off

BIRTH = date(1951, 3, 4)


@pytest.mark.parametrize(
    "text",
    [
        "03/04/1951",
        "3/4/1951",
        "03-04-1951",
        "03.04.1951",
        "1951-03-04",
        "March 4, 1951",
        "Mar 4 1951",
        "Mar. 04, 1951",
        "04-Mar-1951",
        "4 March 1951",
        "March'4, 1951",
        "O3/O4/1951",
        "0304/1951",
        "03/041951",
        "Marcb 4, 1951",
        "DOB 03/04/1951.",
    ],
)
def test_every_style_is_the_same_day(text: str) -> None:
    found = dates_in(text)

    assert [d.days for d in found] == [(BIRTH,)]


def test_two_digit_year_can_be_either_century() -> None:
    assert dates_in("3/4/51")[0].days == (date(2051, 3, 4), date(1951, 3, 4))


@pytest.mark.parametrize(
    "text",
    ["13/45/1951", "02/30/2025", "98.6 120 80", "ref 45.7 - 83.0", "MRN 79644252", "Maybe 4, 1951x", "12345678901", ""],
)
def test_what_is_no_day_is_no_date(text: str) -> None:
    assert dates_in(text) == ()


def test_a_label_read_as_digits_does_not_hide_the_date_behind_it() -> None:
    assert dates_in("MRN 79644252 D.0.B 09/24/1964")[-1].days == (date(1964, 9, 24),)


def test_a_range_is_two_dates() -> None:
    found = dates_in("06/29/2025 - 07/05/2025")

    assert [d.days[0] for d in found] == [date(2025, 6, 29), date(2025, 7, 5)]


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_any_day_is_found_where_it_stands(day: date) -> None:
    text = f"seen on {day:%m/%d/%Y} at noon"

    found = dates_in(text)

    assert [d.days for d in found] == [(day,)]
    assert text[found[0].start : found[0].end] == f"{day:%m/%d/%Y}"


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    for found in dates_in(text):
        assert found.days
        assert 0 <= found.start < found.end <= len(text)


def test_one_digit_off_is_one_digit() -> None:
    assert is_one_digit_off(BIRTH, date(1957, 3, 4))
    assert not is_one_digit_off(BIRTH, BIRTH)
    assert not is_one_digit_off(BIRTH, date(1957, 3, 14))
