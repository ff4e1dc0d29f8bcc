"""Scripts, styles and icons, read once and answered from memory.

Under `/static/{version}/...` browsers keep them for good: the version is made of what they hold, and modules import
each other by relative names, so that a new release is taken over whole. Under `/static/...` they ask each time.
"""

import hashlib
import mimetypes
from pathlib import Path

from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

FOREVER, ASK = "public, max-age=31536000, immutable", "no-cache"


class Assets:
    """An ASGI application over a folder. `version` is the part of the path under which answers never change."""

    def __init__(self, folder: Path) -> None:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        self._files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
        whole = hashlib.sha256(b"".join(name.encode() + content for name, content in self._files.items()))
        self.version = whole.hexdigest()[:12]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        name = str(scope["path"]).removeprefix(str(scope.get("root_path", ""))).lstrip("/")
        is_versioned = name.startswith(f"{self.version}/")
        content = self._files.get(name.removeprefix(f"{self.version}/"))
        if content is None or scope["method"] not in {"GET", "HEAD"}:
            return PlainTextResponse("There is no such file.", 404)
        headers = {"Cache-Control": FOREVER if is_versioned else ASK, "ETag": f'"{self.version}"'}
        asked = dict(scope["headers"]).get(b"if-none-match", b"").decode("latin-1")
        if asked == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(content, media_type=media_type, headers=headers)
