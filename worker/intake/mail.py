"""The mail door: takes in what a fax-to-email gateway sends. A mail is marked done only when its documents are safe.

Killed at any moment, it is offered again and is the same arrival: its place is the mail's Message-ID and the number of
the part.
"""

import contextlib
import hashlib
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

import structlog

from worker.domain.envelope import Channel, Envelope, Incoming
from worker.domain.line import Line
from worker.errors import BadDocumentError, CannotWriteError, UnreachableError
from worker.intake.accept import Accept
from worker.intake.mail_box import Account, Inbox, open_inbox
from worker.intake.mail_gateway import read_call, tells_failure
from worker.intake.mail_message import Mail, Part, key_of, read_mail
from worker.intake.mail_renderings import Rendering, count_pages, same_faxes
from worker.storage.whole import UNFINISHED_PREFIX, cannot_write, make_folder, remove_unfinished

_log = structlog.get_logger()

#: Bytes of a mail that is still fetched; it is held in memory several times.
MOST_BYTES = 200 * 1024 * 1024
#: Seconds after which a file in the work folder was left by a killed fetcher.
LEFT_OVER = 3_600.0
#: Longest pause after failures, in seconds.
LONGEST_PAUSE = 300.0


@dataclass(frozen=True, slots=True)
class MailDoor:
    """`work` is a folder for attachments on their way; `now` tells the time with the payer's clock."""

    accept: Accept
    line: Line
    work: Path
    now: Callable[[], datetime]

    @property
    def zone(self) -> tzinfo | None:
        """The payer's."""
        return self.now().tzinfo


@dataclass(slots=True)
class Tally:
    """What a fetcher did: documents taken, parts refused, mails without documents, and notices of lost faxes."""

    mails: int = 0
    documents: int = 0
    refused: int = 0
    notices: int = 0
    failures: int = 0


def fetch_once(account: Account, door: MailDoor, tally: Tally, stop: threading.Event) -> None:
    """Take in all that waits in the account's folder, until `stop` is set.

    Raises UnreachableError, CannotWriteError and BadSettingsError; mails that were not finished stay as they are.
    """
    make_folder(door.work)
    remove_unfinished(door.work, older_than=LEFT_OVER)
    with open_inbox(account) as inbox:
        for uid in inbox.waiting():
            if stop.is_set():
                return
            _take(inbox, uid, door, tally)


def fetch_for_ever(account: Account, door: MailDoor, tally: Tally, every: float, stop: threading.Event) -> None:
    """`fetch_once` every so many seconds until `stop` is set; while something does not answer, ever less often."""
    failures = 0
    while not stop.is_set():
        try:
            fetch_once(account, door, tally, stop)
            failures = 0
        except (UnreachableError, CannotWriteError) as error:
            failures += 1
            _log.error("mail not fetched", error=type(error).__name__, why=str(error), failures=failures)
        stop.wait(min(max(LONGEST_PAUSE, every), every * 2.0 ** min(failures, 20)))


def take_mail(raw: bytes, arrived_at: datetime, door: MailDoor, tally: Tally) -> bool:
    """Take in one mail's documents; whether all were taken and none refused. Safe to repeat.

    What cannot be taken apart, or hangs together badly and holds no document, is taken in whole for a person to see.
    """
    try:
        mail = read_mail(raw)
    except BadDocumentError as error:
        return _take_whole(raw, key_of(raw), arrived_at, door, tally, error.reason)
    if mail.parts:
        return _take_parts(mail, arrived_at, door, tally)
    if mail.is_broken and not mail.is_report:
        return _take_whole(raw, mail.key, arrived_at, door, tally, "the mail is damaged: no attachment can be found")
    tally.notices += 1
    if tells_failure(mail):
        tally.failures += 1
        _log.warning("the gateway tells of a fax that failed", mail=key_of(raw))
    return True


def _take(inbox: Inbox, uid: str, door: MailDoor, tally: Tally) -> None:
    size = inbox.size(uid)
    if size is None:
        _log.warning("a mail is gone, or the server does not give it", uid=uid)
        return
    if size > MOST_BYTES:
        _log.error("a mail is too large to be fetched: look at it in the mailbox", uid=uid, bytes=size)
        tally.refused += 1
        return
    fetched = inbox.fetch(uid)
    if fetched is None:
        _log.error("a mail is gone, or the server does not give it", uid=uid)
        return
    notices = tally.notices
    arrived_at = fetched.arrived_at.astimezone(door.zone) if fetched.arrived_at else door.now()
    is_whole = take_mail(fetched.raw, arrived_at, door, tally)
    inbox.mark(uid, is_notice=tally.notices > notices, is_refused=not is_whole)
    tally.mails += 1
    _log.info("mail taken", uid=uid, mail=key_of(fetched.raw), bytes=size)


