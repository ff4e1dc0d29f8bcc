"""Which pages are sensitive."""

import pytest

from tests.builders.readings import reading
from worker.domain.decision import Candidate, Decision, DocumentType, Outcome
from worker.domain.review_policy import ReviewPolicy
from worker.matching.sensitive import is_sensitive, possible_owners, text_of

POLICY = ReviewPolicy(sensitive_programs=frozenset({"Behavioral Health"}))


@pytest.mark.parametrize(
    "text",
    [
        "History of opioid use disorder, on methadone",
        "OPIOID USE DISORDERS",
        "Substance-Use counselling",
        "HIV/AIDS clinic",
        "H1V test: negative",
        "weekly psychotherapy sessions",
        "Psychotherapies tried before",
        "continues metha-\ndone 40 mg",
        "alcohol\nuse disorder",
    ],
)
def test_a_page_that_says_so_is_sensitive(text: str) -> None:
    assert is_sensitive(text, (), POLICY)


@pytest.mark.parametrize(
    "text", ["", "Archive of labs", "The hive", "substance", "use of substance denied", "Hivert, Anna", "methadonex"]
)
def test_others_are_not(text: str) -> None:
    assert not is_sensitive(text, (), POLICY)


def test_pages_of_a_sensitive_program_are() -> None:
    assert is_sensitive("Blood pressure 118/92", ["behavioral health"], POLICY)
    assert not is_sensitive("Blood pressure 118/92", ["Medicare"], POLICY)


def test_without_words_and_programs_nothing_is() -> None:
    policy = ReviewPolicy(sensitive_words=())

    assert not is_sensitive("HIV", ["Behavioral Health"], policy)


def test_all_that_was_read_counts() -> None:
    page = reading(1, "Patient: Brown, Janet", "buprenorphine 8 mg")

    assert is_sensitive(text_of(page), (), POLICY)


def test_owners_are_those_filed_to_and_likely_ones() -> None:
    candidates = (Candidate("R1", 0.6, ()), Candidate("R2", 0.2, ()), Candidate("R3", 0.01, ()))
    in_review = Decision(1, Outcome.REVIEW, None, DocumentType.OTHER, 0.6, "", candidates)
    filed = Decision(1, Outcome.FILED, "R9", DocumentType.OTHER, 1.0, "")

    owners = [possible_owners(decision) for decision in (in_review, filed, None)]

    assert owners == [{"R1", "R2"}, {"R9"}, frozenset()]
