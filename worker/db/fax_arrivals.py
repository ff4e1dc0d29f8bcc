"""What has come from a fax server, to be held against its log of calls."""

import sqlalchemy as sa

from worker.db.engine import reading
from worker.db.tables import ARRIVALS
from worker.domain.fax_arrival import FaxArrival


def load_from(engine: sa.Engine, server: str) -> tuple[FaxArrival, ...]:
    """Everything whose place begins with this server's name and a colon."""
    place = ARRIVALS.c.path
    name = server.encode("latin-1", "backslashreplace")
    of_server = (place >= name + b":", place < name + b";")  # ; follows : so this is a range of the index
    columns = (place, ARRIVALS.c.external_id, ARRIVALS.c.received_at, ARRIVALS.c.sha256)
    with reading(engine) as connection:
        rows = connection.execute(sa.select(*columns).where(*of_server))
        return tuple(FaxArrival(row.path, row.external_id, row.received_at, row.sha256 is not None) for row in rows)
