"""Strict parsing of dates as Americans write them, through the errors OCR makes, with no guessing.

A date that could be two days is both; a date that is no day of the calendar is none. dateparser is not used:
it turns noise into dates.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from rapidfuzz.distance import OSA

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DIGITS = str.maketrans(
    {"O": "0", "o": "0", "Q": "0", "I": "1", "l": "1", "|": "1", "i": "1", "S": "5", "B": "8", "Z": "2"}
)
#: A digit, or a letter that OCR reads for one; at least one of the two in a day or month must be a digit.
_D = r"[0-9OoQIl|iSBZ]"
_DD = rf"(?:[0-9]{_D}?|{_D}[0-9])"
_SEP = r"\s?[-/.,\\—–~_]\s?|\s"
_NUMERIC = re.compile(
    rf"(?<![0-9A-Za-z.])({_DD})(?:{_SEP})({_DD})(?:{_SEP})({_D}{{4}})(?![0-9A-Za-z])"
    rf"|(?<![0-9A-Za-z./-])({_DD})[-/]({_DD})[-/]([0-9]{{2}})(?![0-9A-Za-z/-])"
)
_ISO = re.compile(rf"(?<![0-9A-Za-z])({_D}{{4}})[-/.—–]({_DD})[-/.—–]({_DD})(?![0-9A-Za-z])")
_MONTH_FIRST = re.compile(
    rf"(?<![A-Za-z])([A-Za-z]{{3,10}})[\s.,'’-]{{0,3}}({_DD})(?:st|nd|rd|th)?[\s.,'’]{{0,3}}({_D}{{4}})(?![0-9A-Za-z])"
)
_DAY_FIRST = re.compile(
    rf"(?<![0-9A-Za-z])({_DD})[-\s.]{{0,2}}([A-Za-z]{{3,10}})[-\s.,]{{0,2}}({_D}{{4}}|{_D}{{2}})(?![0-9A-Za-z])"
)
#: A separator lost to noise: `0318/1979`, `03/181979`, `03181979`.
_UNPARTED = re.compile(r"(?<![0-9A-Za-z])(\d{2})[-/.]?(\d{2})[-/.]?((?:19|20)\d{2})(?![0-9A-Za-z])")
_EARLIEST, _LATEST = date(1900, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class DateText:
    """A date in a text: where it stands (character offsets) and the days it can mean, likeliest first."""

    start: int
    end: int
    days: tuple[date, ...]


def dates_in(text: str) -> tuple[DateText, ...]:
    """All dates of a line of text, in order, none overlapping."""
    found: list[DateText] = []
    for pattern, read in _READERS:
        for seen in _read_all(pattern, read, text):
            if all(seen.end <= d.start or seen.start >= d.end for d in found):
                found.append(seen)
    return tuple(sorted(found, key=lambda d: d.start))


def _read_all(pattern: re.Pattern[str], read: Callable[..., tuple[date, ...]], text: str) -> Iterator[DateText]:
    """Matches that are days; what only looks like one does not hide a date that begins inside it."""
    match = pattern.search(text)
    while match:
        days = read(*(group.strip() for group in match.groups() if group))
        if days:
            yield DateText(match.start(), match.end(), days)
        match = pattern.search(text, match.end() if days else match.start() + 1)


def is_one_digit_off(a: date, b: date) -> bool:
    """The two days, written as MMDDYYYY, differ in one digit: what a misread digit or a typing error does."""
    first, second = f"{a:%m%d%Y}", f"{b:%m%d%Y}"
    return sum(x != y for x, y in zip(first, second, strict=True)) == 1


#: How a day is written in digits, with and without leading noughts; and with its month in letters behind the day.
_WRITTEN = (
    "{m}/{d}/{y}",
    "{m:02}/{d:02}/{y}",
    "{y}/{m:02}/{d:02}",
    "{d}/{name}/{y}",
    "{d:02}/{name}/{y}",
)


def is_one_key_off(text: str, day: date) -> bool:
    """One character of the date as written was left out, added or changed, if this day was meant."""
    seen = re.sub(r"[\s.,\\/—–~_-]+", "/", text.strip().lower())
    months = (_MONTHS[day.month - 1], _MONTHS[day.month - 1][:3])
    ways = {way.format(m=day.month, d=day.day, y=day.year, name=name) for way in _WRITTEN for name in months}
    return any(OSA.distance(seen, way, score_cutoff=1) <= 1 for way in ways)


def _month_day_year(month: str, day: str, year: str) -> tuple[date, ...]:
    """American order; day first only where the first number cannot be a month."""
    m, d = _number(month), _number(day)
    days = [_day(y, m, d) for y in _years(year)]
    if m > 12:
        days = [_day(y, d, m) for y in _years(year)]
    return tuple(day for day in days if day)


def _year_month_day(year: str, month: str, day: str) -> tuple[date, ...]:
    found = _day(_number(year), _number(month), _number(day))
    return (found,) if found else ()


def _name_day_year(name: str, day: str, year: str) -> tuple[date, ...]:
    month = _month(name)
    return tuple(filter(None, (_day(y, month, _number(day)) for y in _years(year)))) if month else ()


def _day_name_year(day: str, name: str, year: str) -> tuple[date, ...]:
    return _name_day_year(name, day, year)


_READERS = (
    (_ISO, _year_month_day),
    (_MONTH_FIRST, _name_day_year),
    (_DAY_FIRST, _day_name_year),
    (_NUMERIC, _month_day_year),
    (_UNPARTED, _month_day_year),
)


def _number(digits: str) -> int:
    return int(digits.translate(_DIGITS))


def _years(year: str) -> tuple[int, ...]:
    number = _number(year)
    return (number,) if len(year) > 2 else (2000 + number, 1900 + number)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if _EARLIEST <= found <= _LATEST else None


def _month(name: str) -> int | None:
    """The number of a month's name or abbreviation, one or two letters misread; None for other words."""
    lower = name.lower()
    for number, full in enumerate(_MONTHS, 1):
        if lower in (full, full[:3], full[:4]):
            return number
    if len(lower) < 5:
        return None
    best = min(range(12), key=lambda k: OSA.distance(lower, _MONTHS[k]))
    allowed = 1 if len(lower) < 6 else 2
    return best + 1 if OSA.distance(lower, _MONTHS[best]) <= allowed else None
