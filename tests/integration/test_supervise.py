"""The supervisor with real processes: what dies is started again, what hangs is killed, all end with it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.builders.command import wait_until
from worker import supervise as module
from worker.supervise import Program, supervise

NOTE_PID = "import os, sys, time, pathlib; pathlib.Path(sys.argv[1], str(os.getpid())).touch(); "


def program(folder: Path, code: str, *, says_alive: bool = False, deaths: list[int] | None = None) -> Program:
    """A Python program that leaves a file named after its process id, then runs `code`."""
    noted = deaths if deaths is not None else []
    return Program(
        "test", (sys.executable, "-c", NOTE_PID + code, str(folder)), says_alive=says_alive, on_death=noted.append
    )


@contextmanager
def supervised(*programs: Program, grace: float = 5.0) -> Iterator[list[bool]]:
    stop, ended = threading.Event(), list[bool]()
    thread = threading.Thread(target=lambda: ended.append(supervise(programs, stop, grace)))
    thread.start()
    try:
        yield ended
    finally:
        stop.set()
        thread.join()


def pids(folder: Path) -> list[int]:
    return sorted(int(path.name) for path in folder.iterdir())


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_dies_is_started_again_and_its_death_is_told(tmp_path: Path) -> None:
    deaths: list[int] = []
    with supervised(program(tmp_path, "time.sleep(60)", deaths=deaths)) as ended:
        assert wait_until(lambda: len(pids(tmp_path)) == 1)
        (first,) = pids(tmp_path)

        os.kill(first, signal.SIGKILL)

        assert wait_until(lambda: len(pids(tmp_path)) == 2)
    assert deaths == [first]
    assert ended == [True]
    assert not any(is_alive(pid) for pid in pids(tmp_path))


def test_what_gives_no_sign_of_life_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SILENCE", 1.0)
    talks = "\nwhile True: os.write(int(sys.argv[-1]), b'.'); time.sleep(0.1)"
    (tmp_path / "talks").mkdir()
    (tmp_path / "hangs").mkdir()
    programs = (
        program(tmp_path / "talks", talks, says_alive=True),
        program(tmp_path / "hangs", "time.sleep(60)", says_alive=True),
    )

    with supervised(*programs):
        assert wait_until(lambda: len(pids(tmp_path / "hangs")) > 1)
        assert len(pids(tmp_path / "talks")) == 1


def test_what_ignores_the_end_is_killed_after_the_grace_with_all_it_started(tmp_path: Path) -> None:
    stubborn = "import signal, subprocess; signal.signal(15, signal.SIG_IGN)\n"
    stubborn += "child = subprocess.Popen(['sleep', '60']); pathlib.Path(sys.argv[1], str(child.pid)).touch()\n"
    with supervised(program(tmp_path, stubborn + "time.sleep(60)"), grace=0.3) as ended:
        assert wait_until(lambda: len(pids(tmp_path)) == 2)

    assert ended == [False]
    assert wait_until(lambda: not any(is_alive(pid) for pid in pids(tmp_path)))


@pytest.mark.parametrize("says_alive", [False, True])
def test_what_cannot_be_started_is_tried_again_and_ends_nobody(tmp_path: Path, says_alive: bool) -> None:
    (tmp_path / "well").mkdir()
    missing = tmp_path / "missing"
    cannot = Program("cannot", (str(missing), str(tmp_path / "late")), says_alive=says_alive)
    with supervised(cannot, program(tmp_path / "well", "time.sleep(60)")) as ended:
        assert wait_until(lambda: len(pids(tmp_path / "well")) == 1)
        files = open_files()
        time.sleep(1.0)  # it is tried again meanwhile
        assert (ended, len(pids(tmp_path / "well"))) == ([], 1)
        assert wait_until(lambda: open_files() <= files)

        script = tmp_path / "script"
        script.write_text('#!/bin/sh\ntouch "$1"\nsleep 60\n')
        script.chmod(0o700)
        script.rename(missing)

        assert wait_until((tmp_path / "late").exists)
    assert not any(is_alive(pid) for pid in pids(tmp_path / "well"))


def test_a_supervisor_out_of_files_goes_on_when_it_has_some(tmp_path: Path) -> None:
    """In a process of its own, which may open no more files until a file says so."""
    code = (
        "import resource, sys, threading, time; from pathlib import Path\n"
        "from worker.supervise import Program, supervise\n"
        f"stop, folder = threading.Event(), Path({str(tmp_path)!r})\n"
        "kept = resource.getrlimit(resource.RLIMIT_NOFILE)\n"
        f"one = Program('p', (sys.executable, '-c', {NOTE_PID + 'time.sleep(60)'!r}, str(folder)), says_alive=True)\n"
        "def give_back():\n"
        "    time.sleep(1)\n"
        "    resource.setrlimit(resource.RLIMIT_NOFILE, kept)\n"
        "    time.sleep(3)\n"
        "    stop.set()\n"
        "threading.Thread(target=give_back).start()\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (4, kept[1]))\n"
        "supervise([one], stop, 1.0)\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=30, check=True)

    assert b"not started" in done.stdout + done.stderr
    assert len(pids(tmp_path)) == 1


def test_programs_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, threading; from worker.supervise import Program, supervise\n"
        f"supervise([Program('p', (sys.executable, '-c', {NOTE_PID + 'time.sleep(60)'!r}, {str(tmp_path)!r}))],"
        " threading.Event(), 1.0)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", code])
    assert wait_until(lambda: len(pids(tmp_path)) == 1)

    supervisor.kill()
    supervisor.wait()

    assert wait_until(lambda: not any(is_alive(pid) for pid in pids(tmp_path)))
