"""Who is told: each takes a message for good, or raises UnreachableError."""

import contextlib
import errno
import fcntl
import os
import time
from pathlib import Path
from typing import Protocol

import httpx

from worker.errors import UnreachableError
from worker.notify.message import Message, signature
from worker.storage.whole import cannot_write

#: Seconds to connect, and to wait for the answer.
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 15.0


class Receiver(Protocol):
    """Somebody who is told what happened to requests."""

    def take(self, message: Message) -> None:
        """Returns once it is safe there. Raises UnreachableError or CannotWriteError; then it is told again."""
        ...


class Webhook:
    """POSTs each message, signed. Only an answer 2xx is a yes; redirects are not followed."""

    def __init__(self, url: str, secret: bytes) -> None:
        self._url = url
        self._secret = secret
        timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        self._client = httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False)

    def take(self, message: Message) -> None:
        """See Receiver."""
        headers = {
            "Content-Type": "application/json",
            "Pigeonhole-Event": str(message.id),
            "Pigeonhole-Signature": signature(self._secret, message.body, int(time.time())),
        }
        try:
            answer = self._client.post(self._url, content=message.body, headers=headers)
        except httpx.HTTPError as error:
            raise UnreachableError("the receiver of events", type(error).__name__) from error
        if not answer.is_success:
            raise UnreachableError("the receiver of events", f"it answered {answer.status_code}")


class JournalFile:
    """Appends one line of JSON for each message; several processes may share the file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def take(self, message: Message) -> None:
        """See Receiver. The line is on disk, whole, when this returns."""
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with contextlib.closing(os.fdopen(handle, "r+b", buffering=0)):
                fcntl.flock(handle, fcntl.LOCK_EX)
                os.write(handle, _end_of_half_a_line(handle) + message.body + b"\n")
                _sync(handle)
        except OSError as error:
            raise cannot_write(self._path, error) from error


def _sync(handle: int) -> None:
    """To the disk, where there is one: /dev/null and pipes have none."""
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise


def _end_of_half_a_line(handle: int) -> bytes:
    """A crash or a full disk may have left half a line: it is ended, and its event is told again."""
    size = os.fstat(handle).st_size
    return b"\n" if size and os.pread(handle, 1, size - 1) != b"\n" else b""
