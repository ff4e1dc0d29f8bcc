"""Runs a program and looks at it and all that it starts: how long it takes, and how much memory they hold together."""

import subprocess
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
#: Seconds between two looks.
EVERY = 0.25
#: In lines of /proc/PID/stat behind the name: the parent's id.
PARENT = 1


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took: seconds, and bytes of memory at the peak, what processes share counted once."""

    seconds: float
    peak: int


def measure(command: Sequence[str], cwd: Path | None = None) -> Cost:
    """Runs the command to its end. Raises subprocess.CalledProcessError where it fails."""
    began, peak = time.monotonic(), 0
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        while process.poll() is None:
            peak = max(peak, memory_of(process.pid))
            time.sleep(EVERY)
        seconds = time.monotonic() - began
        errors = process.stderr.read() if process.stderr else b""
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=errors)
    return Cost(seconds, peak)


def memory_of(pid: int) -> int:
    """Bytes that a process and its descendants hold; pages that several share are divided among them (Pss)."""
    children = _children()
    found, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        waiting += children.get(one, ())
        found += _pss(one)
    return found


def _children() -> Mapping[int, list[int]]:
    children: dict[int, list[int]] = defaultdict(list)
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (behind := _behind_the_name(entry)):
            children[int(behind[PARENT])].append(int(entry.name))
    return children


def _behind_the_name(process: Path) -> list[str]:
    """The fields of its stat line; none where it has just ended."""
    try:
        return (process / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _pss(pid: int) -> int:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
