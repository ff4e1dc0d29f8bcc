"""Reads pages of documents in child processes: many at once, none able to take the others down."""

import errno
import threading
from collections.abc import Callable, Collection, Hashable, Sequence
from concurrent.futures import Future
from itertools import groupby
from pathlib import Path
from typing import cast

from worker.domain.picture import Pose
from worker.domain.reading import PageReading
from worker.errors import BadDocumentError, CannotWriteError, MissingToolError, PigeonholeError
from worker.ocr.asks import (
    Answer,
    Ask,
    CropPicture,
    Drawn,
    DrawPages,
    FileFacts,
    Inspect,
    PageAsk,
    ReadChunk,
    undecodable,
)
from worker.ocr.child_pool import ChildPool
from worker.ocr.engines import Engine
from worker.ocr.reader_process import answer, prepare_process
from worker.storage.whole import cannot_write

#: Pages read by one child in one go: so many share a sender's line, and few enough that all children have work.
PAGES_PER_CHUNK = 8
#: Seconds before a child that reads is taken for hung: to start with, and for each page more.
START_SECONDS, SECONDS_PER_PAGE = 30.0, 30.0
#: The same for one that draws: somebody may be waiting.
START_TO_DRAW, SECONDS_TO_DRAW = 20.0, 10.0
#: Errors that say nothing about a page. All others cost the pages of a chunk a second try one by one, and a page its
#: text.
PASSED_ON = (BadDocumentError, CannotWriteError, MissingToolError)
#: The work folder is full, which says nothing about a page either.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class ReadingStoppedError(PigeonholeError):
    """The reader was closed while pages were being read; nothing is known about them."""

    is_permanent = False


class PageReader:
    """Child processes that decode, clean and read pages. Safe to use from several threads.

    `work_folder` is private and takes the images that the OCR engine reads; whoever made it removes it.
    """

    def __init__(self, jobs: int, work_folder: Path, engine: Engine = Engine.PROGRAM) -> None:
        self._pool: ChildPool[Ask, Answer] = ChildPool(jobs, answer, initializer=prepare_process, key_of=_key)
        self._work_folder = work_folder
        self._engine = engine
        self._is_closed = threading.Event()

    def inspect(self, path: Path) -> FileFacts:
        """What the file is and how many pages it has. Raises BadDocumentError with a clerk's sentence."""
        try:
            facts = self._pool.submit(Inspect(path), START_SECONDS).result()
        except PASSED_ON:
            raise
        except Exception as error:
            self._check_open()
            raise BadDocumentError(f"the file could not be opened: {_in_words(error)}") from error
        if not isinstance(facts, FileFacts):
            raise TypeError("an Inspect is answered with FileFacts")
        return facts

    def read(
        self, path: Path, asks: Sequence[PageAsk], *, on_page: Callable[[], None] = lambda: None
    ) -> tuple[PageReading, ...]:
        """The reading of each ask, in order; `on_page` is called as each is done.

        A page whose reading crashes or hangs comes back as unreadable, with the reason. Raises
        ReadingStoppedError after close(), MissingToolError and CannotWriteError.
        """
        futures = [(chunk, self._submit(path, chunk)) for chunk in _chunks(asks)]
        readings: list[PageReading] = []
        for chunk, future in futures:
            readings += self._collect(path, chunk, future)
            for _ in chunk:
                on_page()
        return tuple(readings)

    def draw(self, path: Path, poses: Sequence[Pose], full: Collection[int]) -> tuple[Drawn, ...]:
        """Pictures of these pages, at most PAGES_PER_CHUNK; those whose number is in `full` also in full.

        A page whose drawing crashes or hangs is left out. Raises BadDocumentError, and ReadingStoppedError after
        close().
        """
        ask = DrawPages(path, tuple(poses), frozenset(full))
        try:
            drawn = self._submit_ask(ask, START_TO_DRAW + SECONDS_TO_DRAW * len(poses)).result()
        except PASSED_ON:
            raise
        except Exception:  # noqa: BLE001 - the edge between a child process and the run
            self._check_open()
            singly = [self.draw(path, (pose,), full) for pose in poses] if len(poses) > 1 else []
            return tuple(picture for pictures in singly for picture in pictures)
        return cast("tuple[Drawn, ...]", drawn)

    def crop(self, picture: bytes, box: tuple[int, int, int, int]) -> bytes:
        """A part (left, top, width, height in its pixels) of a picture that was drawn, as a picture."""
        return cast("bytes", self._submit_ask(CropPicture(picture, box), START_TO_DRAW).result())

    def close(self) -> None:
        """Ends all children, also in the middle of a page."""
        self._is_closed.set()
        self._pool.close()

    def _submit(self, path: Path, asks: tuple[PageAsk, ...]) -> "Future[Answer]":
        seconds = START_SECONDS + SECONDS_PER_PAGE * len(asks)
        return self._submit_ask(ReadChunk(path, asks, self._work_folder, self._engine), seconds)

    def _submit_ask(self, ask: Ask, seconds: float) -> "Future[Answer]":
        self._check_open()
        return self._pool.submit(ask, seconds)

    def _collect(self, path: Path, asks: tuple[PageAsk, ...], future: "Future[Answer]") -> tuple[PageReading, ...]:
        try:
            readings = future.result()
        except PASSED_ON:
            raise
        except Exception as error:  # the edge between a child process and the run
            self._check_open()
            if isinstance(error, OSError) and error.errno in NO_ROOM:
                raise cannot_write(self._work_folder, error) from error
            if len(asks) == 1:
                return (undecodable(asks[0], f"the page could not be read: {_in_words(error)}"),)
            singly = [(ask, self._submit(path, (ask,))) for ask in asks]
            return tuple(reading for ask, one in singly for reading in self._collect(path, (ask,), one))
        return cast("tuple[PageReading, ...]", readings)

    def _check_open(self) -> None:
        if self._is_closed.is_set():
            raise ReadingStoppedError("reading was stopped")


def _chunks(asks: Sequence[PageAsk]) -> list[tuple[PageAsk, ...]]:
    """The asks in their order, cut where a page is of another chunk: the child that read a chunk before knows it."""
    alike = groupby(asks, key=lambda ask: (ask.number - 1) // PAGES_PER_CHUNK)
    together = [list(group) for _, group in alike]
    return [
        tuple(group[at : at + PAGES_PER_CHUNK]) for group in together for at in range(0, len(group), PAGES_PER_CHUNK)
    ]


def _key(ask: Ask) -> Hashable | None:
    """The chunk of pages that is read; None where it makes no difference who does it."""
    return (ask.path, (ask.asks[0].number - 1) // PAGES_PER_CHUNK) if isinstance(ask, ReadChunk) else None


def _in_words(error: Exception) -> str:
    """Our own errors are sentences; those of libraries may quote the page."""
    return str(error) if isinstance(error, PigeonholeError) else f"a library failed ({type(error).__name__})"
