"""Runs a function in a resident child process, so that native code which crashes or hangs costs one call.

ZBar aborts on some images, PDF and TIFF decoders meet hostile files, Tesseract hangs: none of it may end a run.
"""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Generic, Self, TypeVar, cast

from worker.errors import PigeonholeError
from worker.ocr import child_wire
from worker.ocr.child_main import Answer
from worker.ocr.child_process import ChildProcess

A = TypeVar("A")
R = TypeVar("R")


class ChildLostError(PigeonholeError):
    """The child process ended before it answered. The next call starts a fresh one."""

    is_permanent = False


class ChildCrashedError(ChildLostError):
    """The child died: `how` says by which signal or with which exit status."""

    def __init__(self, how: str) -> None:
        super().__init__(f"the child process {how}")
        self.how = how


class ChildTimedOutError(ChildLostError):
    """The child gave no answer within `timeout_s` seconds and was killed with all it had started."""

    def __init__(self, timeout_s: float) -> None:
        super().__init__(f"the child process gave no answer within {timeout_s:g} s")
        self.timeout_s = timeout_s


class ChildRaisedError(PigeonholeError):
    """The function raised an exception that cannot be sent to the parent; `name` is its class."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the child process raised {name}")
        self.name = name


class Child(Generic[A, R]):
    """A child process that runs `function` on one argument at a time; started by the first call.

    `function` and `initializer` are module-level functions; arguments and results are picklable. The initializer
    runs once in each fresh process, before the function's module is imported there. What the child prints goes to
    /dev/null. It leads a process group of its own (Ctrl-C does not reach it), and that group dies with the parent.
    Calls from several threads wait for each other.
    """

    def __init__(self, function: Callable[[A], R], *, initializer: Callable[[], None] | None = None) -> None:
        for given in (function, initializer):
            if given is not None and ("<" in given.__qualname__ or given.__module__ == "__main__"):
                raise ValueError(f"{given.__qualname__} must be a module-level function outside __main__")
        self._function = function
        self._initializer = initializer
        self._process: ChildProcess | None = None
        self._one_call = threading.Lock()
        self._is_closed = False

    def call(self, argument: A, timeout_s: float) -> R:
        """The function's result for `argument`.

        Raises what the function raised, ChildRaisedError if that cannot travel, ChildCrashedError or
        ChildTimedOutError. The time of starting a process counts.
        """
        with self._one_call:
            deadline = time.monotonic() + timeout_s
            try:
                answer = self._ask(argument, deadline)
            except TimeoutError:
                self._end()
                raise ChildTimedOutError(timeout_s) from None
            except (EOFError, ConnectionError):
                raise ChildCrashedError(self._end(is_dying=True)) from None
            except BaseException:  # Ctrl-C, or an argument or answer that cannot travel: start afresh
                self._end()
                raise
        return cast("R", _value(answer))

    @property
    def pid(self) -> int | None:
        """The id of the running process, None before the first call."""
        process = self._process
        return process.pid if process is not None else None

    def close(self) -> None:
        """Ends the process with all it started, also in the middle of a call. Later calls are refused."""
        self._is_closed = True
        if (process := self._process) is not None:
            process.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, argument: A, deadline: float) -> Answer:
        if self._process is None:
            self._process = ChildProcess()
            child_wire.send(self._process.channel, self._initializer, deadline)
            child_wire.send(self._process.channel, self._function, deadline)
        if self._is_closed:  # asked only now: a call that starts while another thread closes leaves nothing behind
            raise EOFError("closed")
        child_wire.send(self._process.channel, argument, deadline)
        answer = child_wire.receive(self._process.channel, deadline)
        if not isinstance(answer, Answer):
            raise TypeError("the child sent something that is not an answer")
        return answer

    def _end(self, *, is_dying: bool = False) -> str:
        process, self._process = self._process, None
        if process is None:
            return "did not start"
        how = process.end(is_dying=is_dying and not self._is_closed)
        process.channel.close()
        return how


def _value(answer: Answer) -> object:
    if answer.raised_name:
        raise ChildRaisedError(answer.raised_name)
    if answer.raised is None:
        return answer.value
    kind, arguments, attributes = answer.raised
    error = kind.__new__(kind, *arguments)
    error.args = arguments
    error.__dict__.update(attributes)
    error.add_note(f"In the child process:\n{answer.where}")
    raise error
