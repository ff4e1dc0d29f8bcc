"""Searching the audit log: by person, action, document, request and time, page by page from the newest."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from worker.db.audit_log import Logged, logged
from worker.db.engine import reading
from worker.db.people_tables import AUDIT_LOG

#: Hexadecimal digits of a document's hash that are enough to look for it.
SHORTEST_HASH = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty does not matter. `sha256` may be its first digits; `until` is left out.

    `before` and `after` are row numbers: rows older than the one, or newer than the other.
    """

    name: str = ""
    action: str = ""
    sha256: str = ""
    request_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    after: int | None = None


def search(engine: sa.Engine, wanted: Wanted, most: int) -> tuple[Logged, ...]:
    """The newest rows that fit, the newest first; with `after`, the oldest of those that are newer."""
    order = AUDIT_LOG.c.id if wanted.after is not None else AUDIT_LOG.c.id.desc()
    with reading(engine) as connection:
        conditions = [*_conditions(wanted), *_span(connection, wanted)]
        query = sa.select(AUDIT_LOG).where(*conditions).order_by(order).limit(most)
        rows = tuple(logged(row) for row in connection.execute(query))
    return rows[::-1] if wanted.after is not None else rows


def load_actions(engine: sa.Engine) -> tuple[str, ...]:
    """Every action that was ever noted: one step in the index for each, however many rows there are."""
    found: list[str] = []
    with reading(engine) as connection:
        while True:
            query = sa.select(sa.func.min(AUDIT_LOG.c.action)).where(AUDIT_LOG.c.action > (found[-1] if found else ""))
            action = connection.execute(query).scalar()
            if action is None:
                return tuple(found)
            found.append(action)


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    table = AUDIT_LOG.c
    given: list[tuple[object, sa.ColumnElement[bool]]] = [
        (wanted.name, table.by_name == wanted.name),
        (wanted.action, table.action == wanted.action),
        (wanted.request_id, table.request_id == wanted.request_id),
        (wanted.before is not None, table.id < (wanted.before or 0)),
        (wanted.after is not None, table.id > (wanted.after or 0)),
    ]
    conditions = [condition for is_given, condition in given if is_given]
    if wanted.sha256:
        # A span, not LIKE: the index serves it on every database.
        conditions.append(sa.and_(table.sha256 >= wanted.sha256, table.sha256 < wanted.sha256 + "g"))
    return conditions


def _span(connection: sa.Connection, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """A span of time as one of row numbers: both grow together, and only numbers have an index."""
    span = []
    if wanted.since:
        span.append(AUDIT_LOG.c.id >= _first_since(connection, wanted.since))
    if wanted.until:
        span.append(AUDIT_LOG.c.id < _first_since(connection, wanted.until))
    return span


def _first_since(connection: sa.Connection, moment: datetime) -> int:
    """The number of the first row that was written at this moment or later, by halving."""
    low, high = 1, (connection.execute(sa.select(sa.func.max(AUDIT_LOG.c.id))).scalar() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        query = sa.select(AUDIT_LOG.c.id, AUDIT_LOG.c.at).where(AUDIT_LOG.c.id >= middle).order_by(AUDIT_LOG.c.id)
        row = connection.execute(query.limit(1)).one_or_none()
        if row is None or row.at >= moment:
            high = middle
        else:
            low = row.id + 1
    return low
