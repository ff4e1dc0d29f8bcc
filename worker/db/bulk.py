"""Writing many rows: without what SQLAlchemy does for each, which takes longer than the database."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TypeVar

import sqlalchemy as sa

#: SQLite's memory for pages in kB: what it has anyway, and while millions of index entries are put in their places.
USUAL_KB, MUCH_KB = 2_000, 128_000
_T = TypeVar("_T")


def batches(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """So many items at a time."""
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


def insert_rows(
    connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    """Insert rows of plain values (text, numbers, dates), in the order of the columns' names."""
    if not rows:
        return
    # Names of our own tables and columns, nothing that came from elsewhere.
    columns = ", ".join(names)
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table.name} ({columns}) VALUES ({places})"
        connection.exec_driver_sql(statement, [tuple(row) for row in _plain(rows)])
        return
    from worker.db.postgres import copy_rows  # noqa: PLC0415 - its driver only where it is used

    copy_rows(connection, table.name, columns, rows)


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


@contextlib.contextmanager
def indexes_last(connection: sa.Connection, table: sa.Table) -> Iterator[None]:
    """The table's indexes are made when its rows are there: one by one they would be put at random places.

    For a table that is empty: PostgreSQL's other readers wait until the end of the transaction.
    """
    for index in table.indexes:
        index.drop(connection)
    yield
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        index.create(connection)


def _plain(rows: Sequence[Sequence[object]]) -> Iterator[Sequence[object]]:
    """The rows with dates as SQLAlchemy writes them into SQLite; a column has dates in all rows or in none."""
    dates = [place for place, value in enumerate(rows[0]) if isinstance(value, date)]
    for row in rows:
        plain = list(row)
        for place in dates:
            plain[place] = plain[place].isoformat()  # type: ignore[attr-defined]  # as in the first row
        yield plain
