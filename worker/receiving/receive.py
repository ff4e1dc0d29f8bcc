"""Receiving what a client sends, in pieces, straight to disk: one document as the body, or several as a form."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from worker.receiving.refused import BodyRefusedError
from worker.receiving.spool import SpooledFile, check_size

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks  # it exists for type checkers alone

#: Seconds that a client may be silent in the middle of a body.
SILENCE = 60.0
#: The part of a form that is a document; all others are fields.
FILE = "file"
#: Bytes of a field, and parts of a form.
LONGEST_FIELD, MOST_PARTS = 4_096, 200
#: Ways to write a part that leave its bytes as they are.
PLAIN_ENCODINGS = (b"", b"binary", b"8bit", b"7bit")


@dataclass(slots=True)
class Sent:
    """The fields and files of one message."""

    fields: dict[str, str] = field(default_factory=dict)
    files: list[SpooledFile] = field(default_factory=list)

    def close(self) -> None:
        """Forget the files."""
        for each in self.files:
            each.close()


@dataclass(frozen=True, slots=True)
class Limits:
    """The most bytes of a document, and documents of a message (None: any number)."""

    max_bytes: int
    max_documents: int | None


#: The limits of a line; those of the most generous one while the line's name is not known.
LimitsOf = Callable[[str], Limits]


class Receiver(Protocol):
    """Takes a body in, piece by piece; may wait for the disk."""

    def feed(self, data: bytes) -> None:
        """The next piece."""
        ...

    def finish(self) -> None:
        """There is no more. Raises BodyRefusedError where something is missing."""
        ...


async def receive(request: Request, receiver: Receiver) -> None:
    """Give the whole body to the receiver. Raises ClientDisconnect, and BodyRefusedError 408 after a silence."""
    pieces = request.stream().__aiter__()
    while True:
        try:
            async with asyncio.timeout(SILENCE):
                data = await anext(pieces, None)
        except TimeoutError as error:
            message = f"Nothing came for {SILENCE:.0f} s: nothing was recorded, send it again."
            raise BodyRefusedError(408, "too-slow", message, headers={"Connection": "close"}) from error
        if data is None:
            break
        if data:
            await run_in_threadpool(receiver.feed, data)
    await run_in_threadpool(receiver.finish)


class BodyReceiver:
    """The body is one document."""

    def __init__(self, sent: Sent, file: SpooledFile) -> None:
        self._file = file
        sent.files.append(file)

    def feed(self, data: bytes) -> None:
        """See Receiver."""
        self._file.write(data)

    def finish(self) -> None:
        """See Receiver."""
        self._file.finish()


class Gathered:
    """The body is so small that it is kept in memory: at most `most` bytes."""

    def __init__(self, most: int) -> None:
        self.data = bytearray()
        self._most = most

    def feed(self, data: bytes) -> None:
        """See Receiver."""
        check_size(len(self.data) + len(data), self._most)
        self.data.extend(data)

    def finish(self) -> None:
        """See Receiver. All that came is there already."""


class FormReceiver:
    """The body is multipart/form-data: parts named `file` are documents. `line` is what the address says, or empty."""

    def __init__(self, sent: Sent, home: Path, boundary: bytes, limits: LimitsOf, line: str) -> None:
        self._sent = sent
        self._home = home
        self._limits = limits
        self._line = line
        self._headers: dict[bytes, bytes] = {}
        self._header = (bytearray(), bytearray())
        self._name = ""
        self._file: SpooledFile | None = None
        self._value = bytearray()
        self._parts = 0
        self._is_whole = False
        self._parser = MultipartParser(boundary, self._callbacks())

    def feed(self, data: bytes) -> None:
        """See Receiver."""
        try:
            self._parser.write(data)
        except MultipartParseError as error:
            raise _bad_form("The form is not multipart/form-data as its Content-Type says.") from error

    def finish(self) -> None:
        """See Receiver."""
        if not self._is_whole:
            raise _bad_form("The form ends before its last boundary: nothing was recorded, send it again.")

    def _callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin_part,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._open_part,
            "on_part_data": self._take,
            "on_part_end": self._end_part,
            "on_end": self._end,
        }

    def _begin_part(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise _bad_form(f"A form may have at most {MOST_PARTS} parts.")
        self._headers, self._value, self._file = {}, bytearray(), None

    def _end_header(self) -> None:
        name, value = self._header
        self._headers[bytes(name).lower()] = bytes(value)
        self._header = (bytearray(), bytearray())

    def _open_part(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if self._headers.get(b"content-transfer-encoding", b"").strip().lower() not in PLAIN_ENCODINGS:
            raise _bad_form("A part has a Content-Transfer-Encoding: send the bytes as they are.")
        if self._name != FILE:
            return
        check_count(len(self._sent.files) + 1, self._limits_now())
        name = options.get(b"filename", b"").decode("utf-8", "replace")
        self._file = SpooledFile(self._home, name, lambda: self._limits_now().max_bytes)
        self._sent.files.append(self._file)

    def _take(self, data: bytes, start: int, end: int) -> None:
        if self._file:
            self._file.write(data[start:end])
        elif len(self._value) + end - start > LONGEST_FIELD:
            raise _bad_form(f"A field is longer than {LONGEST_FIELD} bytes; documents stand in parts named {FILE!r}.")
        else:
            self._value.extend(data[start:end])

    def _end_part(self) -> None:
        if self._file:
            self._file.finish()
            return
        if self._name in self._sent.fields:
            raise _bad_form("A field stands there twice.")
        try:
            self._sent.fields[self._name] = self._value.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _bad_form("A field is not UTF-8 text.") from error

    def _end(self) -> None:
        self._is_whole = True

    def _limits_now(self) -> Limits:
        return self._limits(self._sent.fields.get("line", self._line))


def check_count(documents: int, limits: Limits) -> None:
    """Raises BodyRefusedError 413 when a message has more documents than its line allows."""
    most = limits.max_documents
    if most is not None and documents > most:
        message = f"A message may have at most {most} documents here: send the others in another message."
        raise BodyRefusedError(413, "too-many-documents", message, headers={"Connection": "close"})


def check_kind(request: Request, kind: str) -> None:
    """Raises BodyRefusedError 415 when the body is said to be something else."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != kind:
        raise BodyRefusedError(415, "unsupported", f"The Content-Type must be {kind}.")


def _bad_form(message: str) -> BodyRefusedError:
    return BodyRefusedError(422, "bad-form", message)
