"""Whether so much of a page was read that a name on it would have been seen."""

from dataclasses import replace

import pytest

from tests.builders.readings import reading
from worker.domain.reading import Box, Line, PageReading, Region, TextReading, Word
from worker.matching.legibility import Legibility, legibility
from worker.matching.look_over import look_over
from worker.matching.registry import RequestTable
from worker.matching.tokens import tokens_of

REGISTRY = RequestTable([])


@pytest.mark.parametrize(
    ("sure", "words", "unread", "is_enough"),
    [
        (10, 20, 0, True),
        (9, 12, 0, False),
        (10, 30, 0, False),
        (4, 5, 0, True),
        (4, 6, 0, False),
        (2, 2, 0, False),
        (0, 0, 0, False),
        (40, 40, 1, False),
    ],
)
def test_many_sure_words_or_nearly_all_of_a_few(sure: int, words: int, unread: int, *, is_enough: bool) -> None:
    assert Legibility(sure, words, unread).is_enough is is_enough


def test_a_doubtful_word_that_reads_alike_twice_is_sure_and_noise_is_not() -> None:
    first = [tokens_of(_line("25 mm/s", 0.4)), tokens_of(_line("Lotitl tbdtb", 0.4))]
    again = [tokens_of(_line("25 mm/s", 0.5)), tokens_of(_line("LTI itro", 0.3))]

    assert legibility(first, again) == Legibility(sure=2, words=4, darkest=0.0)


def test_where_nothing_on_a_head_line_is_sure_a_name_may_stand_there() -> None:
    name, prose = tokens_of(_line("Me bOO DFlx", 0.4)), [tokens_of(_line("Hemoglobin 14.2 was stable", 0.9))] * 8

    assert not legibility([name, *prose], []).is_enough
    assert legibility([*prose, name], []).is_enough


def test_a_head_line_of_which_little_is_sure_takes_more_sure_words_below() -> None:
    dim = tokens_of(_mixed("by", "dad Siig HLCAC"))
    half_sure = [tokens_of(_mixed("Hemoglobin 14.2 was", "veo ub tog"))] * 8
    mostly_sure = [tokens_of(_mixed("Hemoglobin 14.2 was", "veo"))] * 8

    assert legibility(half_sure, []).is_enough
    assert not legibility([dim, *half_sure], []).is_enough
    assert legibility([dim, *mostly_sure], []).is_enough


def test_a_head_line_that_was_sure_the_second_time_is_not_dim() -> None:
    noise, title = tokens_of(_line("SDMISSION HRP", 0.4)), tokens_of(_line("ADMISSION HPX", 0.9))
    elsewhere = tokens_of(Line(tuple(replace(w, box=Box(0, 300, 9, 9)) for w in _line("ADMISSION HPX", 0.9).words)))
    prose = [tokens_of(_line("Hemoglobin 14.2 was stable", 0.9))] * 8

    assert legibility([noise, *prose], [title]).is_enough
    assert not legibility([noise, *prose], [elsewhere]).is_enough


def test_dirt_does_not_make_a_page_of_one_that_was_left_blank() -> None:
    assert look_over(_whole(reading(1, "a", "This page intentionally left blank", "_")), REGISTRY).is_blank


def test_a_page_left_blank_on_purpose_is_blank() -> None:
    page = _whole(reading(1, "This page intentionally left blank."))

    assert look_over(page, REGISTRY).is_blank


def test_a_page_that_says_more_than_that_it_is_blank_is_not() -> None:
    more = _whole(reading(1, "This page intentionally left blank", "Patient: Janet Brown"))
    unread = reading(1, "This page intentionally left blank")

    assert not look_over(more, REGISTRY).is_blank
    assert not look_over(unread, REGISTRY).is_blank


def _line(text: str, confidence: float) -> Line:
    return Line(tuple(Word(word, Box(40 * k, 0, 30, 20), confidence) for k, word in enumerate(text.split())))


def _mixed(sure: str, noise: str) -> Line:
    return Line((*_line(sure, 0.9).words, *_line(noise, 0.3).words))


def _whole(page: PageReading) -> PageReading:
    return replace(page, text=(*page.text, *(TextReading(r, ()) for r in Region)))
