"""Writing many rows: without what SQLAlchemy does for each, which takes longer than the database."""

import contextlib
from collections.abc import Iterator, Sequence
from datetime import date

import sqlalchemy as sa

#: SQLite's memory for pages in kB: what it has anyway, and while millions of index entries are put in their places.
USUAL_KB, MUCH_KB = 2_000, 128_000


def insert_rows(
    connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    """Insert rows of plain values (text, numbers, dates), in the order of the columns' names."""
    if not rows:
        return
    is_sqlite = connection.dialect.name == "sqlite"
    places = ", ".join(["?" if is_sqlite else "%s"] * len(names))
    # Names of our own tables and columns, nothing that came from elsewhere.
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})"
    connection.exec_driver_sql(statement, [tuple(map(_plain, row)) if is_sqlite else tuple(row) for row in rows])


@contextlib.contextmanager
def much_memory(connection: sa.Connection) -> Iterator[None]:
    """SQLite keeps more of the database in memory meanwhile."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql(f"PRAGMA cache_size = -{MUCH_KB}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = -{USUAL_KB}")


def _plain(value: object) -> object:
    """A date as SQLAlchemy writes it into SQLite."""
    return value.isoformat() if isinstance(value, date) else value
