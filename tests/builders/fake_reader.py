"""A reader without OCR: each file's first line says what stands on its pages, and some files misbehave."""

import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from tests.builders.readings import reading
from worker.domain.document import DocumentKind
from worker.domain.picture import Pose
from worker.domain.reading import PageReading
from worker.errors import CannotWriteError
from worker.ocr.asks import Drawn, FileFacts, PageAsk
from worker.ocr.page_reader import ReadingStoppedError

#: What a file says on which the reader fails in itself, that is read until the reader is closed, that is lost, for
#: which there is no room once the endless one is being read, or that has many pages.
POISON, ENDLESS, VANISHING, NO_ROOM, LONG = "poison", "endless", "vanishing", "no room", "long"
LONG_PAGES = 20
#: What stands in a file that can be read but not drawn.
UNDRAWABLE = "undrawable"


class FakeReader:
    """Stands for ocr.PageReader: a file of text is a document of one page (or LONG_PAGES) that says this text.

    With `is_well` no file misbehaves.
    """

    def __init__(self, *, is_well: bool = False) -> None:
        self.closed = threading.Event()
        self.busy = threading.Event()
        self.asked: list[tuple[int, ...]] = []
        self.drawn: list[tuple[int, ...]] = []
        self._is_well = is_well

    def inspect(self, path: Path) -> FileFacts:
        text = path.read_text()
        if text.startswith(POISON) and not self._is_well:
            raise RuntimeError(f"cannot understand {text}")
        return FileFacts(DocumentKind.TIFF, LONG_PAGES if text.startswith(LONG) else 1, ())

    def read(
        self, path: Path, asks: Sequence[PageAsk], *, on_page: Callable[[], None] = lambda: None
    ) -> tuple[PageReading, ...]:
        text = path.read_text()
        self.asked.append(tuple(ask.number for ask in asks))
        if not self._is_well:
            self._misbehave(text, path)
        on_page()
        lines = text.splitlines()
        return tuple(reading(ask.number, *lines, region=ask.region) for ask in asks)

    def draw(self, path: Path, poses: Sequence[Pose], full: Collection[int]) -> tuple[Drawn, ...]:
        text = path.read_text()
        self.drawn.append(tuple(pose.number for pose in poses))
        if UNDRAWABLE in text and not self._is_well:
            raise RuntimeError(f"cannot draw {text}")
        return tuple(
            Drawn(pose.number, b"thumb", b"blurred", b"page" if pose.number in full else None) for pose in poses
        )

    def close(self) -> None:
        self.closed.set()

    def _misbehave(self, text: str, path: Path) -> None:
        if text.startswith(ENDLESS):
            self.busy.set()
            self.closed.wait(30)
            raise ReadingStoppedError("reading was stopped")
        if text.startswith(NO_ROOM):
            self.busy.wait(30)
            raise CannotWriteError("cannot write: free space")
        if text.startswith(VANISHING):
            path.unlink()
