"""The registry: every request the payer has made, open or closed."""

from collections.abc import Collection, Sequence
from dataclasses import fields

import sqlalchemy as sa

from worker.db import facts
from worker.db.bulk import insert_rows, much_memory
from worker.db.engine import reading, serialize
from worker.db.request_keys import KEY_COLUMNS, RegistryNames, forget_unborne, names_borne
from worker.db.tables import REQUESTS
from worker.domain.request import Request, RequestStatus

#: Rows per statement when many are written.
BATCH = 2_000
FIELDS = tuple(field.name for field in fields(Request))
#: The columns that say what a request is; the others are what it is found by.
COLUMNS = tuple(REQUESTS.c[name] for name in FIELDS)


def replace_all(engine: sa.Engine, requests: Sequence[Request]) -> None:
    """Make the registry exactly `requests`, or leave it as it was: nothing is half imported.

    If that changes anything, the registry has a new version.
    """
    with engine.begin() as connection:
        serialize(connection, facts.REGISTRY_VERSION)
        wanted = {request.request_id for request in requests}
        known = connection.execute(sa.select(REQUESTS.c.request_id)).scalars()
        gone = [request_id for request_id in known if request_id not in wanted]
        left = _delete(connection, gone)
        if _put(connection, requests, left) or gone:
            facts.bump(connection, facts.REGISTRY_VERSION)


def upsert(engine: sa.Engine, requests: Sequence[Request]) -> None:
    """Add these requests, over those with the same id; the others stay. All or none.

    If that changes anything, the registry has a new version.
    """
    with engine.begin() as connection:
        serialize(connection, facts.REGISTRY_VERSION)
        if _put(connection, requests, set()):
            facts.bump(connection, facts.REGISTRY_VERSION)


def close(engine: sa.Engine, request_id: str) -> bool:
    """Nothing more is filed for it without a person. False: there is no such request."""
    with engine.begin() as connection:
        serialize(connection, facts.REGISTRY_VERSION)
        which = REQUESTS.c.request_id == request_id
        status = connection.execute(sa.select(REQUESTS.c.status).where(which)).scalar_one_or_none()
        if status is not None and status != RequestStatus.CLOSED.value:
            connection.execute(sa.update(REQUESTS).where(which).values(status=RequestStatus.CLOSED.value))
            facts.bump(connection, facts.REGISTRY_VERSION)
        return status is not None


def load_all(engine: sa.Engine) -> tuple[Request, ...]:
    """The whole registry, by request id."""
    with reading(engine) as connection:
        rows = connection.execute(sa.select(*COLUMNS).order_by(REQUESTS.c.request_id))
        return tuple(request_of(row) for row in rows)


def find(engine: sa.Engine, request_id: str) -> Request | None:
    """The request with exactly this id."""
    with reading(engine) as connection:
        row = connection.execute(sa.select(*COLUMNS).where(REQUESTS.c.request_id == request_id)).one_or_none()
        return None if row is None else request_of(row)


def find_many(engine: sa.Engine, ids: Collection[str]) -> dict[str, Request]:
    """The requests with these ids, by id; those that there are."""
    found: dict[str, Request] = {}
    wanted = sorted(ids)
    with reading(engine) as connection:
        for start in range(0, len(wanted), BATCH):
            batch = wanted[start : start + BATCH]
            rows = connection.execute(sa.select(*COLUMNS).where(REQUESTS.c.request_id.in_(batch)))
            found |= {row.request_id: request_of(row) for row in rows}
    return found


def request_of(row: sa.Row[tuple[object, ...]]) -> Request:
    """The request that a row of COLUMNS holds."""
    values = dict(row._mapping)  # Row's documented access by name; the underscore keeps columns free of clashes
    return Request(**values | {"status": RequestStatus(values["status"])})


def _put(connection: sa.Connection, requests: Sequence[Request], left: set[int]) -> int:
    """Write those that are not there just so, and return how many; a batch at a time is in memory.

    `left` are the numbers of names that lost a request before; those that nobody bears in the end are forgotten.
    """
    with much_memory(connection):
        count = _put_batches(connection, requests, left)
        forget_unborne(connection, left)
    return count


def _put_batches(connection: sa.Connection, requests: Sequence[Request], left: set[int]) -> int:
    count, names = 0, RegistryNames(connection)
    for start in range(0, len(requests), BATCH):
        batch = requests[start : start + BATCH]
        ids = [request.request_id for request in batch]
        rows = connection.execute(sa.select(*COLUMNS).where(REQUESTS.c.request_id.in_(ids)))
        known = {request.request_id: request for request in map(request_of, rows)}
        changed = [request for request in batch if known.get(request.request_id) != request]
        left |= _delete(connection, [request.request_id for request in changed if request.request_id in known])
        if changed:
            keys = names.keys_of(changed)
            new = [(*_values(request), *found_by) for request, found_by in zip(changed, keys, strict=True)]
            insert_rows(connection, REQUESTS, (*FIELDS, *KEY_COLUMNS), new)
        count += len(changed)
    return count


def _delete(connection: sa.Connection, ids: Sequence[str]) -> set[int]:
    """Remove these, and return the numbers of the names they bore."""
    left: set[int] = set()
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        left |= names_borne(connection, batch)
        connection.execute(sa.delete(REQUESTS).where(REQUESTS.c.request_id.in_(batch)))
    return left


def _values(request: Request) -> list[object]:
    """In the order of FIELDS."""
    values = (getattr(request, name) for name in FIELDS)
    return [value.value if isinstance(value, RequestStatus) else value for value in values]
