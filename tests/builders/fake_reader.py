"""A reader without OCR: each file's first line says what stands on its pages, and some files misbehave."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.builders.readings import reading
from worker.domain.document import DocumentKind
from worker.domain.reading import PageReading
from worker.ocr.read_chunk import FileFacts
from worker.ocr.sheets import PageAsk

#: What a file says on which the reader fails in itself, that is read until the reader is closed, or that is lost.
POISON, ENDLESS, VANISHING = "poison", "endless", "vanishing"


class FakeReader:
    """Stands for ocr.PageReader: a file of text is a document of one page that says this text."""

    def __init__(self) -> None:
        self.closed = threading.Event()
        self.busy = threading.Event()
        self._texts: dict[Path, str] = {}

    def inspect(self, path: Path) -> FileFacts:
        text = self._texts[path] = path.read_text()
        if text.startswith(POISON):
            raise RuntimeError(f"cannot understand {text}")
        if text.startswith(VANISHING):
            path.unlink()
        return FileFacts(DocumentKind.TIFF, 1, ())

    def read(
        self, path: Path, asks: Sequence[PageAsk], *, on_page: Callable[[], None] = lambda: None
    ) -> tuple[PageReading, ...]:
        text = self._texts[path]
        if text.startswith(ENDLESS):
            self.busy.set()
            self.closed.wait()
            raise RuntimeError("the reader is closed")
        on_page()
        lines = text.splitlines()
        return tuple(reading(ask.number, *lines, region=ask.region) for ask in asks)

    def close(self) -> None:
        self.closed.set()
