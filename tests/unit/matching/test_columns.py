"""Values that stand below their labels, as in the boxes of a form."""

import pytest

from tests.builders.readings import reading
from worker.matching.look_over import look_over
from worker.matching.registry import RequestTable


@pytest.mark.parametrize(
    ("heads", "values", "numbers"),
    [
        ("FIN  Encounter", "5299747 05-21-2025", ["5299747"]),
        ("MRN", "186667", ["186667"]),
        ("Encounter  MRN", "06/15/2025 18667701", ["18667701"]),
        ("MRN 2211889", "186667", ["2211889"]),
        ("MRN", "DOB 03/04/1951", []),
    ],
)
def test_a_chart_number_below_its_label(heads: str, values: str, numbers: list[str]) -> None:
    page = look_over(reading(1, heads, values), RequestTable([]))

    assert [number.text for number in page.chart_numbers] == numbers


def test_a_label_after_a_full_stop_without_a_space_is_a_label() -> None:
    page = look_over(reading(1, "Patient Brown, Jerry.Birthdate 1952-08-07"), RequestTable([]))

    assert [name.words for name in page.names] == [("Brown", "Jerry")]
    assert [str(date.role) for date in page.dates] == ["birth date"]
