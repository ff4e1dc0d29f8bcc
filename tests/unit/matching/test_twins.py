"""Twins share surname, birth date and often the member id but for a digit: only the first name tells them apart."""

from tests.builders.decided import NOTE, judged, letter, owners, record
from tests.builders.readings import reading
from tests.builders.requests import JANET, JOAN, OMAR, given


def test_twin_is_not_taken_for_her_sister() -> None:
    pages = [letter(1, JANET), record(2, JANET), record(3, JOAN), record(4, JANET)]

    found = judged(pages, JANET, JOAN, OMAR)

    assert owners(found)[2] in (JOAN.request_id, None)
    assert owners(found)[3] == JANET.request_id


def test_twin_without_a_request_is_not_filed_to_her_sister() -> None:
    found = judged([letter(1, JANET), record(2, JANET), record(3, JOAN)], JANET, OMAR)

    assert owners(found) == [JANET.request_id, JANET.request_id, None]


def test_a_page_that_names_a_twin_clearly_is_not_a_misread_name_of_her_brother() -> None:
    joshua = given(JANET, member_last_name="O'Connell", member_first_name="Joshua")
    john = given(JOAN, member_last_name="O'Connell", member_first_name="John")

    found = judged([letter(1, joshua), record(2, joshua), record(3, john, dated=False)], joshua, john, OMAR)

    assert found[2].decision.request_id != joshua.request_id


def test_a_page_with_a_birth_date_alone_may_be_a_twins() -> None:
    joans = given(JOAN, service_from=OMAR.service_from, service_to=OMAR.service_to)
    nameless = reading(3, f"Born: 03/04/1951 Encounter: {joans.service_from:%m/%d/%Y}", *NOTE, confidence=0.6)

    found = judged([letter(1, JANET), record(2, JANET), nameless], JANET, joans)

    assert found[2].decision.request_id is None
    assert joans.request_id in [candidate.request_id for candidate in found[2].candidates]
