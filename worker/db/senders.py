"""Senders: fax numbers that a reviewer tied to a provider. Untied ones stay on record."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from worker.db import audit_log, tasks
from worker.db.engine import reading, upsert
from worker.db.review_tables import SENDERS
from worker.db.tables import ARRIVALS
from worker.domain.audit import Entry
from worker.matching.origin import fax_digits

#: More than one page can show.
MOST_SHOWN = 1_000


@dataclass(frozen=True, slots=True)
class Tie:
    """A number tied to a provider, by whom and when. `untied_at` is None while it counts."""

    sender: str
    provider_npi: str
    provider_name: str
    tied_by: str
    tied_at: datetime
    untied_at: datetime | None = None


def tie(engine: sa.Engine, entry: Entry, sender: str, npi: str, name: str) -> None:
    """From now on this number speaks for this provider; both the tie and the log entry are written, or neither."""
    with engine.begin() as connection:
        over = {
            "provider_name": name,
            "tied_by": entry.by_name,
            "tied_at": tasks.clock(connection),
            "untied_at": None,
        }
        values = {"sender": sender, "provider_npi": npi, **over}
        connection.execute(upsert(connection, SENDERS, values, ("sender", "provider_npi"), over))
        audit_log.add(connection, entry)


def untie(engine: sa.Engine, entry: Entry, sender: str, npi: str) -> bool:
    """It does not count any more. False: it was not tied, and nothing happens."""
    with engine.begin() as connection:
        which = sa.update(SENDERS).where(SENDERS.c.sender == sender, SENDERS.c.provider_npi == npi, _COUNTS)
        if connection.execute(which.values(untied_at=tasks.clock(connection))).rowcount != 1:
            return False
        audit_log.add(connection, entry)
        return True


def load_all(engine: sa.Engine) -> tuple[Tie, ...]:
    """The ties that count, by number."""
    query = sa.select(SENDERS).where(_COUNTS).order_by(SENDERS.c.sender, SENDERS.c.provider_name).limit(MOST_SHOWN)
    return _load(engine, query)


def load_tied(engine: sa.Engine, sender: str) -> tuple[Tie, ...]:
    """The providers that this number is tied to."""
    query = sa.select(SENDERS).where(SENDERS.c.sender == sender, _COUNTS).order_by(SENDERS.c.provider_name)
    return _load(engine, query)


def find_sender(engine: sa.Engine, sha256: str) -> str:
    """The fax number, as digits, that the document first came from; empty where it came otherwise."""
    query = sa.select(ARRIVALS.c.sender).where(ARRIVALS.c.sha256 == sha256).order_by(ARRIVALS.c.order)
    with reading(engine) as connection:
        return next(filter(None, map(fax_digits, connection.execute(query).scalars())), "")


def _load(engine: sa.Engine, query: sa.Select[tuple[object, ...]]) -> tuple[Tie, ...]:
    with reading(engine) as connection:
        return tuple(Tie(**row._mapping) for row in connection.execute(query))  # Row's documented access by name


_COUNTS = SENDERS.c.untied_at.is_(None)
