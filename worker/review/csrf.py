"""The token that comes back with everything that changes something: in a header, or in a form's first field."""

import hmac
import re
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import Message, Receive

HEADER, FIELD = "X-CSRF-Token", "csrf"
#: Bytes of a form that are looked at. In a form with files the token must be the first field.
MOST_FORM, MOST_START = 262_144, 2_048
_FIRST = re.compile(
    rb'\A--[^\r\n]+\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n([^\r\n]*)\r\n', re.IGNORECASE
)


def is_same(sent: str, csrf: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(sent.encode("utf-8", "surrogatepass"), csrf.encode())


async def sent_token(headers: Headers, receive: Receive) -> tuple[str, Receive]:
    """The token that came, and what gives the body to the application as if nobody had looked at it."""
    if HEADER in headers:
        return headers[HEADER], receive
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        start = await _Start.read(receive, MOST_FORM)
        fields = parse_qs(start.body.decode("latin-1")) if start.is_whole else {}
        return fields.get(FIELD, [""])[0], start.again
    if kind == "multipart/form-data":
        start = await _Start.read(receive, MOST_START)
        first = _FIRST.match(start.body)
        return (first[1].decode("latin-1") if first else ""), start.again
    return "", receive


class _Start:
    """The first messages of a body, which are given out again before the rest."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: list[Message] = []
        self.body = b""
        self.is_whole = False

    @classmethod
    async def read(cls, receive: Receive, most: int) -> "_Start":
        start = cls(receive)
        while not start.is_whole and len(start.body) < most:
            message = await receive()
            start._messages.append(message)
            if message["type"] != "http.request":
                break
            start.body += message.get("body", b"")
            start.is_whole = not message.get("more_body", False)
        return start

    async def again(self) -> Message:
        return self._messages.pop(0) if self._messages else await self._receive()
