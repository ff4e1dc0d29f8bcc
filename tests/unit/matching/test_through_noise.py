"""Identities that were misread, looked for letter by letter."""

from datetime import date

import pytest

from tests.builders.readings import reading
from tests.builders.requests import JANET, OMAR, given
from worker.matching.look_over import look_over
from worker.matching.registry import RequestTable
from worker.matching.sightings import EdgeLine
from worker.matching.through_noise import birth_date_in_noise, name_in_noise, number_in_noise

REGISTRY = RequestTable([JANET, OMAR])
DEBRA = given(JANET, member_last_name="Bennett", member_first_name="Debra")


def edges(*lines: str, confidence: float = 0.6) -> tuple[EdgeLine, ...]:
    return look_over(reading(1, *lines, confidence=confidence), REGISTRY).edges


@pytest.mark.parametrize("text", ["Fateat Debi Benet MEN", "Bennelt, Debro", "xx Dehra A Bennott 12"])
def test_a_name_with_some_letters_wrong_is_found(text: str) -> None:
    found = name_in_noise(DEBRA, edges(text))

    assert found is not None
    assert found[0] > 0


def test_a_word_that_the_engine_is_sure_of_is_not_another_misread() -> None:
    joshua = given(JANET, member_last_name="O'Connell", member_first_name="Joshua")
    text = "Patient Name: O'Connell, John K"

    assert name_in_noise(joshua, edges(text)) is not None
    assert name_in_noise(joshua, edges(text, confidence=0.95)) is None


@pytest.mark.parametrize("text", ["Riverside Orthopedic Associates", "Donna Barrett", "John Smith", ""])
def test_other_words_are_not_taken_for_the_name(text: str) -> None:
    assert name_in_noise(DEBRA, edges(text)) is None


def test_a_relatives_name_is_not_taken_for_a_short_one() -> None:
    jo = given(JANET, member_last_name="Mbeki", member_first_name="Jo")

    assert name_in_noise(jo, edges("Mbeki, Donaid 07/03/1974 51185002 Nov 22, 2025")) is None
    assert name_in_noise(jo, edges("Mboki, Jo 07/03/1974")) is not None


@pytest.mark.parametrize(
    ("text", "lost"), [("DOB: 84-Mar-1951", 1), ("BIRTHDATE 03/04/1961", 1), ("DOB 3arch 4, 1951", 1)]
)
def test_a_birth_date_behind_its_label_may_have_a_character_wrong(text: str, lost: int) -> None:
    found = birth_date_in_noise(date(1951, 3, 4), edges(text))

    assert found is not None
    assert found[0] == lost


@pytest.mark.parametrize("text", ["DOB: 11/29/1987", "Printed 03/04/1951", "DOB:"])
def test_other_dates_and_dates_without_the_label_are_not_taken_for_it(text: str) -> None:
    assert birth_date_in_noise(date(1951, 3, 4), edges(text)) is None


def test_a_long_number_is_found_without_its_label() -> None:
    assert number_in_noise("26164505", edges("MRS 26164505")) is not None
    assert number_in_noise("26164505", edges("MRA 26164506")) is not None
    assert number_in_noise("26164505", edges("MRA 26164566")) is None
    assert number_in_noise("4505", edges("MRN 4505")) is None
