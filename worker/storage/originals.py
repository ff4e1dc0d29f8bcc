"""The originals as they came, known by their SHA-256: written once, never changed, never overwritten."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from worker.errors import BadDocumentError
from worker.storage.whole import UNFINISHED_PREFIX, cannot_write, make_folder, sync_folder

#: Bytes copied at a time.
CHUNK = 1 << 20
STILL_WRITTEN = "the file is still being written: run again when it is complete"


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that are safe now: SHA-256 as 64 hex digits, size in bytes."""

    sha256: str
    size: int


class Originals:
    """A folder of originals, spread over 256 subfolders by the first byte of the hash."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path_of(self, sha256: str) -> Path:
        """Where the bytes with this hash are, or would be."""
        return self._folder / sha256[:2] / sha256

    def keep(self, path: Path) -> Kept:
        """Copy the file in and return its hash and size once it would survive a power cut.

        The given file is only read. Raises BadDocumentError when it cannot be read to its end (permission,
        link to nothing, pipe, device, folder) or is still being written, and CannotWriteError when there is no
        room for it.
        """
        with _open_regular_file(path) as source:
            try:
                make_folder(self._folder)
                handle, name = tempfile.mkstemp(prefix=UNFINISHED_PREFIX, dir=self._folder)
                unfinished = Path(name)
                try:
                    with os.fdopen(handle, "wb") as target:
                        kept = _copy_still(source, target)
                    self._settle(unfinished, kept)
                finally:
                    unfinished.unlink(missing_ok=True)
            except OSError as error:
                raise cannot_write(self._folder, error) from error
        return kept

    def _settle(self, unfinished: Path, kept: Kept) -> None:
        target = self.path_of(kept.sha256)
        is_new_folder = not target.parent.is_dir()
        make_folder(target.parent)
        if not (target.exists() and target.stat().st_size == kept.size):
            # Same hash with another size is what a broken disk left: the only time a file is replaced.
            unfinished.replace(target)
        sync_folder(target.parent)
        if is_new_folder:
            sync_folder(self._folder)


def _open_regular_file(path: Path) -> BinaryIO:
    """Open for reading without ever waiting: opening a pipe would hang until somebody writes."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise BadDocumentError(f"the file cannot be read: {why_unreadable(error)}") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise BadDocumentError("the file cannot be read: it is a folder, pipe or device, not a file")
    return os.fdopen(handle, "rb")


def _copy_still(source: BinaryIO, target: BinaryIO) -> Kept:
    """Copies a file that nobody writes meanwhile: half a scan would pass for a document of its own."""
    before = os.fstat(source.fileno())
    kept = _copy(source, target, before.st_size)
    after = os.fstat(source.fileno())
    if (kept.size, after.st_size, after.st_mtime_ns) != (before.st_size, before.st_size, before.st_mtime_ns):
        raise BadDocumentError(STILL_WRITTEN)
    return kept


def _copy(source: BinaryIO, target: BinaryIO, expected: int) -> Kept:
    digest, size = hashlib.sha256(), 0
    while size <= expected and (chunk := _read(source)):  # a file may grow for ever
        digest.update(chunk)
        size += len(chunk)
        target.write(chunk)
    target.flush()
    os.fsync(target.fileno())
    return Kept(digest.hexdigest(), size)


def _read(source: BinaryIO) -> bytes:
    """A chunk of the given file; its errors are the sender's, not those of our disk."""
    try:
        return source.read(CHUNK)
    except OSError as error:
        raise BadDocumentError(f"the file cannot be read: {why_unreadable(error)}") from error


def why_unreadable(error: OSError) -> str:
    """A clause for a clerk that says why the system refused to read a file."""
    known = {
        PermissionError: "no permission",
        FileNotFoundError: "there is no such file (or it is a link to nothing)",
        IsADirectoryError: "it is a folder",
    }
    for kind, words in known.items():
        if isinstance(error, kind):
            return words
    return os.strerror(error.errno).lower() if error.errno else "the system gave no reason"
