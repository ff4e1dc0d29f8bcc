"""The registry: every request the payer has made, open or closed."""

import contextlib
from collections.abc import Collection, Iterable, Iterator, Sequence

import sqlalchemy as sa

from worker.db import facts
from worker.db.bulk import batches, insert_rows
from worker.db.engine import reading, serialize
from worker.db.request_writer import BATCH, COLUMNS, request_of, writing
from worker.db.tables import REQUESTS
from worker.domain.request import Request, RequestStatus

#: During an import, the ids that stay. Of the connection's own, gone with the transaction.
_KEPT = sa.Table("kept_ids", sa.MetaData(), sa.Column("request_id", sa.Text, primary_key=True), prefixes=["TEMPORARY"])


def replace_all(engine: sa.Engine, requests: Iterable[Request]) -> None:
    """Make the registry exactly `requests`, or leave it as it was: nothing is half imported.

    If that changes anything, the registry has a new version. The requests are taken a batch at a time.
    """
    with engine.begin() as connection:
        serialize(connection, facts.REGISTRY_VERSION)
        with _kept(connection) as kept, writing(connection) as writer:
            for batch in batches(requests, BATCH):
                if not writer.is_new:
                    insert_rows(connection, kept, ("request_id",), [(request.request_id,) for request in batch])
                writer.put(batch)
            for gone in _gone(connection, kept) if not writer.is_new else ():
                writer.remove(gone)
        if writer.changed:
            facts.bump(connection, facts.REGISTRY_VERSION)


def upsert(engine: sa.Engine, requests: Iterable[Request]) -> None:
    """Add these requests, over those with the same id; the others stay. All or none.

    If that changes anything, the registry has a new version. The requests are taken a batch at a time.
    """
    with engine.begin() as connection:
        serialize(connection, facts.REGISTRY_VERSION)
        with writing(connection) as writer:
            for batch in batches(requests, BATCH):
                writer.put(batch)
        if writer.changed:
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


@contextlib.contextmanager
def _kept(connection: sa.Connection) -> Iterator[sa.Table]:
    _KEPT.create(connection)
    yield _KEPT
    _KEPT.drop(connection)


def _gone(connection: sa.Connection, kept: sa.Table) -> Iterator[Sequence[str]]:
    """The ids that are in the registry and are not kept, a batch at a time while the caller removes them."""
    is_kept = sa.exists().where(kept.c.request_id == REQUESTS.c.request_id)
    query = sa.select(REQUESTS.c.request_id).where(~is_kept).limit(BATCH)
    while ids := connection.scalars(query).all():
        yield ids
