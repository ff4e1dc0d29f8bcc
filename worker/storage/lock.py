"""One writer per output folder. The lock is the kernel's: a killed holder leaves the folder free."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from worker.errors import InUseError
from worker.storage.whole import cannot_write, make_folder

LOCK_NAME = ".lock"


@contextlib.contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Hold the folder for the length of the block; raises InUseError at once if another process holds it.

    Forked children share the lock: the folder is free once the whole process tree is gone. The lock file
    stays: removing it would let two in.
    """
    make_folder(folder)
    try:
        handle = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise cannot_write(folder / LOCK_NAME, error) from error
    try:
        _take(handle, folder)
        yield
    finally:
        os.close(handle)


def _take(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "unknown"
        raise InUseError(
            f"{folder} is in use by process {holder}: wait until it ends, or give another folder"
        ) from error
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getpid()}\n".encode("ascii"), 0)
