"""PostgreSQL's own: how we connect, and what its errors mean for us."""

from collections.abc import Iterable, Sequence
from typing import cast

import psycopg
import sqlalchemy as sa
from psycopg import errors

from worker.errors import CannotWriteError, PigeonholeError, UnreachableError

#: What its users know it by.
SERVER = "the database"
#: Connections that a process keeps, and how many more it may open. A worker's thread needs two at most (one for the
#: lock of a request), one of the API's threads one.
POOL, MORE = 5, 45
#: Seconds to connect, and milliseconds until a server that vanished from the network counts as gone.
CONNECT_SECONDS, GONE_MS = 5, 20_000
#: SQLSTATEs that end of themselves: it starts or stops, too many clients, two that waited for each other, a standby
#: that is about to become the primary.
PASSING = (
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
    errors.TooManyConnections,
    errors.DeadlockDetected,
    errors.SerializationFailure,
    errors.ReadOnlySqlTransaction,
    errors.QueryCanceled,
    errors.IdleInTransactionSessionTimeout,
)
#: The server's own disk is full or broken.
FULL = (errors.DiskFull, errors.IoError, errors.OutOfMemory)


def connect(url: sa.URL) -> sa.Engine:
    """An engine that notices a server that is gone, and says so as UnreachableError. Connects when first used."""
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        # Errors that quote parameters would bring what was read on pages into logs.
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=POOL,
        max_overflow=MORE,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "tcp_user_timeout": GONE_MS,
            "keepalives_idle": 10,
            "keepalives_interval": 3,
            "keepalives_count": 3,
            "application_name": "pigeonhole",
        },
    )
    sa.event.listen(engine, "handle_error", _say_what_to_do)
    return engine


def meaning_of(error: BaseException, *, is_disconnect: bool = False) -> PigeonholeError | None:
    """What an error of the server means for us; None where it is a mistake of ours."""
    if isinstance(error, FULL):
        return CannotWriteError(
            f"the database cannot be written ({_first_line(error)}): its server needs space or memory; then run again"
        )
    if isinstance(error, PASSING) or _is_lost(error, is_disconnect=is_disconnect):
        return UnreachableError(SERVER, _first_line(error))
    return None


def copy_rows(connection: sa.Connection, table: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
    """Insert rows as a stream, several times faster than by statements. Raises as every other statement does."""
    server = cast("psycopg.Connection", connection.connection.dbapi_connection)
    try:
        with server.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        if isinstance(error, psycopg.IntegrityError):
            raise sa.exc.IntegrityError(f"COPY {table}", None, error) from error
        ours = meaning_of(error)
        if ours is None:
            raise
        raise ours from error


def _say_what_to_do(context: sa.ExceptionContext) -> None:
    error = context.original_exception
    if context.is_pre_ping:
        return
    ours = meaning_of(error, is_disconnect=context.is_disconnect)
    if ours is not None:
        raise ours from error


def _is_lost(error: BaseException, *, is_disconnect: bool) -> bool:
    """There is no connection, or it broke: then the server gave no SQLSTATE, or one of class 08."""
    if not isinstance(error, psycopg.OperationalError):
        return is_disconnect
    return is_disconnect or error.sqlstate is None or error.sqlstate.startswith("08")


def _first_line(error: BaseException | None) -> str:
    """What follows may quote a row."""
    return (str(error).splitlines() or [type(error).__name__])[0]
