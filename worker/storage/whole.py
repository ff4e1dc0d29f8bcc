"""Writing files whole or not at all: a reader sees the old file or the new one, never half of either."""

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from worker.errors import CannotWriteError

#: How the names of unfinished files begin. Hidden, so that nothing takes them for results.
UNFINISHED_PREFIX = ".unfinished-"
#: Results are health information: for the owner only.
FOLDER_MODE = 0o700


def write_whole(path: Path, data: bytes | str, *, is_durable: bool = True) -> None:
    """Put `data` at `path`, over what was there. Text is stored as UTF-8.

    The file has mode 0600; missing folders are made. `is_durable=False` leaves out the fsync, for what
    can be made again. Raises CannotWriteError (disk full, no permission); the old file is then still there.
    """
    content = data.encode("utf-8", "backslashreplace") if isinstance(data, str) else data
    with new_whole_file(path, is_durable=is_durable) as stream:
        stream.write(content)


@contextlib.contextmanager
def new_whole_file(path: Path, *, is_durable: bool = True) -> Iterator[BinaryIO]:
    """A stream whose bytes stand at `path` once the block ends well; after an error nothing has changed."""
    try:
        make_folder(path.parent)
        handle, name = tempfile.mkstemp(prefix=UNFINISHED_PREFIX, dir=path.parent)
        unfinished = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
                stream.flush()
                if is_durable:
                    os.fsync(stream.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        if is_durable:
            sync_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error


def make_folder(folder: Path) -> None:
    """Make the folder and those above it, for the owner only, where they are missing."""
    if folder.is_dir():
        return
    try:
        for missing in reversed([place for place in (folder, *folder.parents) if not place.exists()]):
            missing.mkdir(mode=FOLDER_MODE, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    if not folder.is_dir():
        raise CannotWriteError(f"{folder} is not a folder: choose another output folder")


def sync_folder(folder: Path) -> None:
    """Make the names in the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_file(path: Path) -> None:
    """Remove a file, if it is there. Raises CannotWriteError."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error


def remove_unfinished(folder: Path, *, older_than: float = 0.0) -> int:
    """Remove what killed processes left half written anywhere below `folder`; returns how many files.

    Unless `older_than` (seconds) is longer than anybody writes, only for the holder of the folder's lock: a living
    writer would lose its work.
    """
    latest = time.time() - older_than
    removed = 0
    for leftover in list(folder.rglob(f"{UNFINISHED_PREFIX}*")):
        with contextlib.suppress(FileNotFoundError):  # another process finished it meanwhile
            if not older_than or leftover.stat().st_mtime < latest:
                leftover.unlink()
                removed += 1
    return removed


def cannot_write(path: Path, error: OSError) -> CannotWriteError:
    """Say what failed and what to do, without more of the path than is needed to find it."""
    why = os.strerror(error.errno) if error.errno else str(error)
    return CannotWriteError(f"cannot write {path}: {why}; free space or give another folder, then run again")
