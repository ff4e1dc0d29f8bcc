"""What typed text can mean: each text beside the meanings it must have."""

from datetime import date

import pytest

from worker.matching.search_terms import MOST_WORDS, Meaning, meanings_of

TODAY = date(2026, 11, 25)
MARCH = (date(1951, 3, 4),)
APRIL = (date(1951, 4, 3),)


@pytest.mark.parametrize(
    "text",
    ["3/4/51", "03-04-1951", "3.4.1951", "3 / 4 / 1951", "03/04/51", "(3/4/51)"],
)
def test_numbers_are_month_day_year_and_perhaps_the_other_way_round(text: str) -> None:
    meanings = meanings_of(text, TODAY)

    assert Meaning(days=MARCH, swapped=APRIL) in meanings


@pytest.mark.parametrize(
    "text",
    ["mar 4 1951", "March 4, 1951", "4 mar 51", "4-Mar-1951", "mar. 4th, 1951", "MAR 04 51", "04mar1951"],
)
def test_a_written_month_leaves_no_doubt(text: str) -> None:
    meanings = meanings_of(text, TODAY)

    assert Meaning(days=MARCH) in meanings


@pytest.mark.parametrize("text", ["1951-03-04", "1951/3/4", "03041951", "030451"])
def test_other_ways_to_write_a_day(text: str) -> None:
    meanings = meanings_of(text, TODAY)

    assert any(meaning.days == MARCH and not meaning.words and not meaning.ids for meaning in meanings)


@pytest.mark.parametrize(
    ("text", "days", "swapped"),
    [
        ("13/4/51", (), (date(1951, 4, 13),)),
        ("4/13/51", (date(1951, 4, 13),), ()),
        ("3/4/24", (date(2024, 3, 4), date(1924, 3, 4)), (date(2024, 4, 3), date(1924, 4, 3))),
        ("12/31/26", (date(1926, 12, 31),), ()),
        ("5/5/51", (date(1951, 5, 5),), ()),
    ],
)
def test_days_that_are_possible(text: str, days: tuple[date, ...], swapped: tuple[date, ...]) -> None:
    meanings = meanings_of(text, TODAY)

    assert Meaning(days=days, swapped=swapped) in meanings


@pytest.mark.parametrize("text", ["2/30/1951", "99/99/9999", "3/4/1851", "3/4/2050"])
def test_no_day_of_a_living_person_is_no_birth_date(text: str) -> None:
    meanings = meanings_of(text, TODAY)

    assert not any(meaning.days or meaning.swapped for meaning in meanings)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("brown janet", Meaning(words=("brown", "janet"))),
        ("Brown, J", Meaning(words=("brown", "j"))),
        ("O'Brien-Smith", Meaning(words=("obrien", "smith"))),
        ("José Núñez Jr", Meaning(words=("jose", "nunez"))),
        ("brown 3/4/51", Meaning(days=MARCH, swapped=APRIL, words=("brown",))),
        ("3/4/51 brown, janet", Meaning(days=MARCH, swapped=APRIL, words=("brown", "janet"))),
        ("kim st. mary", Meaning(words=("kim", "st", "mary"))),
        ("brown H78227425", Meaning(ids=("H78227425",), words=("brown",))),
        ("brown 8264 3985 9742", Meaning(ids=("826439859742",), words=("brown",))),
        ("1252914290", Meaning(ids=("1252914290",))),
        ("mrr-204 7788", Meaning(ids=("MRR2047788",))),
        ("2O26IIOOOI7", Meaning(ids=("20261100017",))),
        ("MRR", Meaning(ids=("MRR",))),
    ],
)
def test_ids_and_words(text: str, meaning: Meaning) -> None:
    meanings = meanings_of(text, TODAY)

    assert meaning in meanings


@pytest.mark.parametrize("text", ["", " ", "%", "_'\"*()", "\0", "\ud800", "--", "*" * 10_000])
def test_nothing_to_look_for_means_nothing(text: str) -> None:
    meanings = meanings_of(text, TODAY)

    assert meanings == ()


def test_long_text_is_cut() -> None:
    text = "brown " * 2_000

    meanings = meanings_of(text, TODAY)

    assert [len(meaning.words) for meaning in meanings] == [MOST_WORDS]
