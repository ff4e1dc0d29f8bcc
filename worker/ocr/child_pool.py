"""Several children that work through many items: results as they complete, memory bounded, losses reported."""

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Self, TypeVar, cast

from worker.ocr.child import Child

A = TypeVar("A")
R = TypeVar("R")

#: Whose child is remembered, the latest of them.
KEYS_REMEMBERED = 10_000


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


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting(Generic[A, R]):
    """An item that no child has taken yet."""

    item: A
    timeout_s: float
    key: Hashable | None
    future: "Future[R]"


class ChildPool(Generic[A, R]):
    """`jobs` children that run `function`, each driven by a thread of this process.

    A child that crashes or hangs costs its own item only. The terms of `Child` hold for functions and arguments.
    Items of one key go to the child that had that key last, which may remember something of it, unless another child
    would stand idle.
    """

    def __init__(
        self,
        jobs: int,
        function: Callable[[A], R],
        *,
        initializer: Callable[[], None] | None = None,
        key_of: Callable[[A], Hashable | None] = lambda _: None,
    ) -> None:
        if jobs < 1:
            raise ValueError("a pool needs at least one job")
        self.jobs = jobs
        self._children = [Child(function, initializer=initializer) for _ in range(jobs)]
        self._key_of = key_of
        self._free = list(range(jobs))
        self._waiting: list[_Waiting[A, R]] = []
        self._last: OrderedDict[Hashable, int] = OrderedDict()
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="child")

    def submit(self, item: A, timeout_s: float) -> "Future[R]":
        """Queues one item; the seconds count from when a child takes it. The caller bounds how many are queued."""
        waiting: _Waiting[A, R] = _Waiting(item, timeout_s, self._key_of(item), Future())
        with self._lock:
            self._waiting.append(waiting)
        self._threads.submit(self._work_once)
        return waiting.future

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
        with self._lock:
            dropped, self._waiting = self._waiting, []
        for waiting in dropped:
            waiting.future.cancel()
        for child in self._children:
            child.close()
        self._threads.shutdown(wait=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _work_once(self) -> None:
        """There is one call of this for each item, and a thread for each child: both are there, or all was dropped."""
        with self._lock:
            if not self._waiting:
                return
            child, waiting = self._match()
            self._free.remove(child)
            self._waiting.remove(waiting)
        try:
            _answer(waiting, self._children[child])
        finally:
            with self._lock:
                self._free.append(child)

    def _match(self) -> "tuple[int, _Waiting[A, R]]":
        """A free child and what it does next: what it knows comes before what nobody knows."""
        for waiting in self._waiting:
            if self._last.get(waiting.key) in self._free:
                return self._last[waiting.key], waiting
        waiting = next((w for w in self._waiting if w.key not in self._last), self._waiting[0])
        child = self._free[-1]
        if waiting.key is not None:
            self._last[waiting.key] = child
            self._last.move_to_end(waiting.key)
            if len(self._last) > KEYS_REMEMBERED:
                self._last.popitem(last=False)
        return child, waiting


def _answer(waiting: _Waiting[A, R], child: Child[A, R]) -> None:
    if not waiting.future.set_running_or_notify_cancel():
        return
    try:
        waiting.future.set_result(child.call(waiting.item, waiting.timeout_s))
    except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
        waiting.future.set_exception(error)


def _finished(pending: "dict[Future[R], A]") -> Iterator[Done[A, R]]:
    for future in wait(pending, return_when=FIRST_COMPLETED).done:
        item = pending.pop(future)
        with contextlib.suppress(CancelledError):
            error = future.exception()
            if error is not None and not isinstance(error, Exception):
                raise error
            yield Done(item, error, None if error else future.result())
