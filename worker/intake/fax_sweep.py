"""The sweep over a fax server's spool: takes in what its hook lost, and names the calls that brought no document."""

import contextlib
import os
import stat
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from worker.domain.envelope import Channel, Envelope, Incoming
from worker.domain.fax_arrival import FaxArrival
from worker.errors import BadDocumentError
from worker.intake.accept import Accept
from worker.intake.fax_hook import Call, FaxServer, envelope_of, is_locked, place_of, source_of
from worker.intake.xferfaxlog import ReceivedCall, read_calls
from worker.storage.originals import why_unreadable

RECEIVE_QUEUE, RECEIVED_FILES = "recvq", "fax*.tif"
#: So long a fax is left to the hook, which knows more of its call than the log does.
SETTLE = timedelta(minutes=2)
#: A call and a file of one name belong together when they are no further apart: names begin again with a new spool.
SAME_CALL = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Spool:
    """A fax server's folder, its log of calls, and the day from which calls are accounted for (None: all)."""

    folder: Path
    calls: Path
    server: FaxServer
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: sources `taken` in, faxes `waiting` (being received, or left to the hook for now).

    `calls` is how many received documents the log tells of, `missing` are those that have not come; `unreadable` lines
    can be accounted for by nobody.
    """

    taken: tuple[str, ...]
    waiting: int
    calls: int
    missing: tuple[ReceivedCall, ...]
    unreadable: int

    @property
    def is_balanced(self) -> bool:
        """Every received call has its document."""
        return not self.missing and not self.unreadable


def sweep(spool: Spool, accept: Accept, arrivals: Callable[[], Sequence[FaxArrival]], now: datetime) -> Swept:
    """Take in what lies in the receive queue and is not known, then hold the log of calls against what has come.

    `arrivals` loads what has come from this server; `now` is aware, in the payer's zone. Raises
    BadDocumentError (no such queue or log), CannotWriteError and UnreachableError: what was taken until then is safe.
    """
    log = read_calls(spool.calls)
    known = {arrival.place for arrival in arrivals() if arrival.has_bytes}
    taken, waiting = [], []
    for path, state in _received_files(spool.folder / RECEIVE_QUEUE):
        place = place_of(spool.server.name, str(path), state).encode("latin-1")
        if place in known:
            continue
        received_at = min(now, datetime.fromtimestamp(state.st_mtime, now.tzinfo))
        if now - received_at < SETTLE or _is_being_received(path):
            waiting.append(path.name)
            continue
        envelope = _envelope(spool.server, path.name, received_at, log.calls)
        taken.append(accept(Incoming(place, source_of(path.name), received_at, envelope), path).source)
    calls = [call for call in log.calls if spool.since is None or call.when >= spool.since]
    settled = [call for call in calls if abs(now - call.when) > SETTLE and call.file not in waiting]
    missing = _without_document(settled, arrivals(), spool.server.name)
    return Swept(tuple(taken), len(waiting), len(calls), missing, log.unreadable)


def _received_files(queue: Path) -> list[tuple[Path, os.stat_result]]:
    """The faxes in the queue, oldest first. What the server's own clean-up removes meanwhile is not there."""
    try:
        paths = [path for path in queue.iterdir() if path.match(RECEIVED_FILES)]
    except OSError as error:
        raise BadDocumentError(f"the receive queue {queue} cannot be read: {why_unreadable(error)}") from error
    found = []
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            found.append((path, path.lstat()))
    files = [(path, state) for path, state in found if stat.S_ISREG(state.st_mode)]
    return sorted(files, key=lambda file: file[1].st_mtime_ns)


def _is_being_received(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:  # `accept` says why it cannot be read
        return False
    try:
        return is_locked(handle)
    finally:
        os.close(handle)


def _envelope(server: FaxServer, file: str, received_at: datetime, calls: Sequence[ReceivedCall]) -> Envelope:
    """What the log knows of the call; little where the log has been rotated since."""
    of_file = [call for call in calls if call.file == file and abs(call.when - received_at) < SAME_CALL]
    if not of_file:
        return Envelope(channel=Channel.FAX, line=server.line)
    call = of_file[-1]
    return Envelope(
        channel=Channel.FAX,
        **envelope_of(server, Call(call.file, call.device, call.commid, call.reason, call.caller_ids)),
    )


def _without_document(
    calls: Sequence[ReceivedCall], arrivals: Collection[FaxArrival], server: str
) -> tuple[ReceivedCall, ...]:
    """The calls of which no document has come; one that brought no page is accounted for once that is on record."""
    come: dict[str, list[FaxArrival]] = {}
    for arrival in arrivals:
        come.setdefault(_file_of(arrival.place, server), []).append(arrival)
    return tuple(call for call in calls if not any(_is_of(arrival, call) for arrival in come.get(call.file, ())))


def _is_of(arrival: FaxArrival, call: ReceivedCall) -> bool:
    is_same_call = arrival.commid in {"", call.commid} or not call.commid
    is_near = abs(arrival.received_at - call.when) < SAME_CALL
    return is_same_call and is_near and (arrival.has_bytes or not call.pages)


def _file_of(place: bytes, server: str) -> str:
    """The file's name in a place that `place_of` or `missing_place` made."""
    path = place.decode("latin-1").removeprefix(f"{server}:").split("#", 1)[0]
    name = path.rpartition("/")[2]
    before, at, _ = name.rpartition("@")
    return before if at else name
