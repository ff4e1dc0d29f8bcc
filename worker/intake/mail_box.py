"""An IMAP folder: which mails wait, their bytes, and marking them done. Nothing is ever removed from the server."""

import contextlib
import imaplib
import ipaddress
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from worker.errors import BadSettingsError, UnreachableError

#: Seconds without a byte after which the server counts as down.
TIMEOUT = 60.0
#: The keywords that say what became of a mail, beside \Seen.
DONE, NOTICE, REFUSED = "PigeonholeDone", "PigeonholeNotice", "PigeonholeRefused"


class Security(StrEnum):
    """How the connection is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"
    """Only to a server on this machine."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whose mail is fetched. `done_folder`: where finished mails move to; empty: they stay, marked by a keyword."""

    host: str
    user: str
    password: str
    port: int | None = None
    folder: str = "INBOX"
    done_folder: str = ""
    security: Security = Security.TLS


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as the server keeps it. `arrived_at` is the server's, aware; None where it says none."""

    raw: bytes
    arrived_at: datetime | None


class Inbox:
    """The opened folder. Every method raises UnreachableError when the server does not answer."""

    def __init__(self, box: BaseMailBox, account: Account) -> None:
        self._box = box
        self._account = account

    def waiting(self) -> list[str]:
        """The uids of the mails that are not done, in order of arrival; whether somebody read them does not matter."""
        with _answering():
            return sorted(self._box.uids(f"UNDELETED UNKEYWORD {DONE}", charset=None), key=int)

    def size(self, uid: str) -> int | None:
        """Bytes of a mail; None when it is gone (another fetcher has moved it) or the server cannot give it."""
        found = re.search(rb"RFC822\.SIZE (\d+)", self._fetch(uid, "(RFC822.SIZE)")[0])
        return int(found.group(1)) if found else None

    def fetch(self, uid: str) -> Fetched | None:
        """A mail, not marked as read by this; None as in `size`."""
        head, raw = self._fetch(uid, "(INTERNALDATE BODY.PEEK[])")
        return None if raw is None else Fetched(raw, _arrived_at(head))

    def mark(self, uid: str, *, is_notice: bool = False, is_refused: bool = False) -> None:
        """The mail is done: all of it is durable."""
        keywords = [DONE] + [NOTICE] * is_notice + [REFUSED] * is_refused
        with _answering():
            # Not the library's flag(): it expunges, which would remove mails that others marked as deleted.
            status, said = self._box.client.uid("STORE", uid, "+FLAGS", f"(\\Seen {' '.join(keywords)})")
            if status != "OK":
                raise UnreachableError("the mailbox", f"it does not mark mails: {said!r:.80}")
            if self._account.done_folder:
                self._box.move([uid], self._account.done_folder)

    def check(self) -> None:
        """Raises BadSettingsError when the folder cannot remember what was done."""
        if self._account.done_folder and "MOVE" not in self._box.client.capabilities:
            raise BadSettingsError("this server cannot move mails safely: leave out --done-folder, they will be marked")
        told = self._box.client.untagged_responses.get("PERMANENTFLAGS", [])
        keeps = b" ".join(item for item in told if isinstance(item, bytes))
        if keeps and rb"\*" not in keeps and DONE.encode() not in keeps and not self._account.done_folder:
            raise BadSettingsError("this mailbox keeps no keywords: give --done-folder, where finished mails move to")

    def _fetch(self, uid: str, what: str) -> tuple[bytes, bytes | None]:
        """What the server says around the mail's bytes, and those bytes."""
        with _answering():
            status, answer = self._box.client.uid("FETCH", uid, what)
        said, raw = b"", None
        if status != "OK":
            return said, raw
        for item in answer:
            if isinstance(item, tuple):
                said, raw = said + item[0] + b" ", item[1]
            elif isinstance(item, bytes):
                said += item
        return said, raw


@contextlib.contextmanager
def open_inbox(account: Account) -> Iterator[Inbox]:
    """The folder, logged in. Raises UnreachableError, and BadSettingsError for a wrong password, folder or host."""
    if account.security is Security.PLAIN and not is_loopback(account.host):
        raise BadSettingsError(f"the password would cross the network in clear: use TLS with {account.host}")
    with _answering():
        box = _connect(account)
    try:
        inbox = Inbox(box, account)
        with _answering():
            _log_in(box, account)
        inbox.check()
        yield inbox
    finally:
        with contextlib.suppress(ImapToolsError, imaplib.IMAP4.error, OSError):  # all that matters is done
            box.logout()


def is_loopback(host: str) -> bool:
    """The server is on this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _connect(account: Account) -> BaseMailBox:
    if account.security is Security.PLAIN:
        return MailBoxUnencrypted(account.host, account.port or 143, timeout=TIMEOUT)
    context = ssl.create_default_context()
    if account.security is Security.STARTTLS:
        return MailBoxStartTls(account.host, account.port or 143, timeout=TIMEOUT, ssl_context=context)
    return MailBox(account.host, account.port or 993, timeout=TIMEOUT, ssl_context=context)


def _log_in(box: BaseMailBox, account: Account) -> None:
    try:
        # AUTHENTICATE takes any letters, LOGIN is what every server has.
        is_plain = account.user.isascii() and account.password.isascii()
        log_in = box.login if is_plain else box.login_utf8
        log_in(account.user, account.password, initial_folder=None)
    except (MailboxLoginError, imaplib.IMAP4.error) as error:
        if isinstance(error, imaplib.IMAP4.abort) or "UNAVAILABLE" in str(error):
            raise
        raise BadSettingsError("the mailbox refuses the user or the password: check both") from error
    # The library knows what the server could before the login; without MOVE it would copy and expunge.
    _, told = box.client.capability()
    box.client.capabilities = tuple(str(told[-1], "ascii", "replace").upper().split())
    try:
        if account.done_folder and not box.folder.exists(account.done_folder):
            box.folder.create(account.done_folder)
        box.folder.set(account.folder)
    except MailboxFolderSelectError as error:
        raise BadSettingsError(f"the mailbox has no folder {account.folder!r}: check --folder") from error


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    """What goes wrong with the connection, as one error; its own words may quote a mail and stay out."""
    try:
        yield
    except (ImapToolsError, imaplib.IMAP4.error, OSError) as error:
        raise UnreachableError("the mailbox", type(error).__name__) from error


def _arrived_at(said: bytes) -> datetime | None:
    found = re.search(rb'INTERNALDATE "([^"]+)"', said)
    if found is None:
        return None
    try:
        moment = parsedate_to_datetime(found.group(1).decode("ascii", "replace").strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else None
