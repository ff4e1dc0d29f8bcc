"""Pictures for whoever looks: from the store, or drawn at once where no worker has drawn them yet.

The web server draws by itself instead of adding a task and waiting, so that it needs no worker: pages of a folder that
`pigeonhole process` left can be looked at. Files are decoded in child processes only, few at a time.
"""

import threading
import time
from dataclasses import dataclass
from typing import cast

import structlog
from starlette.requests import Request

from worker.domain.picture import PictureSize, Pose
from worker.errors import BadDocumentError, CannotWriteError, UnreachableError
from worker.ocr.asks import Drawn
from worker.ocr.page_reader import PageReader
from worker.ocr.plain_page import plain_picture
from worker.pipeline.draw_step import keep_drawn
from worker.pipeline.give_out import Shelf
from worker.storage.pictures import Pictures

_log = structlog.get_logger()

#: Child processes that draw. Each takes some 100 MB while it lives.
CHILDREN = 3
#: Seconds for which a page is not tried again that could not be drawn: a hostile file must not keep the children busy.
NOT_AGAIN_S = 300.0


@dataclass(frozen=True, slots=True)
class Picture:
    """The bytes, and whether they are what will always be seen of this page; else it is a stopgap."""

    data: bytes
    is_final: bool = True

    @property
    def media_type(self) -> str:
        """PNG or JPEG."""
        return "image/png" if self.data.startswith(b"\x89PNG") else "image/jpeg"


class Drawing:
    """The pictures of a site, drawn when they are missing. Children start with the first that is."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._kept = Pictures(shelf.store)
        self._reader: PageReader | None = None
        self._starting = threading.Lock()
        self._failed: dict[tuple[str, int], float] = {}

    def find(self, sha256: str, pose: Pose, size: PictureSize) -> Picture | None:
        """The picture if it was drawn."""
        found = self._kept.find(sha256, pose, size)
        return None if found is None else Picture(found)

    def draw(self, sha256: str, pose: Pose, size: PictureSize) -> Picture:
        """Draws the page and keeps its pictures. Takes as long as it takes: some 100 ms, seconds for odd files."""
        found = self.find(sha256, pose, size)  # somebody may have drawn it while this call waited for its turn
        if found is not None:
            return found
        drawn = self._draw(sha256, pose)
        if not drawn:
            return Picture(plain_picture(pose.size, "Its file cannot be opened, or drawing it failed."), is_final=False)
        self._keep(sha256, pose, drawn)
        sizes = {PictureSize.THUMB: drawn[0].thumb, PictureSize.BLURRED: drawn[0].blurred}
        return Picture(sizes.get(size) or drawn[0].page or b"")

    def crop(self, picture: Picture, box: tuple[int, int, int, int]) -> Picture:
        """A part (left, top, width, height in its pixels) of the picture."""
        return Picture(self._children().crop(picture.data, box), picture.is_final)

    def close(self) -> None:
        """Ends the children."""
        with self._starting:
            if self._reader is not None:
                self._reader.close()

    def _draw(self, sha256: str, pose: Pose) -> tuple[Drawn, ...]:
        page = sha256, pose.number
        if time.monotonic() < self._failed.get(page, 0.0):
            return ()
        try:
            with self._shelf.original(sha256) as path:
                drawn = self._children().draw(path, [pose], {pose.number})
        except BadDocumentError:
            drawn = ()
        if drawn:
            self._failed.pop(page, None)
        else:
            self._failed[page] = time.monotonic() + NOT_AGAIN_S
            _log.warning("a page could not be drawn", document=sha256[:16], page=pose.number)
        return drawn

    def _keep(self, sha256: str, pose: Pose, drawn: tuple[Drawn, ...]) -> None:
        """A full disk is no reason not to show what was drawn."""
        try:
            keep_drawn(self._kept, sha256, [pose], drawn)
        except (CannotWriteError, UnreachableError) as error:
            _log.warning("a picture could not be kept", error=type(error).__name__)

    def _children(self) -> PageReader:
        with self._starting:
            if self._reader is None:
                self._reader = PageReader(CHILDREN, self._shelf.out)  # drawing writes nothing there
            return self._reader


def drawing_of(request: Request) -> Drawing:
    """The pictures of the site that this application serves."""
    return cast("Drawing", request.app.state.drawing)
