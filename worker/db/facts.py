"""Counters that several processes share."""

import sqlalchemy as sa

from worker.db.engine import insert_missing, reading, upsert
from worker.db.tables import FACTS

#: Counts the changes of the registry.
REGISTRY_VERSION = "registry_version"
#: 1 once a worker that has receivers of events has worked on this database.
TELLS_OTHERS = "tells_others"


def load(engine: sa.Engine, name: str) -> int:
    """The counter; 0 before it was first bumped."""
    with reading(engine) as connection:
        return read(connection, name)


def read(connection: sa.Connection, name: str) -> int:
    """The same in the caller's transaction."""
    return connection.execute(sa.select(FACTS.c.value).where(FACTS.c.name == name)).scalar_one_or_none() or 0


def bump(connection: sa.Connection, name: str) -> None:
    """One more, in the caller's transaction."""
    more = {"value": FACTS.c.value + 1}
    connection.execute(upsert(connection, FACTS, {"name": name, "value": 1}, ("name",), more))


def note(engine: sa.Engine, name: str) -> None:
    """The fact is 1 from now on, if it was never set."""
    if not load(engine, name):
        with engine.begin() as connection:
            connection.execute(insert_missing(connection, FACTS, {"name": name, "value": 1}))