def _take_parts(mail: Mail, arrived_at: datetime, door: MailDoor, tally: Tally) -> bool:
    with contextlib.ExitStack() as held:
        files = {part.number: held.enter_context(_on_disk(part.data, door.work)) for part in mail.parts}
        same = _same(mail, files)
        beyond = _beyond_limits([part for part in mail.parts if part.number not in same], door.line)
        for part in mail.parts:
            incoming = _incoming(mail, part, arrived_at, door.line)
            refusal = same.get(part.number, "") or beyond.get(part.number, "")
            arrival = door.accept(incoming, files[part.number], refusal)
            tally.documents += not refusal
            tally.refused += part.number in beyond
            _log.info("mail part", arrival=arrival.order, document=arrival.sha256[:16], is_refused=bool(refusal))
    return not beyond


def _same(mail: Mail, files: dict[int, Path]) -> dict[int, str]:
    """Number of a part that is another's fax once more -> the sentence that says so. Its bytes stay in the mailbox."""
    documents = [Rendering(part, count_pages(part, files[part.number])) for part in mail.parts if part.kind]
    same = same_faxes(documents, read_call(mail).pages)
    return {
        number: f"the same fax as PDF: its pages are in {_known_as(mail.key, tiff)}" for number, tiff in same.items()
    }


def _beyond_limits(parts: Sequence[Part], line: Line) -> dict[int, str]:
    """Number of a part -> why it is not taken. Its bytes stay in the mailbox, in a mail that is marked."""
    refusals = {}
    for taken, part in enumerate(parts, 1):
        if line.max_documents is not None and taken > line.max_documents:
            refusals[part.number] = f"line {line.name} takes {line.max_documents} documents a message"
        elif len(part.data) > line.upload_bytes:
            refusals[part.number] = (
                f"line {line.name} takes {line.upload_bytes} bytes a document, this has {len(part.data)}"
            )
    return refusals


def _take_whole(raw: bytes, key: str, arrived_at: datetime, door: MailDoor, tally: Tally, why: str) -> bool:
    envelope = Envelope(Channel.MAIL, door.line.name, external_id=key, error=why)
    incoming = Incoming(_place(key, 0), _known_as(key, None), arrived_at, envelope)
    with _on_disk(raw, door.work) as path:
        arrival = door.accept(incoming, path)
    tally.documents += 1
    _log.warning("a damaged mail was taken in whole", arrival=arrival.order, document=arrival.sha256[:16])
    return False


def _incoming(mail: Mail, part: Part, arrived_at: datetime, line: Line) -> Incoming:
    call = read_call(mail)
    envelope = Envelope(
        channel=Channel.MAIL,
        line=line.name,
        sender=call.sender or mail.sender,
        sender_name=call.sender_name,
        dialled=call.dialled or mail.mailbox,
        declared_pages=call.pages,
        error="the mail is damaged: its end may be missing" if mail.is_broken else "",
        external_id=mail.key,
    )
    return Incoming(_place(mail.key, part.number), _known_as(mail.key, part), arrived_at, envelope)


def _known_as(key: str, part: Part | None) -> str:
    """A name without what a stranger wrote into the mail: it could be a patient's. None: the whole mail."""
    mail = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:12]
    if part is None:
        return f"mail-{mail}.eml"
    return f"mail-{mail}-{part.number}.{part.kind.value if part.kind else 'bin'}"


def _place(key: str, number: int) -> bytes:
    return f"mail:{key}/{number}".encode("utf-8", "replace")


@contextlib.contextmanager
def _on_disk(data: bytes, folder: Path) -> Iterator[Path]:
    """The bytes as a file of ours, gone afterwards."""
    try:
        # Closed at once: a mail may have more parts than we may have open files.
        with tempfile.NamedTemporaryFile(prefix=UNFINISHED_PREFIX, dir=folder, delete=False) as file:
            path = Path(file.name)
            file.write(data)
    except OSError as error:
        raise cannot_write(folder, error) from error
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
