"""Progress of a long run: a live bar on a terminal, a plain line now and then elsewhere."""

import sys
import threading
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

#: Seconds between two lines where there is no terminal.
LINE_EVERY = 5.0


class TrayProgress:
    """Counts pages as they are read. Documents that are not open yet are taken to be as long as those that are."""

    def __init__(self, documents: int) -> None:
        self.pages = 0
        self.started = time.monotonic()
        self._documents = documents
        self._done = 0
        self._opened = 0
        self._expected = 0
        self._lock = threading.Lock()
        self._last_line = self.started
        self._bar = _bar() if sys.stderr.isatty() else None
        self._task = self._bar.add_task("reading", total=None, rate="", left="") if self._bar else None

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    @property
    def rate(self) -> float:
        """Pages a second since the start."""
        return self.pages / max(1e-3, time.monotonic() - self.started)

    def expect(self, pages: int) -> None:
        """So many pages more will be read."""
        with self._lock:
            self._opened += 1
            self._expected += pages
            self._show()

    def page_read(self) -> None:
        """One page had its first look."""
        with self._lock:
            self.pages += 1
            self._show()

    def document_done(self) -> None:
        """One document is filed or rejected."""
        with self._lock:
            self._done += 1
            self._show()

    @property
    def _total(self) -> int:
        """Pages of all documents, as far as can be told."""
        if not self._opened:
            return 0
        return round(self._expected / self._opened * max(self._documents, self._opened))

    @property
    def _seconds_left(self) -> float:
        return max(0.0, self._total - self.pages) / max(self.rate, 0.01)

    def _show(self) -> None:
        if self._bar and self._task is not None:
            self._bar.update(
                self._task,
                completed=self.pages,
                total=self._total,
                description=f"{self._done}/{self._documents} documents",
                rate=f"{self.rate:.1f} pages/s",
                left=f"about {self._seconds_left:.0f} s left" if self.pages else "",
            )
        elif time.monotonic() - self._last_line >= LINE_EVERY:
            self._last_line = time.monotonic()
            print(
                f"{self._done}/{self._documents} documents, {self.pages} of about {self._total} pages, "
                f"{self.rate:.1f} pages/s, about {self._seconds_left:.0f} s left",
                file=sys.stderr,
                flush=True,
            )


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("pages"),
        TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[left]}"),
        console=Console(stderr=True),
        transient=True,
    )
