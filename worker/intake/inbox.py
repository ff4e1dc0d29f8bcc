"""The inbox, seen from the service: takes in what hooks dropped (inbox_drop), in the order in which it came.

Safe to run many times at once, and to be killed at any point: an entry is locked while it is taken, and one that is
taken again is the same arrival because of its place. An entry goes from `.json` to `.done` before anything of it is
removed, so that half an entry is never mistaken for a document without bytes.
"""

import fcntl
import hashlib
import os
import time
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

import structlog
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from worker.domain.envelope import Envelope, Incoming
from worker.errors import UnknownLineError
from worker.intake.accept import Accept
from worker.intake.inbox_drop import BYTES_ENDING, NOTE_ENDING, UNFINISHED_ENDING
from worker.storage.whole import cannot_write, make_folder, sync_folder, write_whole

DONE_ENDING, REASON_ENDING = ".done", ".txt"
REJECT = "reject"
#: Seconds after which bytes without a note are no hook at work but a hook that died.
STRAY_AFTER = 3600.0
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Note:
    """What a hook wrote beside the bytes. Without `sha256` there are none; `place` is bytes as Latin-1."""

    place: str
    source: str
    received_at: AwareDatetime
    envelope: Envelope
    refusal: str = ""
    size: int | None = None
    sha256: str | None = None


_NOTE = TypeAdapter(Note)


class _BadEntryError(Exception):
    """The entry cannot be taken by anybody; the message says why."""


def collect(inbox: Path, accept: Accept, zone: tzinfo) -> int:
    """Hand every complete entry to `accept`, oldest first, and remove it; returns how many.

    `zone` is the payer's. A bad entry moves to `reject/` with a text that says why; one for a line that the site does
    not have stays. Raises CannotWriteError and UnreachableError: what was not taken stays for the next time.
    """
    taken = sum(_take(note, accept, zone) for note in sorted(inbox.glob(f"*{NOTE_ENDING}")))
    for done in inbox.glob(f"*{DONE_ENDING}"):  # whoever took it died, or is just about to do the same
        _remove(done)
    for stray in strays(inbox):
        _log.warning("left over in the inbox, kept: its hook died; faxsweep finds the fax in its queue", entry=stray)
    return taken


def strays(inbox: Path) -> list[str]:
    """Names of what hooks left unfinished more than an hour ago. Nothing removes them but a person."""
    old = time.time() - STRAY_AFTER
    found = [path for ending in (BYTES_ENDING, UNFINISHED_ENDING) for path in inbox.glob(f"*{ending}")]
    return sorted(path.name for path in found if not _has_note(path) and _modified(path) < old)


def _take(note: Path, accept: Accept, zone: tzinfo) -> bool:
    """Takes the entry unless somebody else does."""
    try:
        handle = os.open(note, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    except OSError as error:
        _log.error("cannot read an entry of the inbox: check its rights", entry=note.stem, error=type(error).__name__)
        return False
    try:
        return _is_ours(handle, note) and _take_locked(handle, note, accept, zone)
    finally:
        os.close(handle)


def _is_ours(handle: int, note: Path) -> bool:
    """Whether we have the lock on an entry that is still there; the lock is the kernel's and ends with the process."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return note.stat().st_ino == os.fstat(handle).st_ino
    except (BlockingIOError, FileNotFoundError):
        return False


def _take_locked(handle: int, note: Path, accept: Accept, zone: tzinfo) -> bool:
    try:
        told = _read(handle)
        document = _check(note.with_suffix(BYTES_ENDING), told)
    except _BadEntryError as error:
        _reject(note, str(error))
        return False
    incoming = Incoming(told.place.encode("latin-1"), told.source, told.received_at.astimezone(zone), told.envelope)
    try:
        accept(incoming, document, told.refusal)
    except UnknownLineError as error:
        _log.error("an entry of the inbox stays", entry=note.stem, why=str(error))
        return False
    done = note.with_suffix(DONE_ENDING)
    _move(note, done)
    sync_folder(note.parent)
    _remove(done)
    return True


def _read(handle: int) -> Note:
    try:
        told = _NOTE.validate_json(_content(handle))
        told.place.encode("latin-1")
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise _BadEntryError(f"the note (.json) cannot be used: {where}: {first['msg']}") from error
    except UnicodeEncodeError as error:
        raise _BadEntryError("the note (.json) cannot be used: its place is no bytes") from error
    return told


def _content(handle: int) -> bytes:
    with os.fdopen(os.dup(handle), "rb") as stream:
        return stream.read()


def _check(document: Path, told: Note) -> Path:
    """The document, if it is what the note says."""
    if told.sha256 is None:
        if not told.refusal:
            raise _BadEntryError("the note says neither what the bytes are nor why there are none")
        return document
    try:
        with document.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise _BadEntryError("the bytes are missing") from error
    except OSError as error:
        raise cannot_write(document, error) from error
    if sha256 != told.sha256:
        raise _BadEntryError("the bytes are not those that the hook wrote: check the disk")
    return document


def _reject(note: Path, reason: str) -> None:
    """The note goes last: after a crash the entry is rejected once more."""
    folder = note.parent / REJECT
    make_folder(folder)
    write_whole(folder / f"{note.stem}{REASON_ENDING}", f"{reason}\n")
    document = note.with_suffix(BYTES_ENDING)
    for path in (document, note):
        if path.exists():
            _move(path, folder / path.name)
    _log.error("a bad entry of the inbox was rejected", entry=note.stem)


def _move(path: Path, target: Path) -> None:
    try:
        path.replace(target)
    except OSError as error:
        raise cannot_write(target, error) from error


def _remove(done: Path) -> None:
    try:
        done.with_suffix(BYTES_ENDING).unlink(missing_ok=True)
        done.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(done, error) from error


def _has_note(path: Path) -> bool:
    return path.suffix == BYTES_ENDING and any(
        path.with_suffix(ending).exists() for ending in (NOTE_ENDING, DONE_ENDING)
    )


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # taken since we looked
        return time.time()
