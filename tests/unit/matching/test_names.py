"""Names in every order and through noise; twins and relatives are not the same person."""

import pytest

from tests.builders.requests import JANET, given
from worker.matching.names import NameMatch, compare_names

CHRISTINE = given(JANET, member_first_name="Christine", member_last_name="Nakamura")


@pytest.mark.parametrize(
    "words",
    [
        "Janet Brown",
        "BROWN JANET",
        "Brown, Janet M",
        "Janet M. Brown",
        "janet brown",
        "Mrs Janet Brown",
        "Brown Jr, Janet",
        "JANET BROWNJR",
    ],
)
def test_order_case_initials_and_titles_do_not_matter(words: str) -> None:
    assert compare_names(words.split(), JANET) is NameMatch.SAME


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ("Smith-Jones", "Janet Smith-Jones"),
        ("Smith-Jones", "Jones, Janet"),
        ("O'Brien", "OBRIEN JANET"),
        ("De La Cruz", "Janet De La Cruz"),
        ("Bernard", "Bemard, Janet"),
    ],
)
def test_double_names_apostrophes_and_look_alikes(last: str, words: str) -> None:
    assert compare_names(words.split(), given(JANET, member_last_name=last)) is NameMatch.SAME


@pytest.mark.parametrize("words", ["Christinc Nakamura", "Nakarnuro Christine"])
def test_one_misread_letter_of_a_long_name_is_nearly_the_same(words: str) -> None:
    assert compare_names(words.split(), CHRISTINE) is NameMatch.NEARLY


@pytest.mark.parametrize(("words", "match"), [("Janet A", NameMatch.UNCLEAR), ("Brown A", NameMatch.DIFFERENT)])
def test_a_first_name_with_an_initial_is_half_a_name(words: str, match: NameMatch) -> None:
    assert compare_names(words.split(), JANET) is match


@pytest.mark.parametrize("words", ["Joan Brown", "Omar Nakamura", "Susan Brown", "Silas Polk", "Janet Nakamura"])
def test_another_person_is_never_the_same(words: str) -> None:
    assert compare_names(words.split(), JANET) in (NameMatch.DIFFERENT, NameMatch.UNCLEAR)


@pytest.mark.parametrize("words", ["Omar Nakamura", "Silas Polk", "Robert Brown"])
def test_a_clearly_different_name_is_different(words: str) -> None:
    assert compare_names(words.split(), JANET) is NameMatch.DIFFERENT


@pytest.mark.parametrize("words", ["Brown", "J Brown", "Jxnxt Brxwn"])
def test_half_a_name_says_nothing(words: str) -> None:
    assert compare_names(words.split(), JANET) is NameMatch.UNCLEAR


@pytest.mark.parametrize("words", ["Torres Jr, John", "John Torres", "TORRES JOHN JR"])
def test_a_suffix_is_no_part_of_the_name(words: str) -> None:
    junior = given(JANET, member_last_name="Torres Jr", member_first_name="John")

    assert compare_names(words.split(), junior) is NameMatch.SAME
    assert compare_names(["Jr", "John"], junior) is not NameMatch.SAME


@pytest.mark.parametrize(
    ("last", "first", "words"),
    [
        ("Nakamura", "Robert", "Bob Nakamura"),
        ("Nakamura", "Elizabeth", "NAKAMURA, BETTY"),
        ("Nakamura", "Bill", "Nakamura William J"),
    ],
)
def test_nicknames_are_nearly_the_same(last: str, first: str, words: str) -> None:
    assert (
        compare_names(words.split(), given(JANET, member_last_name=last, member_first_name=first)) is NameMatch.NEARLY
    )


@pytest.mark.parametrize(
    ("last", "words"), [("Nakamura Jr", "Nakamura Sr, Omar"), ("Nakamura III", "Omar Nakamura II")]
)
def test_generations_are_different_people(last: str, words: str) -> None:
    member = given(JANET, member_last_name=last, member_first_name="Omar")

    assert compare_names(words.split(), member) is NameMatch.DIFFERENT
    assert compare_names(["Omar", "Nakamura"], member) is NameMatch.SAME
