"""Arrivals: what came through a door, in order, also what could not be taken in."""

from datetime import datetime
from itertools import count
from pathlib import PurePosixPath

import sqlalchemy as sa

from worker.db.engine import reading
from worker.db.tables import ARRIVALS, DOCUMENTS
from worker.domain.document import Arrival, Stage
from worker.storage.originals import Kept


def record_arrival(
    engine: sa.Engine, path: bytes, source: str, received_at: datetime, kept: Kept | None, refusal: str = ""
) -> Arrival:
    """Note that the file at `path` (absolute, as the system's bytes) came, and return its arrival.

    The same path with the same bytes again is the same arrival. Another file with the same `source` gets
    ` (2)`, ` (3)`, ... before its suffix. `kept` is None when the bytes could not be taken; `refusal` says
    why, and the arrival's sha256 is then empty. A refused file that can be read later keeps its arrival.
    """
    with engine.begin() as connection:
        if kept is not None:
            _ensure_document(connection, kept)
        known = _same_arrival(connection, path, kept)
        if known is None:
            return _insert(connection, path, source, received_at, kept, refusal)
        if kept is not None and known.sha256 is None:
            return _heal(connection, known, kept, received_at)
        return _arrival(known)


def load_all(engine: sa.Engine) -> tuple[Arrival, ...]:
    """Every arrival in order."""
    with reading(engine) as connection:
        rows = connection.execute(sa.select(ARRIVALS).order_by(ARRIVALS.c.order))
        return tuple(_arrival(row) for row in rows)


def load_refusals(engine: sa.Engine) -> dict[str, str]:
    """Source -> the sentence why its bytes could not be taken. These arrivals have no sha256."""
    with reading(engine) as connection:
        query = sa.select(ARRIVALS.c.source, ARRIVALS.c.refusal).where(ARRIVALS.c.sha256.is_(None))
        return {row.source: row.refusal for row in connection.execute(query)}


def find_by_source(engine: sa.Engine, source: str) -> Arrival | None:
    """The arrival that a person knows by this name."""
    with reading(engine) as connection:
        row = connection.execute(sa.select(ARRIVALS).where(ARRIVALS.c.source == source)).one_or_none()
        return None if row is None else _arrival(row)


def find_first(engine: sa.Engine, sha256: str) -> Arrival:
    """The first arrival of these bytes. Raises LookupError where they never came."""
    with reading(engine) as connection:
        query = sa.select(ARRIVALS).where(ARRIVALS.c.sha256 == sha256).order_by(ARRIVALS.c.order).limit(1)
        row = connection.execute(query).one_or_none()
        if row is None:
            raise LookupError(f"no arrival brought document {sha256[:16]}")
        return _arrival(row)


def _ensure_document(connection: sa.Connection, kept: Kept) -> None:
    query = sa.select(DOCUMENTS.c.sha256).where(DOCUMENTS.c.sha256 == kept.sha256)
    if connection.execute(query).one_or_none() is None:
        values = {"sha256": kept.sha256, "size": kept.size, "stage": Stage.RECEIVED.value}
        connection.execute(sa.insert(DOCUMENTS).values(values))


def _same_arrival(connection: sa.Connection, path: bytes, kept: Kept | None) -> sa.Row[tuple[object, ...]] | None:
    """This path with these bytes, or else this path when it was refused."""
    rows = connection.execute(sa.select(ARRIVALS).where(ARRIVALS.c.path == path)).all()
    wanted = None if kept is None else kept.sha256
    by_hash = {row.sha256: row for row in rows}
    return by_hash.get(wanted) or by_hash.get(None)


def _insert(
    connection: sa.Connection,
    path: bytes,
    source: str,
    received_at: datetime,
    kept: Kept | None,
    refusal: str,
) -> Arrival:
    values = {
        "source": _unique(connection, source),
        "path": path,
        "received_at": received_at,
        "sha256": None if kept is None else kept.sha256,
        "is_duplicate": kept is not None and _has_come(connection, kept),
        "refusal": refusal,
    }
    return _arrival(connection.execute(sa.insert(ARRIVALS).values(values).returning(*ARRIVALS.c)).one())


def _heal(connection: sa.Connection, known: sa.Row[tuple[object, ...]], kept: Kept, received_at: datetime) -> Arrival:
    values = {
        "sha256": kept.sha256,
        "is_duplicate": _has_come(connection, kept),
        "refusal": "",
        "received_at": received_at,
    }
    query = sa.update(ARRIVALS).where(ARRIVALS.c.source == known.source).values(values)
    return _arrival(connection.execute(query.returning(*ARRIVALS.c)).one())


def _has_come(connection: sa.Connection, kept: Kept) -> bool:
    query = sa.select(ARRIVALS.c.order).where(ARRIVALS.c.sha256 == kept.sha256).limit(1)
    return connection.execute(query).one_or_none() is not None


def _unique(connection: sa.Connection, source: str) -> str:
    suffix = PurePosixPath(source).suffix
    stem = source.removesuffix(suffix)
    for number in count(2):
        query = sa.select(ARRIVALS.c.order).where(ARRIVALS.c.source == source)
        if connection.execute(query).one_or_none() is None:
            break
        source = f"{stem} ({number}){suffix}"
    return source


def _arrival(row: sa.Row[tuple[object, ...]]) -> Arrival:
    return Arrival(row.order, row.source, row.sha256 or "", row.received_at, row.is_duplicate)
