"""Whole documents decided from what was read on them: each a situation of the mailroom."""

from tests.builders.decided import NOTE, judged, letter, owners, record
from tests.builders.readings import blank, reading
from tests.builders.requests import CLOSED, JANET, JANET_SPRING, OMAR, given
from worker.domain.decision import DocumentType, Outcome
from worker.domain.reading import PageReading, Region, Unreadable
from worker.domain.request import RequestStatus
from worker.matching.candidates import Compared
from worker.matching.decide import decide
from worker.matching.judgment import Ground
from worker.matching.look_over import look_over
from worker.matching.policy import Policy
from worker.matching.question import Question
from worker.matching.registry import RequestTable


def test_pages_follow_the_letter_that_names_their_patient() -> None:
    pages = [letter(1, JANET), record(2, JANET), record(3, JANET, dated=False)]

    found = judged(pages, JANET, OMAR)

    assert owners(found) == [JANET.request_id] * 3
    assert found[0].page.document_type is DocumentType.LETTER
    assert found[1].page.document_type is DocumentType.MEDICAL_RECORD


def test_letter_without_barcode_is_found_by_its_words() -> None:
    found = judged([letter(1, JANET, barcode=False), record(2, JANET)], JANET, OMAR)

    assert owners(found) == [JANET.request_id] * 2


def test_bundle_is_split_at_each_letter() -> None:
    pages = [letter(1, JANET), record(2, JANET), letter(3, OMAR), record(4, OMAR), record(5, OMAR, dated=False)]

    found = judged(pages, JANET, OMAR)

    assert owners(found) == [JANET.request_id] * 2 + [OMAR.request_id] * 3


def test_letters_on_top_leave_each_record_to_its_own() -> None:
    pages = [letter(1, JANET), letter(2, OMAR), record(3, OMAR), record(4, JANET), record(5, JANET)]

    found = judged(pages, JANET, OMAR)

    assert owners(found) == [JANET.request_id, OMAR.request_id, OMAR.request_id, JANET.request_id, JANET.request_id]


def test_letter_may_stand_last() -> None:
    found = judged([record(1, JANET), record(2, JANET, dated=False), letter(3, JANET)], JANET, OMAR)

    assert owners(found) == [JANET.request_id] * 3


def test_record_without_letter_is_filed_by_name_birth_date_and_date_of_service() -> None:
    found = judged([record(1, JANET), record(2, JANET)], JANET, OMAR)

    assert owners(found) == [JANET.request_id] * 2


def test_stranger_with_a_request_of_his_own_goes_there() -> None:
    pages = [letter(1, JANET), record(2, JANET), record(3, OMAR), record(4, JANET)]

    found = judged(pages, JANET, OMAR)

    assert owners(found) == [JANET.request_id, JANET.request_id, OMAR.request_id, JANET.request_id]


def test_stranger_nobody_knows_goes_to_a_person() -> None:
    stranger = reading(3, "Patient: POLK, Silas DOB: 11/30/1962", "Visit date: August 24, 2025", *NOTE)

    found = judged([letter(1, JANET), record(2, JANET), stranger, record(4, JANET)], JANET, OMAR)

    assert found[2].outcome is Outcome.REVIEW
    assert owners(found)[3] == JANET.request_id


def test_birth_date_that_differs_sends_the_page_to_a_person_even_behind_a_barcode() -> None:
    wrong = reading(2, "Patient: BROWN, Janet DOB: 03/04/1957", "Visit date: August 24, 2025", *NOTE)

    found = judged([letter(1, JANET), wrong, record(3, JANET)], JANET, OMAR)

    assert found[1].ground is Ground.CONTRADICTED
    assert "03/04/1957" in found[1].reason
    assert owners(found) == [JANET.request_id, None, JANET.request_id]


def test_two_requests_of_one_member_are_told_apart_by_dates_of_service() -> None:
    found = judged([record(1, JANET_SPRING), record(2, JANET)], JANET, JANET_SPRING)

    assert owners(found) == [JANET_SPRING.request_id, JANET.request_id]


