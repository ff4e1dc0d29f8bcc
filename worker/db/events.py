"""The outbox: what others are told, saved together with what happened, delivered later and in order."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from worker.db.engine import reading
from worker.db.tables import EVENTS
from worker.db.tasks import clock
from worker.domain.event import EventKind, Told


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it is delivered. `id` grows; a receiver that has seen it has had it before."""

    id: int
    request_id: str
    kind: EventKind
    payload: Mapping[str, object]
    created_at: datetime


def add(connection: sa.Connection, sha256: str, told: Told) -> None:
    """Note what is to be told of a document, in the transaction of what happened."""
    values = {
        "request_id": told.request_id,
        "sha256": sha256,
        "kind": told.kind.value,
        "payload": json.dumps(dict(told.payload)),
        "created_at": clock(connection),
    }
    connection.execute(sa.insert(EVENTS).values(values))


def load_waiting(engine: sa.Engine, request_id: str) -> tuple[Event, ...]:
    """What nobody has taken yet, in order."""
    query = sa.select(EVENTS).where(EVENTS.c.request_id == request_id, EVENTS.c.delivered_at.is_(None))
    with reading(engine) as connection:
        return tuple(_event(row) for row in connection.execute(query.order_by(EVENTS.c.id)))


def mark_delivered(engine: sa.Engine, ids: Sequence[int]) -> None:
    """All receivers have taken these."""
    with engine.begin() as connection:
        values = {"delivered_at": clock(connection)}
        connection.execute(sa.update(EVENTS).where(EVENTS.c.id.in_(ids)).values(values))


def load_told(engine: sa.Engine, sha256: str) -> dict[str, list[int]]:
    """Request id -> the pages of this document that were told last to be filed to it; none after a withdrawal."""
    query = sa.select(EVENTS.c.request_id, EVENTS.c.payload).where(EVENTS.c.sha256 == sha256).order_by(EVENTS.c.id)
    with reading(engine) as connection:
        told = {row.request_id: list(json.loads(row.payload)["pages"]) for row in connection.execute(query)}
    return {request_id: pages for request_id, pages in told.items() if pages}


def _event(row: sa.Row[tuple[object, ...]]) -> Event:
    values = row._mapping  # Row's documented access by name
    return Event(
        values["id"],
        values["request_id"],
        EventKind(values["kind"]),
        json.loads(values["payload"]),
        values["created_at"],
    )
