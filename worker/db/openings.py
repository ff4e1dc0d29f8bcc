"""Openings: who opened the sensitive pages of which document, why, and until when. Broken glass waits to be seen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from worker.db import audit_log, tasks
from worker.db.engine import reading
from worker.db.plain_text import storable
from worker.db.review_tables import OPENINGS
from worker.domain.audit import Entry


@dataclass(frozen=True, slots=True)
class Opening:
    """`reason` is what the person wrote. `seen_at` is None until a supervisor has acknowledged broken glass."""

    id: int
    by_name: str
    sha256: str
    reason: str
    is_break_glass: bool
    at: datetime
    until: datetime
    seen_at: datetime | None
    seen_by: str


def add(engine: sa.Engine, entry: Entry, *, reason: str, minutes: float, is_break_glass: bool) -> datetime:
    """Opens the document of the log entry for the one who asks, from now on; both are written, or neither.

    Returns when it is closed again.
    """
    with engine.begin() as connection:
        now = tasks.clock(connection)
        until = now + timedelta(minutes=minutes)
        values = {
            "by_name": entry.by_name,
            "sha256": entry.sha256,
            "reason": storable(reason),
            "is_break_glass": is_break_glass,
            "at": now,
            "until": until,
        }
        connection.execute(sa.insert(OPENINGS).values(values))
        audit_log.add(connection, entry)
        return until


def is_open(engine: sa.Engine, name: str, sha256: str) -> bool:
    """This person has opened the document's sensitive pages, and not too long ago."""
    with reading(engine) as connection:
        query = sa.select(OPENINGS.c.id).where(
            OPENINGS.c.by_name == name, OPENINGS.c.sha256 == sha256, OPENINGS.c.until > tasks.clock(connection)
        )
        return connection.execute(query.limit(1)).one_or_none() is not None


def load_unseen(engine: sa.Engine) -> tuple[Opening, ...]:
    """Broken glass that no supervisor has acknowledged, the oldest first."""
    with reading(engine) as connection:
        rows = connection.execute(sa.select(OPENINGS).where(*_UNSEEN).order_by(OPENINGS.c.id))
        return tuple(Opening(**row._mapping) for row in rows)  # Row's documented access by name


def count_unseen(engine: sa.Engine) -> int:
    """How many `load_unseen` would give."""
    with reading(engine) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(OPENINGS).where(*_UNSEEN)).scalar_one()


def acknowledge(engine: sa.Engine, opening_id: int, entry: Entry) -> bool:
    """The supervisor of the entry has seen it. False, and nothing happens: somebody had before, or there is none."""
    with engine.begin() as connection:
        which = sa.update(OPENINGS).where(OPENINGS.c.id == opening_id, *_UNSEEN)
        if connection.execute(which.values(seen_at=tasks.clock(connection), seen_by=entry.by_name)).rowcount != 1:
            return False
        audit_log.add(connection, entry)
        return True


_UNSEEN = (OPENINGS.c.is_break_glass.is_(sa.true()), OPENINGS.c.seen_at.is_(None))
