"""The audit log: append-only, each row chained to the one before by a hash, so that no change goes unnoticed."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from worker.db import tasks
from worker.db.engine import reading, serialize
from worker.db.people_tables import AUDIT_LOG
from worker.domain.audit import Entry

#: What the first row is chained to.
BEGINNING = "0" * 64
#: Rows that are checked at a time.
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Logged:
    """A row of the log: `id` counts from 1 without a gap."""

    id: int
    at: datetime
    entry: Entry
    previous: str
    hash: str


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
        "by_name": _storable(entry.by_name),
        "address": _storable(entry.address),
        "action": entry.action,
        "sha256": entry.sha256,
        "page": entry.page,
        "request_id": None if entry.request_id is None else _storable(entry.request_id),
        "detail": json.dumps(dict(entry.detail), sort_keys=True).replace("\\u0000", ""),
        "previous": previous,
    }
    connection.execute(sa.insert(AUDIT_LOG).values(values | {"hash": _hash(values)}))


def load(engine: sa.Engine, first: int = 1, most: int = BATCH) -> Iterator[Logged]:
    """Rows in order, from the number `first` on."""
    query = sa.select(AUDIT_LOG).where(AUDIT_LOG.c.id >= first).order_by(AUDIT_LOG.c.id).limit(most)
    with reading(engine) as connection:
        yield from (logged(row) for row in connection.execute(query))


def logged(row: sa.Row[tuple[object, ...]]) -> Logged:
    """A row of the table as a value."""
    values = row._mapping  # Row's documented access by name
    names = ("by_name", "address", "action", "sha256", "page", "request_id")
    entry = Entry(**{name: values[name] for name in names}, detail=json.loads(values["detail"]))
    return Logged(values["id"], values["at"], entry, values["previous"], values["hash"])


def _hash(values: dict[str, object]) -> str:
    """SHA-256 of all fields and the hash before, written in one way alone."""
    at = values["at"]
    plain = values | {"at": at.astimezone(UTC).isoformat() if isinstance(at, datetime) else at}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _storable(text: str) -> str:
    """Text that every database takes: PostgreSQL refuses NUL, and no encoding takes half a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "backslashreplace").decode("utf-8")
