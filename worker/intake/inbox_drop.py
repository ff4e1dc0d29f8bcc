"""The inbox, seen from a hook: drops a document and its note durably, without database, store or settings.

One entry is `<id>.bytes` (none where a hook had no file) and `<id>.json`, the note. The note is renamed into place
last: an entry without it has not been dropped. Ids sort by time. The other side is `inbox`. A fax server waits while
this runs, so it imports only what starts fast.
"""

import hashlib
import json
import os
import stat
import time
from collections.abc import Mapping
from pathlib import Path

from worker.errors import BadDocumentError, CannotWriteError, InUseError

BYTES_ENDING, NOTE_ENDING, UNFINISHED_ENDING = ".bytes", ".json", ".new"
#: Bytes copied at a time.
CHUNK = 1 << 20
#: The rights of an entry; in a folder where a group may write (2770), that group's service reads what a fax user drops.
PRIVATE, SHARED = 0o600, 0o660
STILL_WRITTEN = "the file changed while it was copied: it is still being received"


def drop(inbox: Path, document: int | None, note: Mapping[str, object]) -> str:
    """Put a document and its note into the inbox, and return the entry's id; after that a power cut loses neither.

    `document` is an open file descriptor at its start, None where there is no file. `note` has the keys `place` (text:
    Latin-1 of the bytes), `source`, `received_at` (ISO 8601), `refusal` and `envelope`; size and hash are added here.
    The inbox is made where only it is missing. Raises CannotWriteError, InUseError (it is still being written) and
    BadDocumentError (it cannot be read): then nothing was dropped.
    """
    entry = f"{time.time_ns():020d}-{os.getpid()}-{os.urandom(4).hex()}"
    try:
        rights = _rights(inbox)
        kept = {} if document is None else _keep(inbox / f"{entry}{BYTES_ENDING}", document, rights)
        unfinished = inbox / f"{entry}{NOTE_ENDING}{UNFINISHED_ENDING}"
        _write(unfinished, json.dumps({**note, **kept}).encode("ascii"), rights)
        unfinished.rename(inbox / f"{entry}{NOTE_ENDING}")
        _sync(inbox)
    except OSError as error:
        raise CannotWriteError(f"cannot write the inbox {inbox}: {os.strerror(error.errno or 0)}") from error
    return entry


def _rights(inbox: Path) -> int:
    """The mode of what is dropped: for the owner alone, unless the folder is a group's."""
    if not inbox.is_dir():
        inbox.mkdir(mode=0o700)
        _sync(inbox.parent)
    return SHARED if inbox.stat().st_mode & stat.S_IWGRP else PRIVATE


def _keep(target: Path, document: int, rights: int) -> dict[str, object]:
    """Copies the file, and removes the copy again unless it is whole. Returns its size and SHA-256."""
    handle = _create(target, rights)
    try:
        try:
            kept = _copy_still(document, handle)
            os.fsync(handle)
        finally:
            os.close(handle)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return kept


def _copy_still(document: int, target: int) -> dict[str, object]:
    before, digest, size = os.fstat(document), hashlib.sha256(), 0
    while size <= before.st_size and (chunk := _read(document)):  # a file may grow for ever
        digest.update(chunk)
        size += len(chunk)
        _write_all(target, chunk)
    after = os.fstat(document)
    if (size, after.st_size, after.st_mtime_ns) != (before.st_size, before.st_size, before.st_mtime_ns):
        raise InUseError(STILL_WRITTEN)
    return {"size": size, "sha256": digest.hexdigest()}


def _read(document: int) -> bytes:
    try:
        return os.read(document, CHUNK)
    except OSError as error:  # the sender's disk, not ours
        raise BadDocumentError(f"the file cannot be read: {os.strerror(error.errno or 0).lower()}") from error


def _write(target: Path, content: bytes, rights: int) -> None:
    handle = _create(target, rights)
    try:
        _write_all(handle, content)
        os.fsync(handle)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)


def _create(target: Path, rights: int) -> int:
    """A new file whose rights do not hang on the umask of whoever called the hook."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE)
    os.fchmod(handle, rights)
    return handle


def _write_all(handle: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
