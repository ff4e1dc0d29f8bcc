"""Lines that say that an identity stands there, and prose that only sounds like it."""

import pytest

from tests.builders.readings import reading
from worker.matching.look_over import look_over
from worker.matching.registry import RequestTable


@pytest.mark.parametrize(
    "text",
    [
        "Patient: J#hn Sm?th",
        "PATIENT NAME",
        "DOB: ??/??/1951",
        "MRN 8#77?21",
        "MEN 780510",
        "Member ID",
        "Brown, Janet",
    ],
)
def test_labels_with_a_value_or_room_for_one_mark_an_identity(text: str) -> None:
    assert look_over(reading(1, text), RequestTable([])).has_identity_marks


@pytest.mark.parametrize(
    "text",
    [
        "Patient Summary",
        "Meridian Ridge Health Plan",
        "Plan is to continue albuterol as needed and return to clinic",
        "The risks and benefits were discussed and the patient agreed to proceed.",
        "Past history is significant for hypertension",
        "Patient Instructions",
        "MRI 3",
        "Signed: A Villalobos, PT",
        "Author: G Ibarrondo, OTR/L",
    ],
)
def test_prose_and_headings_do_not(text: str) -> None:
    seen = look_over(reading(1, text), RequestTable([]))

    assert not seen.has_identity_marks
    assert not seen.has_identity


def test_digits_whose_labels_were_lost_may_be_an_identity() -> None:
    assert look_over(reading(1, "04-30 24 2025"), RequestTable([])).has_identity_marks
    assert not look_over(reading(1, "Sodium 142.4 135-145 mmol/L"), RequestTable([])).has_identity_marks


def test_a_value_below_another_label_is_no_identity() -> None:
    assert not look_over(reading(1, "Service Date", "06-04-2026"), RequestTable([])).has_identity_marks
    assert look_over(reading(1, "Visit Summary", "06-04-1926"), RequestTable([])).has_identity_marks
