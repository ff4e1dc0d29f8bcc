"""The registry: every request the payer has made, open or closed."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice

import sqlalchemy as sa

from worker.db.engine import reading
from worker.db.tables import REQUESTS
from worker.domain.request import Request, RequestStatus

#: Rows per statement when many are written.
BATCH = 2_000


def replace_all(engine: sa.Engine, requests: Sequence[Request]) -> None:
    """Make the registry exactly `requests`, or leave it as it was: nothing is half imported."""
    with engine.begin() as connection:
        connection.execute(sa.delete(REQUESTS))
        _insert(connection, requests)


def upsert(engine: sa.Engine, requests: Sequence[Request]) -> None:
    """Add these requests, over those with the same id; the others stay. All or none."""
    with engine.begin() as connection:
        ids = [request.request_id for request in requests]
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            connection.execute(sa.delete(REQUESTS).where(REQUESTS.c.request_id.in_(batch)))
        _insert(connection, requests)


def load_all(engine: sa.Engine) -> tuple[Request, ...]:
    """The whole registry, by request id."""
    with reading(engine) as connection:
        rows = connection.execute(sa.select(REQUESTS).order_by(REQUESTS.c.request_id))
        return tuple(_request(row) for row in rows)


def find(engine: sa.Engine, request_id: str) -> Request | None:
    """The request with exactly this id."""
    with reading(engine) as connection:
        row = connection.execute(sa.select(REQUESTS).where(REQUESTS.c.request_id == request_id)).one_or_none()
        return None if row is None else _request(row)


def _insert(connection: sa.Connection, requests: Sequence[Request]) -> None:
    rows = (asdict(request) | {"status": request.status.value} for request in requests)
    while batch := list(islice(rows, BATCH)):
        connection.execute(sa.insert(REQUESTS), batch)


def _request(row: sa.Row[tuple[object, ...]]) -> Request:
    values = dict(row._mapping)  # Row's documented access by name; the underscore keeps columns free of clashes
    return Request(**values | {"status": RequestStatus(values["status"])})
