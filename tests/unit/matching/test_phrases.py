"""Phrases are found as whole words, wherever they stand, and as a pattern with a word's beginning would find them."""

import re

import pytest

from worker.domain.decision import DocumentType
from worker.matching.phrases import Cue, Phrases, cues_of, fold
from worker.matching.record_phrases import TITLES
from worker.matching.type_phrases import PHRASES

TEXT = fold(
    """
    Progress note. reprogress notes; progress notes|progress note progress
    Physical therapy therapy evaluation, unplan plan: (plan) mg 5mg MG
    We formally appeal the denial dated 03/04/2025: appeal letter, form letter of appeal
    """
)


def cue(phrase: str) -> Cue[DocumentType]:
    return cues_of([Phrases(DocumentType.LETTER, 1, 1, phrase)])[0]


def words(phrase: str, text: str) -> list[str]:
    folded = fold(text)
    return [folded[start:end] for start, end in cue(phrase).places(folded)]


def test_a_phrase_is_found_where_it_is_a_word_of_its_own() -> None:
    text = "plan, unplan planned plan_b (plan)"

    assert words("plan", text) == [fold("plan")] * 2
    assert not cue("plan").is_in(fold("unplan planned"))


def test_a_phrase_that_begins_within_a_word_is_still_found_behind_it() -> None:
    assert words("plan plan", "unplan plan plan") == [fold("plan plan")]


@pytest.mark.parametrize("group", [*TITLES, *PHRASES], ids=lambda group: group.kind)
def test_places_are_those_of_whole_words(group: "Phrases[DocumentType]") -> None:
    for each in cues_of([group]):
        as_words = re.compile(rf"\b{each.pattern.pattern}", re.MULTILINE)

        assert [*each.places(TEXT)] == [found.span() for found in as_words.finditer(TEXT)]