def test_two_requests_of_one_member_go_to_a_person_where_no_date_tells() -> None:
    found = judged([record(1, JANET, dated=False)], JANET, JANET_SPRING)

    assert found[0].outcome is Outcome.REVIEW


def test_letter_reused_for_another_claim_does_not_pull_its_records() -> None:
    found = judged([letter(1, JANET), record(2, JANET_SPRING)], JANET, JANET_SPRING)

    assert owners(found)[1] in (JANET_SPRING.request_id, None)


def test_closed_request_goes_to_a_person_with_the_reason() -> None:
    found = judged([letter(1, CLOSED), record(2, CLOSED)], CLOSED, JANET)

    assert [judgment.ground for judgment in found] == [Ground.CLOSED] * 2
    assert "closed" in found[0].reason


def test_request_that_never_was_ours_goes_to_a_person_with_its_records() -> None:
    other = letter(1, OMAR, barcode=False)

    found = judged([other, record(2, OMAR)], JANET, JANET_SPRING)

    assert found[0].ground is Ground.UNKNOWN_REQUEST
    assert found[1].outcome is Outcome.REVIEW


def test_barcode_of_others_is_ignored() -> None:
    labelled = reading(2, "Patient: Janet Brown DOB 03/04/1951", "DOS 08/24/2025", *NOTE, barcode="S-20260017-X")

    found = judged([letter(1, JANET), labelled], JANET, OMAR)

    assert owners(found) == [JANET.request_id] * 2


def test_blank_page_is_set_aside_and_does_not_break_the_run() -> None:
    found = judged([letter(1, JANET), blank(2), record(3, JANET, dated=False)], JANET, OMAR)

    assert found[1].outcome is Outcome.SET_ASIDE
    assert owners(found) == [JANET.request_id, None, JANET.request_id]


def test_cover_sheet_that_names_no_request_is_set_aside() -> None:
    cover = reading(1, "FAX COVER SHEET", "To: Medical Records", "Re: Records for Brown", "Pages: 3 including cover")

    found = judged([cover, letter(2, JANET), record(3, JANET)], JANET, OMAR)

    assert found[0].ground is Ground.COVER_SHEET


def test_page_that_could_not_be_read_is_not_taken_for_an_empty_one() -> None:
    dark = PageReading(3, 0, 0, text=(Unreadable(Region.BANDS, "the decoder crashed"),))

    found = judged([letter(1, JANET), record(2, JANET), dark, record(4, JANET)], JANET, OMAR)

    assert found[2].ground is Ground.UNREADABLE


def test_letter_that_lists_several_requests_goes_to_a_person() -> None:
    both = reading(
        1,
        "Request for medical records",
        f"Request ID: {JANET.request_id}  Claim number: {JANET.claim_number}",
        f"Request ID: {JANET_SPRING.request_id}  Claim number: {JANET_SPRING.claim_number}",
        "Member name: Janet Brown  Date of birth: 03/04/1951",
    )

    found = judged([both, record(2, JANET), record(3, JANET_SPRING)], JANET, JANET_SPRING)

    assert found[0].ground is Ground.SEVERAL_FIT
    assert owners(found)[1:] == [JANET.request_id, JANET_SPRING.request_id]


def test_same_input_gives_the_same_judgments() -> None:
    pages = [letter(1, JANET), record(2, JANET), record(3, OMAR), blank(4)]

    assert judged(pages, JANET, OMAR) == judged(pages, OMAR, JANET)


def test_letter_of_another_payer_about_the_same_stay_goes_to_a_person() -> None:
    foreign = reading(
        1,
        "Some Other Health Plan",
        "Please send the complete medical record.",
        "Case No. ZZ-99-1",
        "Member name: Janet Brown  Date of birth: 03/04/1951",
        "Dates of service: 08/23/2025 - 08/26/2025",
    )

    found = judged([foreign], JANET, OMAR)

    assert found[0].page.document_type is DocumentType.LETTER
    assert found[0].outcome is Outcome.REVIEW


