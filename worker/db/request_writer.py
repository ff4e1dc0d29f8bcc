"""Changing the registry within one transaction: the rows, and with them what they are found by and what is counted."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import fields
from operator import attrgetter

import sqlalchemy as sa

from worker.db.bulk import indexes_last, insert_rows, much_memory
from worker.db.registry_counts import Counts
from worker.db.request_keys import KEY_COLUMNS, RegistryNames, forget_unborne, names_borne
from worker.db.request_names import enter_further, forget_further, look_name_of
from worker.db.tables import REQUESTS
from worker.domain.request import Request, RequestStatus

#: Rows per statement when many are written.
BATCH = 2_000
FIELDS = tuple(field.name for field in fields(Request))
#: The columns that say what a request is; the others are what it is found by.
COLUMNS = tuple(REQUESTS.c[name] for name in FIELDS)
_STATUS = FIELDS.index("status")
_STATES = {status.value: status for status in RequestStatus}
_WRITTEN = (*FIELDS, *KEY_COLUMNS, "look_name")
#: What stands in the columns, in the order of FIELDS.
_values = attrgetter(*("status.value" if name == "status" else name for name in FIELDS))


def request_of(row: Sequence[object]) -> Request:
    """The request that a row of COLUMNS holds."""
    values = list(row)
    values[_STATUS] = _STATES[str(values[_STATUS])]
    return Request(*values)  # type: ignore[arg-type]  # COLUMNS are the fields, in their order


class RequestWriter:
    """A batch at a time is in memory. One for each transaction, which holds the lock of the registry."""

    def __init__(self, connection: sa.Connection, *, is_new: bool) -> None:
        self._connection = connection
        self._names = RegistryNames(connection)
        self._counts = Counts(connection, is_new=is_new)
        self.is_new = is_new
        self._left: set[int] = set()  # names that lost a request: those that nobody bears in the end are forgotten
        self.changed = 0

    def put(self, batch: Sequence[Request]) -> None:
        """Write those that are not there just so, over those with the same id."""
        known = {} if self.is_new else self._known([request.request_id for request in batch])
        changed = [request for request in batch if known.get(request.request_id) != request]
        self._change([known[r.request_id] for r in changed if r.request_id in known], changed)

    def remove(self, ids: Sequence[str]) -> None:
        """These requests are there no more."""
        self._change(list(self._known(ids).values()), [])

    def finish(self) -> None:
        """At the end of all changes."""
        forget_unborne(self._connection, self._left)
        self._counts.save()

    def _known(self, ids: Sequence[str]) -> dict[str, Request]:
        rows = self._connection.execute(sa.select(*COLUMNS).where(REQUESTS.c.request_id.in_(ids)))
        return {request.request_id: request for request in map(request_of, rows)}

    def _change(self, old: Sequence[Request], new: Sequence[Request]) -> None:
        if not old and not new:
            return
        self.changed += max(len(old), len(new))
        with self._counts.follow(old, new):
            if old:
                self._delete([request.request_id for request in old])
            keys = self._names.keys_of(new)
            rows = [(*_values(r), *found_by, look_name_of(r)) for r, found_by in zip(new, keys, strict=True)]
            insert_rows(self._connection, REQUESTS, _WRITTEN, rows)
            enter_further(self._connection, new)

    def _delete(self, ids: Sequence[str]) -> None:
        self._left |= names_borne(self._connection, ids)
        self._connection.execute(sa.delete(REQUESTS).where(REQUESTS.c.request_id.in_(ids)))
        forget_further(self._connection, ids)


@contextlib.contextmanager
def writing(connection: sa.Connection) -> Iterator[RequestWriter]:
    """A writer; at the end what is counted is saved. Into an empty registry, the indexes are made last."""
    is_new = connection.execute(sa.select(REQUESTS.c.request_id).limit(1)).first() is None
    writer = RequestWriter(connection, is_new=is_new)
    with much_memory(connection):
        with indexes_last(connection, REQUESTS) if is_new else contextlib.nullcontext():
            yield writer
        writer.finish()
