"""One row of a registry file: a request, or all that is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import lru_cache

from worker.domain.request import Request, RequestStatus

DATES = ("date_of_birth", "service_from", "service_to", "letter_date", "due_date")
_FIELDS = [field.name for field in fields(Request)]
_DATE_PLACES, _STATUS_PLACE = tuple(map(_FIELDS.index, DATES)), _FIELDS.index("status")
_STATES = {status.value: status for status in RequestStatus}
#: Without these a page cannot be tied to the request.
NEVER_EMPTY = ("request_id", "claim_number", "member_id", "member_last_name")
_BAD_CHARACTER = re.compile("[\x00-\x1f\x7f\udc80-\udcff]")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_row(cells: Mapping[str, str]) -> tuple[Request | None, list[str]]:
    """The request in these cells (column -> trimmed text), or None and one sentence per problem.

    Sentences end up in logs: they never quote a birth date or another day of a member's care.
    """
    problems = _bad_text(cells)
    if not all(map(cells.__getitem__, NEVER_EMPTY)):
        problems += [f"{name} is empty" for name in NEVER_EMPTY if not cells[name]]
    dates = dict(zip(DATES, map(_date, map(cells.__getitem__, DATES)), strict=True))
    if None in dates.values():
        problems += [f"{name} {_what_is_wrong(cells[name])}" for name, day in dates.items() if day is None]
    status = _STATES.get(cells["status"].lower())
    if status is None:
        problems.append(f"status is {cells['status']!r}, neither 'open' nor 'closed'")
    first, last = dates["service_from"], dates["service_to"]
    if first and last and first > last:
        problems.append("service_from is after service_to")
    if problems:
        return None, problems
    values = {**cells, **dates, "status": status}
    return Request(**values), problems  # type: ignore[arg-type]  # all are there: dates and the state were looked at


def read_checked(cells: Sequence[str]) -> Request | None:
    """The request of a row that was right before, its cells in the order of the fields. None: it is not right now."""
    values: list[object] = list(cells)
    for place in _DATE_PLACES:
        values[place] = _date(cells[place])
    values[_STATUS_PLACE] = _STATES.get(cells[_STATUS_PLACE].lower())
    return None if None in values else Request(*values)  # type: ignore[arg-type]  # in the order of the fields


def _bad_text(cells: Mapping[str, str]) -> list[str]:
    """Bytes that are not UTF-8 came in as lone surrogates; control characters are never part of a cell."""
    problems: list[str] = []
    if not _BAD_CHARACTER.search("".join(cells.values())):
        return problems
    for name, cell in cells.items():
        if any("\udc80" <= char <= "\udcff" for char in cell):
            problems.append(f"{name} is not UTF-8 text: save the file as CSV UTF-8")
        elif any(ord(char) < 32 or ord(char) == 127 for char in cell):
            problems.append(f"{name} holds control characters or a line break")
    return problems


@lru_cache(maxsize=65_536)
def _date(cell: str) -> date | None:
    if not ISO_DATE.fullmatch(cell):
        return None
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None


def _what_is_wrong(cell: str) -> str:
    """Says it by the form of the cell, `03/04/1951` being `99/99/9999`."""
    if ISO_DATE.fullmatch(cell):
        return "is no day of the calendar"
    form = re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "9", cell))
    return f"has the form {form!r}, not that of 2026-01-31" if cell else "is empty, not a date like 2026-01-31"
