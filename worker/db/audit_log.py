"""The audit log: append-only, each row chained to the one before by a hash, so that no change goes unnoticed."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import sqlalchemy as sa

from worker.db import tasks
from worker.db.engine import reading, serialize
from worker.db.people_tables import AUDIT_LOG
from worker.db.plain_text import storable
from worker.domain.audit import Entry

#: What the first row is chained to.
BEGINNING = "0" * 64
#: Rows that are checked at a time.
BATCH = 5_000
#: Problems that are told; whoever has more needs no more.
MOST_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class Logged:
    """A row of the log: `id` counts from 1 without a gap."""

    id: int
    at: datetime
    entry: Entry
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The number and the hash of a row; the last one's stand for all before it."""

    id: int
    hash: str

    def __str__(self) -> str:
        return f"{self.id}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What walking the chain found: how many rows, the last of them, and the problems, the first hundred at most."""

    rows: int
    head: Head | None
    problems: tuple[str, ...]


def append(engine: sa.Engine, entry: Entry) -> None:
    """Write it in a transaction of its own."""
    with engine.begin() as connection:
        add(connection, entry)


def add(connection: sa.Connection, entry: Entry) -> None:
    """Write it in the caller's transaction, which should end soon: one writes at a time, or the chain would fork."""
    serialize(connection, "audit log")
    last = sa.select(AUDIT_LOG.c.id, AUDIT_LOG.c.hash).order_by(AUDIT_LOG.c.id.desc()).limit(1)
    before = connection.execute(last).one_or_none()
    number, previous = (before.id + 1, before.hash) if before else (1, BEGINNING)
    at = tasks.clock(connection).astimezone(UTC)
    values = {
        "id": number,
        "at": at,
        "by_name": storable(entry.by_name),
        "address": storable(entry.address),
        "action": entry.action,
        "sha256": entry.sha256,
        "page": entry.page,
        "request_id": None if entry.request_id is None else storable(entry.request_id),
        "detail": json.dumps(dict(entry.detail), sort_keys=True),
        "previous": previous,
    }
    connection.execute(sa.insert(AUDIT_LOG).values(values | {"hash": _hash(values)}))


def load(engine: sa.Engine, first: int = 1, most: int = BATCH) -> Iterator[Logged]:
    """Rows in order, from the number `first` on."""
    query = sa.select(AUDIT_LOG).where(AUDIT_LOG.c.id >= first).order_by(AUDIT_LOG.c.id).limit(most)
    with reading(engine) as connection:
        yield from (logged(row) for row in connection.execute(query))


def head(engine: sa.Engine) -> Head | None:
    """The last row, by number and hash: kept elsewhere, it proves later that nothing was cut off."""
    query = sa.select(AUDIT_LOG.c.id, AUDIT_LOG.c.hash).order_by(AUDIT_LOG.c.id.desc()).limit(1)
    with reading(engine) as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else Head(row.id, row.hash)


def verify(engine: sa.Engine, expected: Head | None = None) -> Verdict:
    """Walk the whole chain, some rows at a time: each is as it was written, and none is missing up to `expected`.

    What nobody can see is a log rewritten from some row on, all hashes made anew: that is what `expected` is for.
    """
    found = _Walk(expected)
    query = sa.select(AUDIT_LOG).order_by(AUDIT_LOG.c.id)
    with reading(engine) as connection:
        try:
            for row in connection.execution_options(yield_per=BATCH).execute(query):
                found.look(dict(row._mapping))  # Row's documented access by name
        except ValueError:  # SQLite keeps moments as text, in which anything may have been written
            found.break_off()
    return found.verdict()


def logged(row: sa.Row[tuple[object, ...]]) -> Logged:
    """A row of the table as a value."""
    values = row._mapping  # Row's documented access by name
    names = ("by_name", "address", "action", "sha256", "page", "request_id")
    entry = Entry(**{name: values[name] for name in names}, detail=json.loads(values["detail"]))
    return Logged(values["id"], values["at"], entry, values["previous"], values["hash"])


class _Walk:
    """The state of walking along the chain."""

    def __init__(self, expected: Head | None) -> None:
        self._expected = expected
        self._last = Head(0, BEGINNING)
        self._rows = 0
        self._problems: list[str] = []

    def look(self, row: dict[str, object]) -> None:
        number, found = cast(int, row["id"]), cast(str, row.pop("hash"))
        if number != self._last.id + 1:
            self._tell(f"rows {self._last.id + 1} to {number - 1} are missing")
        elif row["previous"] != self._last.hash:
            self._tell(f"row {number} is not chained to the row before it")
        if _hash(row) != found:
            self._tell(f"row {number} is not as it was written")
        if self._expected and number == self._expected.id and found != self._expected.hash:
            self._tell(f"row {number} is not the one that was the last once: the log was written anew")
        self._last, self._rows = Head(number, found), self._rows + 1

    def break_off(self) -> None:
        self._tell(f"a row after {self._last.id} holds what was never written: what follows was not checked")

    def verdict(self) -> Verdict:
        if self._expected and self._last.id < self._expected.id:
            self._tell(f"rows {self._last.id + 1} to {self._expected.id} are missing: the log was cut off")
        return Verdict(self._rows, self._last if self._rows else None, tuple(self._problems))

    def _tell(self, problem: str) -> None:
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(problem)


def _hash(values: dict[str, object]) -> str:
    """SHA-256 of all fields and the hash before, written in one way alone."""
    at = values["at"]
    plain = values | {"at": at.astimezone(UTC).isoformat() if isinstance(at, datetime) else at}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
