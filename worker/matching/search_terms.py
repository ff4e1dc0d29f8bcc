"""What a query that somebody typed could mean: ids, birth dates, words of names, in any order and mixture."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from worker.matching.confusions import fold_id
from worker.matching.name_words import written_words

#: What is typed beyond this is not looked at.
LONGEST_TEXT, MOST_WORDS = 200, 6
#: An id is looked for from so many characters on.
SHORTEST_ID = 2
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(\d{4}|\d{2})"
_YEAR_FIRST = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b", re.ASCII)
_NUMBERS = re.compile(rf"\b(\d{{1,2}})\s?[-/.]\s?(\d{{1,2}})\s?[-/.]\s?{_YEAR}\b", re.ASCII)
_MONTH_FIRST = re.compile(
    rf"\b{_MONTH}[\s\-.]*(\d{{1,2}})(?:st|nd|rd|th)?[\s,\-.']+{_YEAR}\b", re.ASCII | re.IGNORECASE
)
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[\s\-.]*{_MONTH}[\s,\-.']*{_YEAR}\b", re.ASCII | re.IGNORECASE)
_COMPACT = re.compile(r"(?<!\S)(\d{2})(\d{2})(\d{4}|\d{2})(?!\S)", re.ASCII)
_OLDEST = 120


@dataclass(frozen=True, slots=True)
class Meaning:
    """One way to understand the text: a request must have all these ids and words and one of the birth dates.

    `ids` are folded (confusions.fold_id), `words` too (name_words.fold_word). `swapped` are the birth dates if day and
    month were typed in the other order.
    """

    ids: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    swapped: tuple[date, ...] = ()
    words: tuple[str, ...] = ()


def meanings_of(text: str, today: date) -> tuple[Meaning, ...]:
    """What the text can mean, the likelier first. Nothing in it that could be looked for: no meanings."""
    text = text[:LONGEST_TEXT].strip()
    found: list[Meaning] = []
    if _can_be_id(text):
        found.append(Meaning(ids=(fold_id(text),)))
    for days, swapped, rest in _dated(text, today):
        found += _with_rest(days, swapped, rest)
    return tuple(dict.fromkeys(meaning for meaning in found if meaning != Meaning()))


def _can_be_id(text: str) -> bool:
    """It is one word (letters alone may be how an id begins), or half of it are digits."""
    if len(fold_id(text)) < SHORTEST_ID:
        return False
    digits, letters = sum(ch.isdigit() for ch in text), sum(ch.isalpha() for ch in text)
    return digits >= letters or not any(ch.isspace() for ch in text)


def _with_rest(days: tuple[date, ...], swapped: tuple[date, ...], rest: str) -> Iterator[Meaning]:
    """The meanings of what stands beside a date: digits belong to ids, one each or one id with blanks in it."""
    tokens = [token for token in re.split(r"[\s,;]+", rest) if any(ch.isalnum() for ch in token)]
    numbers = [token for token in tokens if any(ch.isdigit() for ch in token)]
    words = written_words(" ".join(token for token in tokens if token not in numbers))[:MOST_WORDS]
    ids = tuple(filter(None, map(fold_id, numbers)))[:MOST_WORDS]
    yield Meaning(ids, days, swapped, words)
    if len(ids) > 1:
        yield Meaning(("".join(ids),), days, swapped, words)


def _dated(text: str, today: date) -> Iterator[tuple[tuple[date, ...], tuple[date, ...], str]]:
    """Birth dates with the text around them; last the text without any, if there are none that must be one."""
    for pattern, order in (
        (_YEAR_FIRST, "ymd"),
        (_NUMBERS, "mdy"),
        (_MONTH_FIRST, "Mdy"),
        (_DAY_FIRST, "dMy"),
    ):
        match = pattern.search(text)
        days, swapped = _days(match, order, today) if match else ((), ())
        if match and (days or swapped):
            yield days, swapped, f"{text[: match.start()]} {text[match.end() :]}"
            return
    yield (), (), text
    match = _COMPACT.search(text)
    days, swapped = _days(match, "mdy", today) if match else ((), ())
    if match and (days or swapped):
        yield days, swapped, f"{text[: match.start()]} {text[match.end() :]}"


def _days(match: re.Match[str], order: str, today: date) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """The days that are meant, and those meant if day and month stand in the other order (only where it is open)."""
    parts = dict(zip(order.lower(), match.groups(), strict=True))
    month = _MONTHS.index(parts["m"].lower()) + 1 if "M" in order else int(parts["m"])
    day, years = int(parts["d"]), _years(parts["y"], today)
    days = _calendar(years, month, day, today)
    swapped = _calendar(years, day, month, today) if "M" not in order and day != month else ()
    return days, swapped


def _years(written: str, today: date) -> tuple[int, ...]:
    """The years of a birth: `51` is 1951, `24` is 2024 or 1924."""
    if len(written) == len("1951"):
        return (int(written),)
    this_century = today.year - today.year % 100
    return (this_century + int(written), this_century - 100 + int(written))


def _calendar(years: tuple[int, ...], month: int, day: int, today: date) -> tuple[date, ...]:
    """The days of the calendar among these on which somebody alive can be born."""
    found = []
    for year in years:
        try:
            born = date(year, month, day)
        except ValueError:
            continue
        if today - timedelta(days=366 * _OLDEST) <= born <= today:
            found.append(born)
    return tuple(found)
