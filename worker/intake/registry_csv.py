"""The payer's registry of requests from a CSV file: all of it, or every problem in it at once."""

import csv
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from pathlib import Path

from worker.domain.request import Request
from worker.errors import BadRegistryError
from worker.intake.registry_header import COLUMNS, header_problems
from worker.intake.registry_row import read_checked, read_row
from worker.storage.originals import why_unreadable

#: Characters in one cell, above which a quotation mark was surely forgotten.
LONGEST_CELL = 10_000
Problem = tuple[int, str]
Cells = tuple[str, ...] | str


@dataclass(frozen=True, slots=True)
class Registry:
    """The requests of a file in its order, and what was wrong with the rows that were left out."""

    requests: tuple[Request, ...]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that can be imported: how many requests it holds, how many of them open, what was wrong with the rows
    that are left out. The requests themselves are read from the file each time, one after the other.
    """

    path: Path
    count: int
    still_open: int
    problems: tuple[str, ...]
    left_out: frozenset[int]

    def __iter__(self) -> Iterator[Request]:
        """In the order of the file. Raises BadRegistryError when it is no longer what was checked."""
        given = 0
        for line, cells in _read(self.path, []):
            if line in self.left_out:
                continue
            request = None if isinstance(cells, str) else read_checked(cells)
            if request is None:
                break
            given += 1
            yield request
        if given != self.count:
            raise BadRegistryError(self.path.name, ("the file was changed while it was read",))


def read_registry(path: Path, *, skip_bad_rows: bool = False) -> Registry:
    """All requests of a file at once; see check_registry."""
    checked = check_registry(path, skip_bad_rows=skip_bad_rows)
    return Registry(tuple(checked), checked.problems)


def check_registry(path: Path, *, skip_bad_rows: bool = False) -> CheckedFile:
    """Check the registry with next to nothing of it in memory: eight bytes a row.

    Columns: see COLUMNS, in any order; others are ignored. UTF-8 with or without a byte order mark; dates as
    YYYY-MM-DD; blank lines are fine. Raises BadRegistryError with all problems and their line numbers; with
    `skip_bad_rows` only when the file as a whole cannot be used, and bad rows come back as problems beside the good
    ones. Of two different rows with one request id neither is taken: filing against the wrong one would misfile.
    """
    problems: list[Problem] = []
    left_out: set[int] = set()
    hashes, still_open = array("q"), 0
    for line, cells in _read(path, problems):
        request, wrong = _request(cells)
        problems += ((line, f"line {line}: {problem}") for problem in wrong)
        if request is None:
            left_out.add(line)
        else:
            hashes.append(hash(request.request_id))
            still_open += request.is_open
    twice = _twice(path, hashes, problems)
    count = len(hashes) - len(twice)
    if not count and not problems:
        problems.append((1, "the file holds no requests"))
    told = tuple(sentence for _, sentence in sorted(problems, key=itemgetter(0)))
    if told and not (skip_bad_rows and count):
        raise BadRegistryError(path.name, told)
    return CheckedFile(path, count, still_open - sum(twice.values()), told, frozenset(left_out | twice.keys()))


def _twice(path: Path, hashes: Sequence[int], problems: list[Problem]) -> dict[int, bool]:
    """The lines of good rows that are not taken since their id stands there twice, and whether those are open."""
    suspects = {one for one, other in pairwise(sorted(hashes)) if one == other}
    first: dict[str, tuple[int, Request]] = {}
    doubled: set[str] = set()
    left_out: dict[int, bool] = {}
    for line, cells in _read(path, []) if suspects else ():
        request, _ = _request(cells)
        if request is None or hash(request.request_id) not in suspects:
            continue
        before, same = first.setdefault(request.request_id, (line, request))
        if before != line:
            problems.append((line, f"line {line}: request_id {request.request_id!r} stands on line {before} already"))
            left_out[line] = request.is_open
            if same != request:
                doubled.add(request.request_id)
    return left_out | {line: request.is_open for key, (line, request) in first.items() if key in doubled}


def _request(cells: Cells) -> tuple[Request | None, list[str]]:
    """The request of a row, or what is wrong with it."""
    if isinstance(cells, str):
        return None, [cells]
    return read_row(dict(zip(COLUMNS, cells, strict=True)))


def _read(path: Path, problems: list[Problem]) -> Iterator[tuple[int, Cells]]:
    """The rows with their lines: their trimmed cells in the order of COLUMNS, or a sentence why there are none.

    What is wrong with the file is added to `problems`.
    """
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
            rows = _rows(stream, problems)
            header = _header(path.name, rows, problems)
            wanted = itemgetter(*map(header.index, COLUMNS))
            for line, cells in rows:
                if len(cells) == len(header):
                    yield line, tuple(map(str.strip, wanted(cells)))
                else:
                    yield line, f"{len(cells)} cells where the header has {len(header)}"
    except OSError as error:
        raise BadRegistryError(path.name, (f"cannot be read: {why_unreadable(error)}",)) from error


def _rows(stream: Iterator[str], problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
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
            broken = f"line {line}: broken quotation marks from here on ({error}); nothing after was read"
            problems.append((line, broken))
            return
        if any(map(str.strip, cells)):
            yield line, cells
        line = reader.line_num + 1


def _header(name: str, rows: Iterator[tuple[int, list[str]]], problems: list[Problem]) -> list[str]:
    line, cells = next(rows, (1, []))
    header = [cell.strip() for cell in cells]
    wrong = header_problems(line, header)
    if wrong or problems:
        raise BadRegistryError(name, (*(sentence for _, sentence in problems), *wrong))
    return header
