"""Arrivals: what came through a door, in order, also what could not be taken in."""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath

import sqlalchemy as sa

from worker.db.documents import ensure_document, open_again, start_document
from worker.db.engine import reading, serialize
from worker.db.tables import ARRIVALS
from worker.domain.document import Arrival
from worker.domain.envelope import Channel, Envelope, Incoming
from worker.domain.line import DEFAULT_LINES
from worker.storage.originals import Kept

#: Crockford's base 32: nothing that is misread over the telephone.
RECEIPT_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: The fields of an envelope that are plain text, in the database as in the domain.
_TEXTS = ("line", "sender", "sender_name", "dialled", "station", "operator", "error", "external_id")
ROUTINE_PRIORITY = DEFAULT_LINES[0].priority
#: The numbers of equal names that are looked at first; an arrival's own number is smaller than the last.
_LEAPS = tuple(2**power for power in range(32))


def record_arrival(
    engine: sa.Engine,
    incoming: Incoming,
    kept: Kept | None,
    refusal: str = "",
    *,
    priority: int = ROUTINE_PRIORITY,
    clock_hours: int | None = None,
) -> Arrival:
    """Note that something came, with the task of opening it, and return its arrival.

    The same place with the same bytes again is the same arrival. Another file with the same `source` gets
    ` (2)`, ` (3)`, ... before its suffix. `kept` is None when the bytes could not be taken; `refusal` says
    why, and the arrival's sha256 is then empty. A refused file that can be read later keeps its arrival.
    `priority` and `clock_hours` are those of the envelope's line; the same bytes on a more urgent line make the
    document more urgent.
    A document that was rejected is opened again when it comes again: this line may take more pages.
    """
    with engine.begin() as connection:
        # One at a time: two doors with the same bytes are a document and its duplicate, and an arrival that has a
        # number is seen before any later one, since documents settle in that order.
        serialize(connection, "arrivals")
        known = _same_arrival(connection, incoming.place, kept)
        if kept is not None:
            ensure_document(connection, kept, incoming.envelope.line, priority, clock_hours)
        if known is None:
            arrival = _insert(connection, incoming, kept, refusal)
        elif kept is not None and known.sha256 is None:
            arrival = _heal(connection, known, kept, incoming.received_at)
        else:
            return _arrival(known)
        if kept is not None and arrival.is_duplicate:
            open_again(connection, arrival.sha256, arrival.order, is_new_line=_is_new_line(connection, arrival))
        elif kept is not None:
            start_document(connection, arrival.sha256, priority, arrival.order)
        return arrival


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


def find_by_receipt(engine: sa.Engine, receipt: str) -> Arrival | None:
    """The arrival that a sender knows by this number."""
    with reading(engine) as connection:
        row = connection.execute(sa.select(ARRIVALS).where(ARRIVALS.c.receipt == receipt)).one_or_none()
        return None if row is None else _arrival(row)


def load_of(engine: sa.Engine, sha256: str) -> tuple[Arrival, ...]:
    """Every arrival of these bytes, in order."""
    with reading(engine) as connection:
        query = sa.select(ARRIVALS).where(ARRIVALS.c.sha256 == sha256).order_by(ARRIVALS.c.order)
        return tuple(_arrival(row) for row in connection.execute(query))


def find_first(engine: sa.Engine, sha256: str) -> Arrival:
    """The first arrival of these bytes. Raises LookupError where they never came."""
    with reading(engine) as connection:
        query = sa.select(ARRIVALS).where(ARRIVALS.c.sha256 == sha256).order_by(ARRIVALS.c.order).limit(1)
        row = connection.execute(query).one_or_none()
        if row is None:
            raise LookupError(f"no arrival brought document {sha256[:16]}")
        return _arrival(row)


def _same_arrival(connection: sa.Connection, path: bytes, kept: Kept | None) -> sa.Row[tuple[object, ...]] | None:
    """This path with these bytes, or else this path when it was refused."""
    rows = connection.execute(sa.select(ARRIVALS).where(ARRIVALS.c.path == path)).all()
    wanted = None if kept is None else kept.sha256
    by_hash = {row.sha256: row for row in rows}
    return by_hash.get(wanted) or by_hash.get(None)


def _insert(connection: sa.Connection, incoming: Incoming, kept: Kept | None, refusal: str) -> Arrival:
    envelope = incoming.envelope
    values = {
        "source": _unique(connection, incoming.source),
        "path": incoming.place,
        "received_at": incoming.received_at,
        "received_on": incoming.received_at.date(),
        "sha256": None if kept is None else kept.sha256,
        "is_duplicate": kept is not None and _has_come(connection, kept),
        "refusal": refusal,
        "receipt": new_receipt(),
        "channel": envelope.channel.value,
        "declared_pages": envelope.declared_pages,
        "index": json.dumps(envelope.index),
        **{name: getattr(envelope, name) for name in _TEXTS},
    }
    return _arrival(connection.execute(sa.insert(ARRIVALS).values(values).returning(*ARRIVALS.c)).one())


def new_receipt() -> str:
    """A number for the sender that tells nothing and cannot be guessed: 80 bits as 16 letters and digits."""
    return "".join(secrets.choice(RECEIPT_LETTERS) for _ in range(16))


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


def _is_new_line(connection: sa.Connection, arrival: Arrival) -> bool:
    query = sa.select(ARRIVALS.c.order).where(
        ARRIVALS.c.sha256 == arrival.sha256,
        ARRIVALS.c.line == arrival.envelope.line,
        ARRIVALS.c.order != arrival.order,
    )
    return connection.execute(query.limit(1)).one_or_none() is None


def _unique(connection: sa.Connection, source: str) -> str:
    """The name, or the name with a number that is free.

    Numbers are given one after the other, so the free one is found by halves: a station that calls every scan by the
    same name costs some ten queries after a thousand of them, not a thousand.
    """
    free = min(set(_LEAPS) - _taken(connection, source, _LEAPS))
    taken = free // 2
    while free - taken > 1:
        middle = (taken + free) // 2
        if _taken(connection, source, [middle]):
            taken = middle
        else:
            free = middle
    return _numbered(source, free)


def _taken(connection: sa.Connection, source: str, numbers: Sequence[int]) -> set[int]:
    """Those of the numbers that an arrival of this name has."""
    by_name = {_numbered(source, number): number for number in numbers}
    query = sa.select(ARRIVALS.c.source).where(ARRIVALS.c.source.in_(by_name))
    return {by_name[name] for name in connection.execute(query).scalars()}


def _numbered(source: str, number: int) -> str:
    if number == 1:
        return source
    suffix = PurePosixPath(source).suffix
    return f"{source.removesuffix(suffix)} ({number}){suffix}"


def _arrival(row: sa.Row[tuple[object, ...]]) -> Arrival:
    values = row._mapping  # Row's documented access by name: `index` and `count` are methods of a row
    envelope = Envelope(
        channel=Channel(values["channel"]),
        declared_pages=values["declared_pages"],
        index=tuple((name, value) for name, value in json.loads(values["index"])),
        **{name: values[name] for name in _TEXTS},
    )
    return Arrival(
        order=values["order"],
        source=values["source"],
        sha256=values["sha256"] or "",
        received_at=values["received_at"],
        is_duplicate=values["is_duplicate"],
        envelope=envelope,
        receipt=values["receipt"] or "",
    )
