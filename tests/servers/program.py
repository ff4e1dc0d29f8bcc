"""A server's process: on a port and in a folder of its own, gone with whoever started it."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Self

#: Seconds that a server may take to answer, and to stop when asked.
START_SECONDS, STOP_SECONDS = 30.0, 20.0
#: Who runs the servers that refuse to be root.
PLAIN_USERS = ("postgres", "nobody")
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


class MissingProgramError(Exception):
    """A server is not installed. Tests that need it fail, they are not skipped."""

    def __init__(self, program: str) -> None:
        super().__init__(f"{program} is not installed: run scripts/install-system-packages --test")


class NotStartedError(Exception):
    """A server did not answer in time; the message ends with what it wrote."""


class Program(ABC):
    """Start, stop, kill and restart one server; its data outlives all but `close`.

    The process dies with the thread that started it (PR_SET_PDEATHSIG), so start it in one that stays. Used as a
    context it is started and closed.
    """

    #: How it is asked to stop, and what it gets when its starter dies.
    stop_signal = signal.SIGTERM
    death_signal = signal.SIGTERM

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"pigeonhole-{type(self).__name__.lower()}-"))
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._user = plain_user()
        self._log().touch()
        if self._user is not None:
            for place in (self.folder, self._log()):
                os.chown(place, self._user.pw_uid, self._user.pw_gid)

    @abstractmethod
    def command(self) -> list[str]:
        """The command line that runs it in the foreground."""

    @abstractmethod
    def is_ready(self) -> bool:
        """It answers."""

    @property
    def pid(self) -> int:
        """The process id of the server that runs now."""
        if self._process is None:
            raise NotStartedError(f"{type(self).__name__} is not running")
        return self._process.pid

    def start(self) -> None:
        """Start it, and return once it answers. Raises MissingProgramError and NotStartedError."""
        self._process = self._popen(self.command())
        if not wait_until(self._has_started_or_ended, START_SECONDS) or self._process.poll() is not None:
            self.kill()
            raise NotStartedError(f"{type(self).__name__} does not answer: {self._log().read_text('utf-8')[-2000:]}")

    def stop(self) -> None:
        """Ask it to stop, and wait until it has."""
        self._end(self.stop_signal)

    def kill(self) -> None:
        """End it and all its children at once."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop it and start it on the same port with the same data."""
        self.stop()
        self.start()

    def close(self) -> None:
        """Stop it and remove its data."""
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, command: list[str]) -> None:
        """Run something else as the server's user and wait for it."""
        process = self._popen(command)
        if process.wait() != 0:
            raise NotStartedError(f"{command[0]} failed: {self._log().read_text('utf-8')[-2000:]}")

    def _popen(self, command: list[str]) -> subprocess.Popen[bytes]:
        user = self._user
        with self._log().open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests, which then stop it
                user=None if user is None else user.pw_uid,
                group=None if user is None else user.pw_gid,
                extra_groups=None if user is None else [],
                preexec_fn=self._die_with_parent,  # noqa: PLW1509 - one system call, which takes no lock
            )

    def _die_with_parent(self) -> None:
        """Runs in the child, after it gave up root: a change of user would undo it."""
        _LIBC.prctl(PR_SET_PDEATHSIG, int(self.death_signal), 0, 0, 0)

    def _has_started_or_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None or self.is_ready()

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        try:
            if number is not signal.SIGKILL:
                process.send_signal(number)
                process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            number = signal.SIGKILL
        if number is signal.SIGKILL:
            _kill_tree(process)

    def _log(self) -> Path:
        return self.folder / "server.log"


def find_program(name: str, *patterns: str) -> str:
    """The program's path: on the PATH, or the last in order of those that match. Raises MissingProgramError."""
    found = shutil.which(name, path=f"{os.defpath}:/usr/sbin:/usr/local/bin")
    for pattern in patterns:
        found = max(map(str, Path("/").glob(pattern.lstrip("/"))), default=found)
    if found is None:
        raise MissingProgramError(name)
    return found


def plain_user() -> pwd.struct_passwd | None:
    """Whom to become when we are root; None when we are not."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(known[name] for name in PLAIN_USERS if name in known)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int, says: bytes = b"", ask: bytes = b"") -> bool:
    """Somebody listens on this port of 127.0.0.1 and, after `ask`, begins with `says`."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(ask)
            return connection.recv(256).startswith(says) if says else True
    except OSError:
        return False


def wait_until(is_so: Callable[[], bool], seconds: float) -> bool:
    """Whether it came to be so in time."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def is_alive(pid: int) -> bool:
    """There is such a process, and it is more than an exit status that nobody asked for."""
    try:
        return _stat(pid)[0] != "Z"
    except OSError:
        return False


def _kill_tree(process: subprocess.Popen[bytes]) -> None:
    """It and its children, which may have made themselves groups of their own (PostgreSQL's do)."""
    _signal(process.pid, signal.SIGSTOP)  # else it could start another meanwhile
    children = _children(process.pid)
    for pid in (process.pid, *children):
        _signal(pid, signal.SIGKILL)
    process.wait()
    wait_until(lambda: not any(map(is_alive, children)), STOP_SECONDS)


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and int(_stat(int(entry.name))[1]) == parent:
                found.append(int(entry.name))
        except OSError:
            continue  # it ended meanwhile
    return found


def _stat(pid: int) -> list[str]:
    """Its state, its parent, ... (proc(5)); what stands before may hold blanks and brackets."""
    return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rsplit(")", 1)[1].split()


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
