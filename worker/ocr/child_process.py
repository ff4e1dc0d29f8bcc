"""Starts and ends one child process: its channel, its lifeline, and its process group."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time

START = "import sys; sys.path[:] = {path!r}; from worker.ocr.child_main import main; main({channel}, {lifeline})"
#: Seconds to wait for the exit status of a process that has closed its channel.
DYING_S = 1.0


class ChildProcess:
    """A running child. `channel` carries messages; the lifeline only has to close for the child to die."""

    def __init__(self) -> None:
        self.channel, theirs = socket.socketpair()
        lifeline, self._lifeline = os.pipe()
        try:
            self._popen = _start(theirs.fileno(), lifeline)
        finally:
            theirs.close()
            os.close(lifeline)
        self._one_end = threading.Lock()

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its group and session."""
        return self._popen.pid

    def end(self, *, is_dying: bool = False) -> str:
        """Kills the process and all it started; says how it ended. With `is_dying` it may end by itself first."""
        with self._one_end:
            if self._popen.returncode is None:
                self._wait_for_exit(DYING_S if is_dying else 0.0)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.pid, signal.SIGKILL)
                self._popen.wait()
                os.close(self._lifeline)
                # A thread that waits in a call sees the end of the channel; closing would pull it from under it.
                with contextlib.suppress(OSError):
                    self.channel.shutdown(socket.SHUT_RDWR)
        return _how_it_ended(self._popen.returncode)

    def _wait_for_exit(self, patience_s: float) -> None:
        """Looks at the exit status without taking it, so that the process group's id stays ours."""
        until = time.monotonic() + patience_s
        while os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if time.monotonic() >= until:
                return
            time.sleep(0.002)


def _start(channel: int, lifeline: int) -> subprocess.Popen[bytes]:
    code = START.format(path=sys.path, channel=channel, lifeline=lifeline)
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(channel, lifeline),
        start_new_session=True,
    )


def _how_it_ended(status: int) -> str:
    if status >= 0:
        return f"exited with status {status}"
    try:
        return f"was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"was ended by signal {-status}"
