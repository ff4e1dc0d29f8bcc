"""Locks by name, across the processes and machines that share a database. Whoever dies lets go."""

import contextlib
import fcntl
import os
import time
from collections.abc import Collection, Iterator
from pathlib import Path

import sqlalchemy as sa
import structlog

from worker.db.engine import lock_key
from worker.errors import InUseError, PigeonholeError
from worker.storage.whole import cannot_write, make_folder

_log = structlog.get_logger()

#: Seconds to wait for a holder who is alive: it has a request's folder to write.
WAIT_SECONDS = 60.0
#: Lock files beside a SQLite database. Two names may share one: then they wait for each other, which does no harm.
FILES = 256
LOCKS_SUFFIX = ".locks"
#: PostgreSQL's code for a lock that was not free in time.
LOCK_NOT_AVAILABLE = "55P03"
#: Seconds between two tries at a file.
PAUSE = 0.02


@contextlib.contextmanager
def hold(engine: sa.Engine, names: str | Collection[str], wait_s: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold all of these names for the length of the block; nobody else who shares the database has any of them.

    They are taken in one order, so that two who want the same ones never wait for each other; do not nest calls.
    PostgreSQL: on a connection of its own. When that connection is lost the lock is lost with it, while the block
    goes on: what it does must be fenced by a task's token (`tasks.finish`) or be the same when it is done twice; the
    loss is logged. SQLite: files beside the database, one machine only. Raises InUseError when somebody holds a
    name for longer than `wait_s` seconds, UnreachableError when the database does not answer.
    """
    wanted = {names} if isinstance(names, str) else set(names)
    if not wanted:
        yield
        return
    held = _hold_in_server if engine.dialect.name == "postgresql" else _hold_files
    with held(engine, wanted, wait_s):
        yield


@contextlib.contextmanager
def _hold_in_server(engine: sa.Engine, names: Collection[str], wait_s: float) -> Iterator[None]:
    # No transaction: it would stay open for as long as the block takes, and nothing could be cleaned up behind it.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            _lock(connection, sorted(map(lock_key, names)), wait_s)
            yield
        finally:
            _unlock(connection)


def _lock(connection: sa.Connection, keys: list[int], wait_s: float) -> None:
    end = time.monotonic() + wait_s
    try:
        for key in keys:
            left_ms = max(1, round((end - time.monotonic()) * 1000))
            connection.execute(sa.select(sa.func.set_config("lock_timeout", str(left_ms), False)))
            connection.execute(sa.select(sa.func.pg_advisory_lock(key)))
    except sa.exc.DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
            raise _in_use(wait_s) from error
        raise


def _unlock(connection: sa.Connection) -> None:
    """Lets go of all; a connection that cannot say so is closed, which does the same."""
    if connection.invalidated:
        return
    try:
        connection.execute(sa.select(sa.func.pg_advisory_unlock_all()))
        connection.execute(sa.text("RESET lock_timeout"))
    except (PigeonholeError, sa.exc.DBAPIError) as error:
        connection.invalidate()
        _log.warning("lock was lost before its end", error=type(error).__name__)


@contextlib.contextmanager
def _hold_files(engine: sa.Engine, names: Collection[str], wait_s: float) -> Iterator[None]:
    database = engine.url.database
    if not database or database == ":memory:":
        raise ValueError("a database in memory is nobody else's: nothing can be locked in it")
    folder = Path(f"{database}{LOCKS_SUFFIX}")
    make_folder(folder)
    end = time.monotonic() + wait_s
    with contextlib.ExitStack() as held:
        for number in sorted({lock_key(name) % FILES for name in names}):
            handle = _open(folder / f"{number:02x}")
            held.callback(os.close, handle)
            while not _is_taken(handle):
                if time.monotonic() > end:
                    raise _in_use(wait_s)
                time.sleep(PAUSE)
        yield


def _open(path: Path) -> int:
    """The file stays: removing it would let two in."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise cannot_write(path, error) from error


def _is_taken(handle: int) -> bool:
    """Whether it is ours now. Each opening is a holder of its own, also within a process."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _in_use(wait_s: float) -> InUseError:
    return InUseError(f"another worker has been writing the same request for {wait_s:.0f} seconds: trying again later")
