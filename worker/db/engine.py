"""Opening the database: SQLite as the embedded default, PostgreSQL for the service; many processes share either."""

import contextlib
import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from worker.errors import BadSettingsError, CannotWriteError

# Debian 12 has SQLite 3.40, in the range 3.7.0 to 3.51.2 whose WAL reset can corrupt.
# pysqlite3 brings its own.
try:
    import pysqlite3.dbapi2 as sqlite_driver
except ImportError:
    import sqlite3 as sqlite_driver

Values = Mapping[str, object]

#: The newest migration. A test compares it with what Alembic finds in worker/db/migrations.
HEAD = "0006"
#: Milliseconds to wait for another process to end its transaction.
BUSY_TIMEOUT = 30_000
#: Execution option of connections that only read: they do not queue for the write lock.
READS_ONLY = "pigeonhole_reads_only"


def open_database(url: str | sa.URL, *, is_upgrade: bool = False) -> sa.Engine:
    """An engine on a database whose tables are those of this program.

    `url` is SQLAlchemy's, e.g. `sqlite_url(path)`. Tables are made where there are none. Older ones are brought up to
    date in a SQLite file, which has one user; in PostgreSQL only with `is_upgrade` (`pigeonhole db upgrade`), since
    workers of the older version may be running. Raises CannotWriteError when the database cannot be opened or written,
    UnreachableError when PostgreSQL does not answer, BadSettingsError when its tables are of another version. Alembic
    (0.3 s to import) is loaded only when there is work for it.
    """
    place = sa.make_url(url)
    is_file = place.get_backend_name() == "sqlite"
    engine = _sqlite(place) if is_file else _server(place)
    try:
        version = _version(engine)
        if version is None or (version < HEAD and (is_file or is_upgrade)):
            _upgrade(engine)
        elif version != HEAD:
            raise _another_version(version)
    except sa.exc.DatabaseError as error:
        raise _unusable(error.orig) from error
    return engine


def find_version(url: str | sa.URL) -> str | None:
    """The newest migration that the tables have; None where there are none. Changes nothing, makes no file."""
    place = sa.make_url(url)
    is_file = place.get_backend_name() == "sqlite"
    if is_file and not Path(place.database or "").exists():
        return None
    engine = _sqlite(place) if is_file else _server(place)
    try:
        return _version(engine)
    except sa.exc.DatabaseError as error:
        raise _unusable(error.orig) from error
    finally:
        engine.dispose()


def sqlite_url(path: Path) -> sa.URL:
    """The URL of a SQLite file, whatever characters stand in its path, also those that no text can hold."""
    return sa.URL.create("sqlite", database=str(path))


def reading(engine: sa.Engine) -> sa.Connection:
    """A connection for queries only: a snapshot that neither waits for writers nor delays them."""
    return engine.connect().execution_options(**{READS_ONLY: True})


def insert_missing(connection: sa.Connection, table: sa.Table, values: Values) -> sa.Executable:
    """An INSERT that does nothing where the row is there already: two workers may be first at once."""
    return _insert(connection, table).values(dict(values)).on_conflict_do_nothing()


def insert_if_missing(connection: sa.Connection, table: sa.Table, values: Values) -> bool:
    """Insert the row; False when it was there already."""
    # For an INSERT, SQLAlchemy counts rows on request alone; on PostgreSQL it says -1 otherwise.
    counting = {"preserve_rowcount": True}
    inserted = connection.execute(insert_missing(connection, table, values), execution_options=counting)
    return inserted.rowcount == 1


def upsert(
    connection: sa.Connection, table: sa.Table, values: Values, keys: Sequence[str], over: Values
) -> sa.Executable:
    """An INSERT; where a row has the same `keys`, its columns `over` are set instead."""
    inserted = _insert(connection, table).values(dict(values))
    return inserted.on_conflict_do_update(index_elements=list(keys), set_=dict(over))


def serialize(connection: sa.Connection, what: str) -> None:
    """From here to the end of the transaction nobody else is in a transaction that serializes `what`.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(lock_key(what))))


def lock_key(name: str) -> int:
    """The number by which PostgreSQL knows a lock: 64 bits, signed. Another name has another with near certainty."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def _insert(connection: sa.Connection, table: sa.Table) -> "postgresql.Insert | sqlite.Insert":
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def _sqlite(url: sa.URL) -> sa.Engine:
    _make_private(url.database)
    # Errors that quote parameters would bring what was read on pages into logs.
    engine = sa.create_engine(url, module=sqlite_driver, hide_parameters=True)
    sa.event.listen(engine, "connect", _set_up)
    sa.event.listen(engine, "begin", _begin)
    sa.event.listen(engine, "handle_error", _say_what_to_do)
    return engine


def _server(url: sa.URL) -> sa.Engine:
    if url.get_backend_name() != "postgresql":
        raise BadSettingsError(f"{url.get_backend_name()} is no database for Pigeonhole: give PostgreSQL's address")
    from worker.db import postgres  # noqa: PLC0415 - its driver only where it is used

    return postgres.connect(url)


def _make_private(database: str | None) -> None:
    """A new file is for its owner only, and SQLite gives its journals the same mode: they hold what pages say."""
    if database and database != ":memory:":
        with contextlib.suppress(OSError):  # the first connection says what is wrong
            os.close(os.open(database, os.O_CREAT | os.O_CLOEXEC, 0o600))


def _say_what_to_do(context: sa.ExceptionContext) -> None:
    """A full disk or a broken file in the middle of the work, as an error with advice."""
    kinds = (sqlite_driver.OperationalError, sqlite_driver.DatabaseError)
    if type(context.original_exception) in kinds and not context.is_pre_ping:
        raise _unusable(context.original_exception) from context.original_exception


def _unusable(error: BaseException | None) -> CannotWriteError:
    return CannotWriteError(
        f"the database cannot be opened or written ({error}): "
        "check that there is space, that we may write there and that it is ours; then run again"
    )


def _set_up(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: _begin does
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # a commit survives a power cut
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    """Take the write lock first: a transaction that reads and then writes fails if another wrote between."""
    is_reading = connection.get_execution_options().get(READS_ONLY, False)
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


def _version(engine: sa.Engine) -> str | None:
    with reading(engine) as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(engine: sa.Engine) -> None:
    from worker.db.upgrade import upgrade  # noqa: PLC0415 - Alembic only when there is work for it

    with engine.begin() as connection:
        serialize(connection, "migration")
        upgrade(connection)


def _another_version(version: str) -> BadSettingsError:
    if version < HEAD:
        return BadSettingsError(
            f"the database's tables are of version {version}, this program needs {HEAD}: run `pigeonhole db upgrade`"
        )
    return BadSettingsError(
        f"the database's tables are of version {version}, newer than this program ({HEAD}): install the newer program"
    )
