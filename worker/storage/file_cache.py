"""Local copies of what lies in a distant store, by SHA-256: bounded, shared by all processes of the machine.

Who uses a copy holds a shared lock on the file; who makes room takes only what it can lock for itself alone. The locks
are the kernel's, so a killed process holds nothing.
"""

import contextlib
import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from worker.errors import UnreachableError
from worker.storage.whole import UNFINISHED_PREFIX, cannot_write, make_folder

#: Seconds after which an unfinished file belongs to a process that was killed.
ABANDONED = 3_600.0
#: Writes the bytes to a stream. Raises FileNotFoundError and UnreachableError.
Fetch = Callable[[BinaryIO], None]


class FileCache:
    """A folder that holds at most `most_bytes`, or more while all of it is in use."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.folder = folder
        self._most_bytes = most_bytes

    @contextlib.contextmanager
    def copy(self, sha256: str, size: int, fetch: Fetch) -> Iterator[Path]:
        """The bytes with this hash as a local file, for the length of the block; fetched only if they are not here.

        Raises what `fetch` raises, CannotWriteError, and UnreachableError when other bytes came than were meant.
        """
        target = self.folder / sha256
        handle = _hold(target)
        while handle is None:
            self._fetch_to(target, size, fetch)
            handle = _hold(target)
        try:
            os.utime(handle)  # the oldest goes first
            yield target
        finally:
            _release(handle)

    @contextlib.contextmanager
    def new_file(self) -> Iterator[Path]:
        """An empty file for the owner only; it is gone when the block ends, and later if the process is killed."""
        make_folder(self.folder)
        try:
            handle, name = tempfile.mkstemp(prefix=UNFINISHED_PREFIX, dir=self.folder)
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        os.close(handle)
        try:
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    def make_room(self, size: int) -> None:
        """Remove the oldest copies that nobody uses until `size` bytes more are within the bound."""
        now, held = time.time(), []
        for path in self.folder.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another process makes room as well
                found = path.stat()
                if not path.name.startswith(UNFINISHED_PREFIX):
                    held.append((found.st_mtime, found.st_size, path))
                elif now - found.st_mtime > ABANDONED:
                    path.unlink()
        too_much = sum(entry[1] for entry in held) + size - self._most_bytes
        for _, freed, path in sorted(held):
            if too_much <= 0:
                break
            too_much -= freed if _remove_unused(path) else 0

    def _fetch_to(self, target: Path, size: int, fetch: Fetch) -> None:
        with self.new_file() as unfinished:
            try:
                self.make_room(size)
                with unfinished.open("wb+") as stream:
                    fetch(stream)
                    stream.flush()
                    os.fsync(stream.fileno())  # else a power cut could leave a name with other bytes
                    stream.seek(0)
                    found = hashlib.file_digest(stream, "sha256").hexdigest()
            except FileNotFoundError:
                raise
            except OSError as error:
                raise cannot_write(self.folder, error) from error
            if found != target.name:
                raise UnreachableError("the store", f"it gives other bytes than were kept as {target.name[:16]}")
            with contextlib.suppress(FileExistsError):  # another process was faster: its users hold that file
                os.link(unfinished, target)


def _hold(path: Path) -> int | None:
    """An open file under a shared lock; None when it is not there, or was removed before the lock was ours."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    fcntl.flock(handle, fcntl.LOCK_SH)
    if os.fstat(handle).st_nlink:
        return handle
    _release(handle)
    return None


def _release(handle: int) -> None:
    """Closing alone is not enough: a child that was forked meanwhile shares the lock."""
    fcntl.flock(handle, fcntl.LOCK_UN)
    os.close(handle)


def _remove_unused(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(handle).st_nlink:
            path.unlink()
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True
