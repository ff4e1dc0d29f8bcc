"""Several children that work through many items: results as they complete, memory bounded, losses reported."""

import contextlib
import queue
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Self, TypeVar, cast

from worker.ocr.child import Child

A = TypeVar("A")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Done(Generic[A, R]):
    """What became of an item: a result, or the error that its call raised."""

    item: A
    error: Exception | None
    _result: R | None

    def result(self) -> R:
        """The result; raises the error if there is one."""
        if self.error is not None:
            raise self.error
        return cast("R", self._result)


class ChildPool(Generic[A, R]):
    """`jobs` children that run `function`, each driven by a thread of this process.

    A child that crashes or hangs costs its own item only. The terms of `Child` hold for functions and arguments.
    """

    def __init__(self, jobs: int, function: Callable[[A], R], *, initializer: Callable[[], None] | None = None) -> None:
        if jobs < 1:
            raise ValueError("a pool needs at least one job")
        self.jobs = jobs
        self._children = [Child(function, initializer=initializer) for _ in range(jobs)]
        self._free: queue.LifoQueue[Child[A, R]] = queue.LifoQueue()
        for child in self._children:
            self._free.put(child)
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="child")

    def submit(self, item: A, timeout_s: float) -> "Future[R]":
        """Queues one item; the seconds count from when a child takes it. The caller bounds how many are queued."""
        return self._threads.submit(self._call, item, timeout_s)

    def run(self, items: Iterable[A], timeout_s: Callable[[A], float]) -> Iterator[Done[A, R]]:
        """Yields what became of each item as soon as it is known, in any order.

        `items` is pulled in the caller's thread, never further ahead than the children plus one each. It may be
        a generator that looks at what was yielded before. Stopping early drops what is not yet begun.
        """
        pending: dict[Future[R], A] = {}
        try:
            for item in items:
                pending[self.submit(item, timeout_s(item))] = item
                while len(pending) >= 2 * self.jobs:
                    yield from _finished(pending)
            while pending:
                yield from _finished(pending)
        finally:
            for future in pending:
                future.cancel()

    def close(self) -> None:
        """Ends all children, also in the middle of a call, and waits for the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for child in self._children:
            child.close()
        self._threads.shutdown(wait=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _call(self, item: A, timeout_s: float) -> R:
        child = self._free.get()
        try:
            return child.call(item, timeout_s)
        finally:
            self._free.put(child)


def _finished(pending: "dict[Future[R], A]") -> Iterator[Done[A, R]]:
    for future in wait(pending, return_when=FIRST_COMPLETED).done:
        item = pending.pop(future)
        with contextlib.suppress(CancelledError):
            error = future.exception()
            if error is not None and not isinstance(error, Exception):
                raise error
            yield Done(item, error, None if error else future.result())
