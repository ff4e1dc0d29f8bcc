"""The outermost layer: security headers on every answer, one log line for each, and nothing told of errors inside."""

import time
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any  # ASGI's own type of a message

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from worker.logs import where

_log = structlog.get_logger()

#: What every answer says unless it says otherwise itself.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Edge:
    """ASGI middleware around a whole application. `failed` gives the answer where the application has none."""

    def __init__(self, app: ASGIApp, failed: Callable[[], ASGIApp], headers: Mapping[str, str] | None = None) -> None:
        self._app = app
        self._failed = failed
        self._headers = {**HEADERS, **(headers or {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send, self._headers)
        began = time.monotonic()
        try:
            await self._app(scope, receive, answer.send)
        except ClientDisconnect:
            _log.info("client gone", route=_route(scope))
            return
        except Exception as error:  # noqa: BLE001 - the edge: an error's words may quote what was sent
            _log.error("request failed", route=_route(scope), error=type(error).__name__, where=where(error))
            if not answer.status:
                await self._failed()(scope, receive, answer.send)
        milliseconds = round((time.monotonic() - began) * 1000)
        _log.info("request", method=scope["method"], route=_route(scope), status=answer.status, ms=milliseconds)


class _Answer:
    """Notes the status of what is sent, and adds the headers."""

    def __init__(self, send: Send, headers: Mapping[str, str]) -> None:
        self._send = send
        self._headers = headers
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
        await self._send(message)


def _route(scope: MutableMapping[str, Any]) -> str:
    """The path as it is declared: what stands in its place may be anything."""
    return str(getattr(scope.get("route"), "path", "none"))
