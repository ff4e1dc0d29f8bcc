"""The names under which matching looks for requests, kept in step with the registry.

Nearly every request has one, its `look_name`; those of double surnames have further ones in a table of their own.
"""

from collections.abc import Sequence
from functools import lru_cache

import sqlalchemy as sa

from worker.db.bulk import insert_rows
from worker.db.request_keys import stored_batches
from worker.db.search_tables import FURTHER_NAMES
from worker.db.tables import REQUESTS
from worker.domain.request import Request
from worker.matching.confusions import fold_name
from worker.matching.registry import look_name, surnames

#: Surnames that are not taken apart anew.
_REMEMBERED = 50_000


def look_name_of(request: Request) -> str:
    """The request's own column: its whole surname and its first name."""
    return look_name(fold_name(request.member_last_name), fold_name(request.member_first_name))


def enter_further(connection: sa.Connection, requests: Sequence[Request]) -> None:
    """The other names of new requests."""
    rows = [
        (look_name(last, fold_name(request.member_first_name)), request.request_id)
        for request in requests
        for last in _further(request.member_last_name)
    ]
    insert_rows(connection, FURTHER_NAMES, ("look_name", "request_id"), rows)


@lru_cache(maxsize=_REMEMBERED)
def _further(last_name: str) -> frozenset[str]:
    return surnames(last_name) - {fold_name(last_name)}


def forget_further(connection: sa.Connection, request_ids: Sequence[str]) -> None:
    """The other names of requests that are removed."""
    connection.execute(sa.delete(FURTHER_NAMES).where(FURTHER_NAMES.c.request_id.in_(request_ids)))


def fill(connection: sa.Connection) -> None:
    """The names of all requests that are there, for the migration that brings them."""
    which = REQUESTS.c.request_id == sa.bindparam("which")
    update = sa.update(REQUESTS).where(which).values(look_name=sa.bindparam("found_by"))
    for batch in stored_batches(connection):
        connection.execute(update, [{"which": r.request_id, "found_by": look_name_of(r)} for r in batch])
        enter_further(connection, batch)
