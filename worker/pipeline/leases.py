"""The leases of a living worker: renewed while their tasks are being done, so that only the dead lose theirs."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from types import TracebackType
from typing import Self

import sqlalchemy as sa
import structlog

from worker.db import tasks
from worker.domain.task import Task

_log = structlog.get_logger()

#: Seconds that no task takes: a chart of a thousand pages read to its end is done in less.
LONGEST_TASK = 3600.0
#: Renewals in the length of a lease: two may fail before it runs out.
RENEWALS = 3


def holder_of(pid: int) -> str:
    """The name of the worker that is or was this process of this machine; an operator sees where it runs.

    A process id that is used again does no harm: the token of each claim is what counts.
    """
    return f"{socket.gethostname()}:{pid}"


class Leases:
    """What one process holds. A thread renews it; used as a context."""

    def __init__(self, engine: sa.Engine, length_s: float, holder: str = "") -> None:
        self.holder = holder or holder_of(os.getpid())
        self.length = timedelta(seconds=length_s)
        self._engine = engine
        self._held: dict[int, tuple[Task, float]] = {}
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._renew_for_ever, name="leases", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join()

    @contextlib.contextmanager
    def held(self, task: Task) -> Iterator[None]:
        """The task's lease is renewed until the block ends."""
        with self._lock:
            self._held[task.id] = task, time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                self._held.pop(task.id, None)

    def is_stuck(self) -> bool:
        """Something is being done for longer than anything takes: native code hangs in this very process."""
        with self._lock:
            return any(time.monotonic() - since > LONGEST_TASK for _, since in self._held.values())

    def _renew_for_ever(self) -> None:
        while not self._is_over.wait(self.length.total_seconds() / RENEWALS):
            with self._lock:
                held = [task for task, _ in self._held.values()]
            try:
                if held:
                    tasks.renew(self._engine, held, self.length)
            except Exception as error:  # noqa: BLE001 - without this thread every long task would lose its lease
                _log.warning("leases not renewed", error=type(error).__name__)