def test_letter_whose_id_has_one_character_wrong_is_ours_where_all_else_agrees() -> None:
    misread = JANET.request_id[:-1] + ("8" if JANET.request_id[-1] != "8" else "3")
    lines = (
        "Request for medical records",
        "Member name: Janet Brown",
        f"Date of birth: {JANET.date_of_birth:%m/%d/%Y}",
        f"Dates of service: {JANET.service_from:%m/%d/%Y} - {JANET.service_to:%m/%d/%Y}",
        "Please send the complete medical record.",
    )

    with_id = judged([reading(1, f"Request ID: {misread}", *lines)], JANET, OMAR)
    without = judged([reading(1, *lines)], JANET, OMAR)

    assert owners(with_id) == [JANET.request_id]
    assert owners(without) == [None]


def test_a_short_number_that_happens_to_be_an_id_files_nothing() -> None:
    short = [given(OMAR, request_id=f"{n}", claim_number=f"{n}-C", member_id=f"M-{n}") for n in range(482000, 482900)]
    chart = reading(1, "Progress Note", "Account 482113", "The incision is clean and dry", barcode="482777")

    found = judged([chart], *short)

    assert found[0].outcome is Outcome.REVIEW


def test_a_maiden_name_is_a_weak_sign_against_that_a_person_looks_at() -> None:
    maiden = reading(2, "Patient: NAKAMURA, Janet DOB: 03/04/1951", "Visit date: August 23, 2025", *NOTE)

    found = judged([letter(1, JANET), maiden, record(3, JANET)], JANET, OMAR)

    other = next(f for f in found[1].candidates[0].findings if f.name == "other surname")
    assert -5 < other.weight < 0
    assert found[1].ground is Ground.CONTRADICTED


def test_a_member_id_that_counts_the_family_is_a_hint() -> None:
    page = reading(1, f"Member ID: {JANET.member_id}-02", *NOTE)

    found = judged([page], JANET, OMAR)

    hint = next(f for f in found[0].candidates[0].findings if f.name == "member id")
    assert 0 < hint.weight < 3
    assert found[0].decision.request_id is None


def test_a_tie_with_a_closed_request_is_a_tie_and_read_on() -> None:
    closed = given(JANET_SPRING, status=RequestStatus.CLOSED)

    found = judged([record(1, JANET, dated=False), record(2, JANET, dated=False)], JANET, closed)

    assert {judgment.ground for judgment in found} == {Ground.SEVERAL_FIT}


def test_a_date_decades_away_is_no_date_of_service_and_nobody_is_born_tomorrow() -> None:
    odd = reading(2, "Patient: BROWN, Janet DOB: 05/15/2027", "Visit date: July 29, 1987", *NOTE)

    found = judged([letter(1, JANET), odd, record(3, JANET)], JANET, OMAR)

    names = {finding.name for finding in found[1].candidates[0].findings}
    assert "birth date" not in names
    assert "date of service" not in names


def test_what_was_compared_before_changes_no_judgment() -> None:
    registry, compared = RequestTable([JANET, JANET_SPRING, OMAR]), Compared()
    pages = [look_over(page, registry) for page in (letter(1, JANET), record(2, JANET), record(3, OMAR))]
    decide(pages, registry, Policy(), compared=compared)
    read_on = [*pages[:2], look_over(record(3, JANET), registry)]

    again = decide(read_on, registry, Policy(), compared=compared)

    assert again == decide(read_on, registry, Policy())
    assert owners(again) == [JANET.request_id] * 3


def test_only_pages_that_were_read_on_are_compared_again() -> None:
    registry, compared = RequestTable([JANET]), Compared()
    page, read_on = (look_over(record(1, JANET), registry) for _ in range(2))

    first = compared.findings(Question(page, JANET, registry, Policy()))
    same = compared.findings(Question(page, JANET, registry, Policy()))
    anew = compared.findings(Question(read_on, JANET, registry, Policy()))

    assert same is first
    assert anew == first
    assert anew is not first
