"""The inside of a child process: reads arguments, runs one function, answers results or the exception.

Started by `worker.ocr.child.Child` as `python -c`, leader of a session and process group of its own.
"""

import fcntl
import os
import pickle
import resource
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from worker.ocr import child_wire


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call gave: a value, or an exception taken apart so that any class survives the way."""

    value: Any = None
    raised: tuple[type[BaseException], tuple[Any, ...], dict[str, Any]] | None = None
    #: The name of an exception's class when the exception itself cannot travel.
    raised_name: str = ""
    #: Where in the child it was raised: files and lines, never values.
    where: str = ""


def main(channel_fd: int, lifeline_fd: int) -> None:
    """Serves calls until the parent closes the channel or dies.

    The first message is the initializer, the second the function: each a pickled reference to a module-level
    function, so that the initializer runs before the function's module (and its libraries) are imported.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold page images
    _die_with_the_parent(lifeline_fd)
    channel = socket.socket(fileno=channel_fd)
    try:
        _serve(channel)
    except (EOFError, ConnectionError):
        sys.exit(0)


def _serve(channel: socket.socket) -> None:
    try:
        function = _prepare(channel)
    except (EOFError, ConnectionError):
        raise
    except Exception as error:  # noqa: BLE001  the edge of the process: an import may raise anything
        child_wire.send(channel, _taken_apart(error))
        return
    while True:
        argument = child_wire.receive(channel)
        _answer(channel, function, argument)


def _prepare(channel: socket.socket) -> Callable[[Any], Any]:
    initializer = child_wire.receive(channel)
    if callable(initializer):
        initializer()
    function = child_wire.receive(channel)
    if not callable(function):
        raise TypeError("the second message must be the function to run")
    return function


def _answer(channel: socket.socket, function: Callable[[Any], Any], argument: object) -> None:
    try:
        answer = Answer(function(argument))
    except Exception as error:  # noqa: BLE001  the edge of the process: the parent gets it and decides
        answer = _taken_apart(error)
    try:
        child_wire.send(channel, answer)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        child_wire.send(channel, _taken_apart(error))


def _taken_apart(error: Exception) -> Answer:
    where = "".join(traceback.format_tb(error.__traceback__))
    raised = (type(error), error.args, dict(error.__dict__))
    try:
        pickle.loads(pickle.dumps(raised))
    except Exception:  # noqa: BLE001  pickling runs code of any class, which may raise anything
        return Answer(raised_name=type(error).__qualname__, where=where)
    return Answer(raised=raised, where=where)


def _die_with_the_parent(lifeline_fd: int) -> None:
    """The kernel kills this whole process group once the parent's end of the lifeline closes, however it died.

    Nothing is ever written to the lifeline. A signal from the kernel needs no Python thread to run, so it also
    ends native code that never returns. PR_SET_PDEATHSIG would fire when the parent's *thread* ends, and spare
    grandchildren.
    """
    fcntl.fcntl(lifeline_fd, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(lifeline_fd, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(lifeline_fd, fcntl.F_SETFL, fcntl.fcntl(lifeline_fd, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([lifeline_fd], [], [], 0)[0]:  # it died before we were listening
        os.killpg(0, signal.SIGKILL)
