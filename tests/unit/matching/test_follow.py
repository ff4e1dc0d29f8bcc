"""Pages that name nobody go with the pages beside them, where that is sure enough."""

from tests.builders.decided import NOTE, judged, letter, owners, record
from tests.builders.readings import reading
from tests.builders.requests import JANET, OMAR, given


def test_page_that_names_nobody_is_filed_only_between_pages_of_one_request() -> None:
    bare = ("Blood pressure was taken twice in the morning", "and once in the evening, pulse regular at 72")
    inside = judged([letter(1, JANET), record(2, JANET), reading(3, *bare), record(4, JANET)], JANET, OMAR)
    at_the_border = judged([letter(1, JANET), record(2, JANET), reading(3, *bare), letter(4, OMAR)], JANET, OMAR)

    assert owners(inside)[2] == JANET.request_id
    assert owners(at_the_border)[2] is None


def test_pages_that_name_nobody_end_the_run_before_a_separator_or_the_end() -> None:
    silent = ("Blood pressure was taken twice in the morning", "and once in the evening, pulse regular at 72")
    counted = [reading(3, *silent, "Page 2"), reading(4, *silent, "Page 3")]
    pages = [letter(1, JANET), record(2, JANET, "Page 1"), *counted]

    at_the_end = judged(pages, JANET, OMAR)
    uncounted = judged([*pages[:2], reading(3, *silent), record(4, OMAR)], JANET, OMAR)

    assert owners(at_the_end)[2:] == [JANET.request_id] * 2
    assert owners(uncounted)[2] is None


def test_a_page_that_counts_itself_as_a_later_one_goes_with_those_before_it() -> None:
    silent = ("Blood pressure was taken twice in the morning", "and once in the evening, pulse regular at 72")
    contradicted = record(4, given(JANET, date_of_birth=OMAR.date_of_birth))

    counted, uncounted = (
        judged([letter(1, JANET), record(2, JANET), reading(3, *silent, *more), contradicted], JANET)
        for more in (("Page 2",), ())
    )

    assert owners(counted)[2:] == [JANET.request_id, None]
    assert owners(uncounted)[2:] == [None, None]


def test_page_of_which_little_was_read_does_not_follow() -> None:
    garbled = reading(3, "woo ty who wen hoop", "noi tl othe st veo ul wad hav nd bop iut", confidence=0.3)

    found = judged([letter(1, JANET), record(2, JANET), garbled, record(4, JANET)], JANET, OMAR)

    assert owners(found) == [JANET.request_id, JANET.request_id, None, JANET.request_id]


def test_page_with_marks_of_somebody_else_does_not_follow() -> None:
    half_read = reading(3, "Ly, Kimberly", "Born OB:05/1987", "MRN 782488", "Service Date: 0931/2025", *NOTE * 3)

    found = judged([letter(1, JANET), record(2, JANET), half_read, record(4, JANET)], JANET, OMAR)

    assert owners(found) == [JANET.request_id, JANET.request_id, None, JANET.request_id]
