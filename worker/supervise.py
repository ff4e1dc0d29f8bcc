"""Keeps programs running: starts them, restarts what dies, ends what hangs with SIGKILL, stops all when told to.

What cannot be started just now does not end the others.
"""

import contextlib
import ctypes
import os
import random
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

_log = structlog.get_logger()

#: Seconds before a program that died is started again: to start with, at most; each time twice as long.
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0
#: A program that ran for so many seconds was well: its next pause is the first again.
WELL_AFTER = 20.0
#: Seconds without a sign of life before a program that gives some is taken for hung.
SILENCE = 60.0
LOOK_EVERY = 0.2
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Program:
    """A command line to keep running.

    With `says_alive`, `--alive FD` is added to it, and it must write a byte there now and then. `on_death` is told the
    process id of one that ended, however it ended.
    """

    name: str
    command: tuple[str, ...]
    says_alive: bool = False
    on_death: Callable[[int], None] = field(default=lambda _pid: None)


class _Kept:
    """One program with its process, if it is running."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self._alive = -1
        self._started = self._heard = self._next_start = 0.0
        self._pause = FIRST_PAUSE

    def look(self) -> None:
        """Starts it if it is time, notes its end, kills it if it hangs."""
        now = time.monotonic()
        if self.process is None:
            if now >= self._next_start:
                self._start(now)
        elif (code := self.process.poll()) is not None:
            self._note_end(code, now)
        elif self.program.says_alive and not self._is_heard(now):
            _log.error("hangs: killed", program=self.program.name, pid=self.process.pid)
            self.kill()

    def signal(self, number: int) -> None:
        """Tells the process and all it has started."""
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def terminate(self) -> None:
        """Asks the process alone to end: what it has started is its own to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """Ends it with all it has started."""
        self.signal(signal.SIGKILL)

    def _start(self, now: float) -> None:
        """Where it cannot be started (no memory, no process, no file left), it is tried again later."""
        try:
            self.process = self._run()
        except (OSError, MemoryError, subprocess.SubprocessError) as error:
            self._forget()
            self._put_off(now, 2 * self._pause)
            _log.error("not started: tried again soon", program=self.program.name, error=type(error).__name__)
            return
        self._started = self._heard = now
        _log.info("started", program=self.program.name, pid=self.process.pid)

    def _run(self) -> subprocess.Popen[bytes]:
        command, passed = list(self.program.command), []
        try:
            if self.program.says_alive:
                self._alive, theirs = os.pipe()
                passed = [theirs]
                os.set_blocking(self._alive, False)
                command += ["--alive", str(theirs)]
            # A program of its own session gets no Ctrl-C of ours, and dies with us.
            return subprocess.Popen(
                command,
                start_new_session=True,
                pass_fds=passed,
                preexec_fn=_end_with_parent,  # noqa: PLW1509  one system call, no lock: nothing that a thread could hold
                stdin=subprocess.DEVNULL,
            )
        finally:
            for handle in passed:
                os.close(handle)

    def _is_heard(self, now: float) -> bool:
        if select.select([self._alive], [], [], 0)[0] and os.read(self._alive, 4096):
            self._heard = now
        return now - self._heard < SILENCE

    def _note_end(self, code: int, now: float) -> None:
        assert self.process is not None
        pid, self.process = self.process.pid, None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)  # what it left behind
        self._forget()
        self._put_off(now, FIRST_PAUSE if now - self._started > WELL_AFTER else 2 * self._pause)
        _log.warning("ended: started again soon", program=self.program.name, pid=pid, code=code)
        self.program.on_death(pid)

    def _put_off(self, now: float, pause: float) -> None:
        self._pause = min(pause, LONGEST_PAUSE)
        self._next_start = now + self._pause * random.uniform(0.5, 1.0)

    def _forget(self) -> None:
        """Nobody speaks at the other end any more."""
        if self._alive >= 0:
            os.close(self._alive)
            self._alive = -1


def supervise(programs: Sequence[Program], stop: threading.Event, grace_s: float) -> bool:
    """Keeps all programs running until `stop` is set; then each gets SIGTERM, and SIGKILL after `grace_s` seconds.

    Returns whether all ended by themselves.
    """
    kept = [_Kept(program) for program in programs]
    try:
        while not stop.is_set():
            for one in kept:
                one.look()
            stop.wait(LOOK_EVERY)
    finally:
        is_clean = _end(kept, grace_s)
    return is_clean


def _end(kept: Sequence[_Kept], grace_s: float) -> bool:
    for one in kept:
        one.terminate()
    deadline = time.monotonic() + grace_s
    left = [one.process for one in kept if one.process is not None]
    while time.monotonic() < deadline and any(process.poll() is None for process in left):
        time.sleep(0.05)
    is_clean = all(process.poll() is not None for process in left)
    for one in kept:
        one.kill()
    return is_clean


def _end_with_parent() -> None:
    """Between fork and exec: the kernel sends SIGTERM when the supervisor dies, also by SIGKILL."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
