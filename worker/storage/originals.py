"""The originals as they came, known by their SHA-256: written once, never changed, never overwritten."""

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from worker.errors import BadDocumentError, UnreachableError
from worker.storage.folder_store import FolderStore
from worker.storage.store import Store
from worker.storage.whole import cannot_write

#: Bytes copied at a time.
CHUNK = 1 << 20
STILL_WRITTEN = "the file is still being written: run again when it is complete"


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that are safe now: SHA-256 as 64 hex digits, size in bytes."""

    sha256: str
    size: int


class Originals:
    """Originals in a store, or in a folder of their own, spread over 256 subfolders by the first byte of the hash."""

    def __init__(self, place: Store | Path, prefix: str = "") -> None:
        self._store = FolderStore(place) if isinstance(place, Path) else place
        self._prefix = prefix

    def path_of(self, sha256: str) -> Path:
        """Where the bytes with this hash are, or would be; only of originals that are kept in a folder.

        Raises TypeError for others: `local` works with all.
        """
        if not isinstance(self._store, FolderStore):
            raise TypeError("these originals have no path")
        return self._store.path(self._key(sha256))

    def size(self, sha256: str) -> int | None:
        """Bytes that are kept under this hash; None: there are none. Raises UnreachableError."""
        return self._store.size(self._key(sha256))

    @contextlib.contextmanager
    def local(self, sha256: str) -> Iterator[Path]:
        """The bytes with this hash as a local file to read, for the length of the block.

        Raises BadDocumentError when they are gone, and UnreachableError when the store does not answer.
        """
        with ExitStack() as held:
            try:
                path = held.enter_context(self._store.as_file(self._key(sha256), sha256))
            except FileNotFoundError as error:
                self._check_mounted()
                raise BadDocumentError(
                    f"the original {sha256[:16]} is gone from the store: restore it from a backup"
                ) from error
            yield path

    def keep(self, path: Path) -> Kept:
        """Copy the file in and return its hash and size once it would survive a power cut.

        The given file is only read. Raises BadDocumentError when it cannot be read to its end (permission,
        link to nothing, pipe, device, folder) or is still being written, CannotWriteError when there is no
        room for it, and UnreachableError when the store does not answer.
        """
        with _open_regular_file(path) as source, self._store.new_file() as unfinished:
            try:
                with unfinished.open("wb") as target:
                    kept = _copy_still(source, target)
            except OSError as error:
                raise cannot_write(unfinished.parent, error) from error
            self._store.put_new(self._key(kept.sha256), unfinished)
        return kept

    def _check_mounted(self) -> None:
        """A disk that is not mounted leaves an empty folder: nothing in it is gone."""
        if next(iter(self._store.keys(self._prefix.rstrip("/"))), None) is None:
            raise UnreachableError("the store", "it holds no original at all; is it mounted?")

    def _key(self, sha256: str) -> str:
        return f"{self._prefix}{sha256[:2]}/{sha256}"


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
