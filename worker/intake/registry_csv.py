"""The payer's registry of requests from a CSV file: all of it, or every problem in it at once."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from worker.domain.request import Request
from worker.errors import BadRegistryError
from worker.intake.registry_header import COLUMNS, header_problems
from worker.intake.registry_row import read_row
from worker.storage.originals import why_unreadable

#: Characters in one cell, above which a quotation mark was surely forgotten.
LONGEST_CELL = 10_000


@dataclass(frozen=True, slots=True)
class Registry:
    """The requests of a file in its order, and what was wrong with the rows that were left out."""

    requests: tuple[Request, ...]
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """What a pass over the rows has found so far; keyed by request id, with the line it stood on."""

    requests: dict[str, tuple[int, Request]] = field(default_factory=dict)
    doubled: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


def read_registry(path: Path, *, skip_bad_rows: bool = False) -> Registry:
    """Read the registry. Columns: see COLUMNS, in any order; others are ignored.

    UTF-8 with or without a byte order mark; dates as YYYY-MM-DD; blank lines are fine. Raises
    BadRegistryError with all problems and their line numbers; with `skip_bad_rows` only when the file as a
    whole cannot be used, and bad rows come back as problems beside the good ones. Of two different rows with
    one request id neither is taken: filing against the wrong one would misfile.
    """
    found = _Found()
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
            rows = _rows(stream, found.problems)
            header = _header(path.name, rows, found.problems)
            for line, cells in rows:
                _take(line, header, cells, found)
    except OSError as error:
        raise BadRegistryError(path.name, (f"cannot be read: {why_unreadable(error)}",)) from error
    requests = tuple(request for key, (_, request) in found.requests.items() if key not in found.doubled)
    if not requests and not found.problems:
        found.problems.append("the file holds no requests")
    if found.problems and not (skip_bad_rows and requests):
        raise BadRegistryError(path.name, tuple(found.problems))
    return Registry(requests, tuple(found.problems))


def _rows(stream: Iterator[str], problems: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the number of its first line. Ends at a broken quotation."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(stream, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(f"line {line}: broken quotation marks from here on ({error}); nothing after was read")
            return
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _header(name: str, rows: Iterator[tuple[int, list[str]]], problems: list[str]) -> list[str]:
    line, cells = next(rows, (1, []))
    header = [cell.strip() for cell in cells]
    wrong = header_problems(line, header)
    if wrong or problems:
        raise BadRegistryError(name, (*problems, *wrong))
    return header


def _take(line: int, header: list[str], cells: list[str], found: _Found) -> None:
    if len(cells) != len(header):
        found.problems.append(f"line {line}: {len(cells)} cells where the header has {len(header)}")
        return
    named = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    request, problems = read_row({name: named[name] for name in COLUMNS})
    found.problems.extend(f"line {line}: {problem}" for problem in problems)
    if request is None:
        return
    first = found.requests.setdefault(request.request_id, (line, request))
    if first[0] != line:
        found.problems.append(f"line {line}: request_id {request.request_id!r} stands on line {first[0]} already")
        if first[1] != request:
            found.doubled.add(request.request_id)
