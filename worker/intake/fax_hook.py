"""The fax server's hook: a fax that was received goes into the inbox, whole, with all that is known of its call.

Nothing here waits for a database or a store, reads the environment, or lets a shell see what a caller chose as a name.
What hook and sweep must agree on (the envelope, the place by which a fax is recognised) stands here as well.
"""

import fcntl
import os
import stat
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypedDict

from worker.errors import BadDocumentError, InUseError
from worker.intake.inbox_drop import drop

#: HylaFAX's word for a caller id that the modem did not hear.
NONE = "<NONE>"
#: Characters of a text from outside: names of 10 kB are not names.
LONGEST_TEXT = 500
#: Seconds that a file may be locked after the hook was called, and between two looks.
LOCK_PATIENCE, LOCK_EVERY = 0.25, 0.025
MISSING = "the fax server named a file that is not there: nothing usable was received"
NOT_A_FILE = "what the fax server named is a folder, pipe or device, not a file"
RECEIVING = "it is still being received: left to faxsweep"
#: What the caller ids are, in the order of the modem's patterns; the last that comes is the dialled number.
NUMBER, NAME, DIALLED = "number", "name", "dialled"


class FaxServer(NamedTuple):
    """How this fax server is set up.

    `name` tells fax servers of one site apart. `line` is that of every fax, unless `lines` has the dialled number.
    `caller_ids` names what each caller id is (number, name, dialled, anything else); empty: number, name, ..., dialled.
    """

    name: str = "hylafax"
    line: str = "routine"
    lines: Mapping[str, str] = MappingProxyType({})
    caller_ids: Sequence[str] = ()


class Call(NamedTuple):
    """A received fax as the server tells it, all text made harmless by `text`; `caller_ids` in the modem's order."""

    file: str
    device: str
    commid: str
    error: str
    caller_ids: Sequence[str]


class CallEnvelope(TypedDict):
    """The fields of domain.envelope.Envelope that a call knows."""

    line: str
    sender: str
    sender_name: str
    dialled: str
    station: str
    error: str
    external_id: str


def fax_server(name: str, lines: Sequence[str], caller_ids: Sequence[str] = ()) -> FaxServer:
    """The set-up as a command line says it: `lines` are NAME for all faxes and NUMBER=NAME for those to this number."""
    pairs = [value.rpartition("=") for value in lines]
    general = [line for number, _, line in pairs if not number]
    by_number = {number: line for number, _, line in pairs if number}
    return FaxServer(name, general[-1] if general else FaxServer().line, by_number, caller_ids)


def call_of(arguments: Sequence[str]) -> Call:
    """The arguments of FaxRcvdCmd: file, device, commid, error, caller ids. Those that are missing are empty."""
    file, device, commid, error, *caller_ids = [text(a) for a in (*arguments, "", "", "", "")][: max(4, len(arguments))]
    return Call(file, device, commid, error, caller_ids)


def receive(inbox: Path, server: FaxServer, arguments: Sequence[str]) -> str:
    """Put the fax of these arguments into the inbox and return the entry's id.

    A file that is not there is an entry with a refusal. Raises InUseError (still being received), BadDocumentError
    (cannot be read) and CannotWriteError: then nothing was kept, and the fax lies where it was for faxsweep.
    """
    path, call, now = arguments[0], call_of(arguments), time.time()
    note = {
        "source": source_of(path),
        "received_at": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(now))}.{int(now % 1 * 1000):03d}Z",
        "envelope": {"channel": "fax", **envelope_of(server, call)},
    }
    document = _open(path)
    if document is None:
        refused = MISSING if not os.path.lexists(path) else NOT_A_FILE
        return drop(inbox, None, {**note, "refusal": refused, "place": missing_place(server.name, path, call.commid)})
    try:
        _wait_until_received(document)
        return drop(inbox, document, {**note, "place": place_of(server.name, path, os.fstat(document))})
    finally:
        os.close(document)


def envelope_of(server: FaxServer, call: Call) -> CallEnvelope:
    """What a call knows of its document."""
    ids = dict(zip(server.caller_ids or _usual_order(len(call.caller_ids)), call.caller_ids, strict=False))
    known = {what: "" if value == NONE else value for what, value in ids.items()}
    dialled = known.get(DIALLED, "")
    return {
        "line": server.lines.get(dialled, server.line),
        "sender": known.get(NUMBER, ""),
        "sender_name": known.get(NAME, ""),
        "dialled": dialled,
        "station": call.device,
        "error": call.error,
        "external_id": call.commid,
    }


def place_of(server: str, path: str, state: os.stat_result) -> str:
    """By what a received file is recognised (text: Latin-1 of bytes): a file name that is used again is another fax."""
    return f"{_named(server, path)}@{int(state.st_mtime)}-{state.st_size}"


def missing_place(server: str, path: str, commid: str) -> str:
    """The place of a call whose file was not there."""
    return f"{_named(server, path)}#{commid.encode('ascii', 'backslashreplace').decode('ascii')}"


def source_of(path: str) -> str:
    """The name that people know the fax by. One that a spreadsheet would run as a formula gets `./` before it."""
    name = text(Path(path).name) or "(no name)"
    return f"./{name}" if name[0] in "=+-@" else name


def text(argument: str) -> str:
    """A command-line argument as `shown` makes it."""
    return shown(os.fsencode(argument[: LONGEST_TEXT * 4]))


def shown(raw: bytes) -> str:
    r"""Bytes that a stranger chose, as text of one line that any database takes, cut to 500 characters.

    Bytes that are not UTF-8 and characters that cannot be shown are escaped (`\xff`, `\n`).
    """
    told = raw[: LONGEST_TEXT * 4].decode("utf-8", "backslashreplace")
    told = "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in told)
    return told if len(told) <= LONGEST_TEXT else f"{told[: LONGEST_TEXT - 3]}..."


def _usual_order(count: int) -> Sequence[str]:
    between = [""] * max(0, count - 3)
    return (NUMBER, NAME, *between, DIALLED)


def _named(server: str, path: str) -> str:
    """The server, and the file with its folder: the same whether the path is absolute or relative to the spool."""
    return f"{server}:{os.fsencode('/'.join(Path(path).parts[-2:])).decode('latin-1')}"


def _open(path: str) -> int | None:
    """The file, None where there is none. Opening never waits: a pipe would hang until somebody writes."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        why = os.strerror(error.errno or 0).lower()
        raise BadDocumentError(f"the file cannot be read ({why}): left to faxsweep") from error
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return handle
    os.close(handle)
    return None


def is_locked(document: int) -> bool:
    """Whether somebody holds the open file's lock: HylaFAX does while it receives."""
    try:
        fcntl.flock(document, fcntl.LOCK_SH | fcntl.LOCK_NB)
        fcntl.flock(document, fcntl.LOCK_UN)
    except BlockingIOError:
        return True
    except OSError:  # a file system without locks: size and time are compared while copying
        return False
    return False


def _wait_until_received(document: int) -> None:
    until = time.monotonic() + LOCK_PATIENCE
    while is_locked(document):
        if time.monotonic() > until:
            raise InUseError(RECEIVING)
        time.sleep(LOCK_EVERY)
