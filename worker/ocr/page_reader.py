"""Reads pages of documents in child processes: many at once, none able to take the others down."""

import errno
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

from worker.domain.reading import PageReading
from worker.errors import BadDocumentError, CannotWriteError, MissingToolError, PigeonholeError
from worker.ocr.child_pool import ChildPool
from worker.ocr.read_chunk import FileFacts, Inspect, ReadChunk, answer, prepare_process
from worker.ocr.sheets import PageAsk, undecodable
from worker.storage.whole import cannot_write

#: Pages read by one child in one go: enough to share the start of one Tesseract process.
PAGES_PER_CHUNK = 8
#: Seconds before a child that reads is taken for hung: to start with, and for each page more.
START_SECONDS, SECONDS_PER_PAGE = 30.0, 30.0
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

    def __init__(self, jobs: int, work_folder: Path) -> None:
        self._pool: ChildPool[Inspect | ReadChunk, FileFacts | tuple[PageReading, ...]] = ChildPool(
            jobs, answer, initializer=prepare_process
        )
        self._work_folder = work_folder
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
        chunks = [tuple(asks[at : at + PAGES_PER_CHUNK]) for at in range(0, len(asks), PAGES_PER_CHUNK)]
        futures = [(chunk, self._submit(path, chunk)) for chunk in chunks]
        readings: list[PageReading] = []
        for chunk, future in futures:
            readings += self._collect(path, chunk, future)
            for _ in chunk:
                on_page()
        return tuple(readings)

    def close(self) -> None:
        """Ends all children, also in the middle of a page."""
        self._is_closed.set()
        self._pool.close()

    def _submit(self, path: Path, asks: tuple[PageAsk, ...]) -> "Future[FileFacts | tuple[PageReading, ...]]":
        self._check_open()
        return self._pool.submit(ReadChunk(path, asks, self._work_folder), START_SECONDS + SECONDS_PER_PAGE * len(asks))

    def _collect(
        self, path: Path, asks: tuple[PageAsk, ...], future: "Future[FileFacts | tuple[PageReading, ...]]"
    ) -> tuple[PageReading, ...]:
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
        if isinstance(readings, FileFacts):
            raise TypeError("a ReadChunk is answered with readings")
        return readings

    def _check_open(self) -> None:
        if self._is_closed.is_set():
            raise ReadingStoppedError("reading was stopped")


def _in_words(error: Exception) -> str:
    """Our own errors are sentences; those of libraries may quote the page."""
    return str(error) if isinstance(error, PigeonholeError) else f"a library failed ({type(error).__name__})"
