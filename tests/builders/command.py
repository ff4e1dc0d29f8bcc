"""Runs the real command as a user does: a process of its own, its output, and what it leaves behind."""

import csv
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
#: Seconds after which a run counts as hung; a busy machine needs a minute for the samples.
PATIENCE = 300.0
#: Where page images lie while they are read.
MEMORY = Path("/dev/shm")
#: As root, a file without permission is still read: without these capabilities it is not.
NO_OVERRIDE = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    stdout: str
    stderr: str
    seconds: float


def command(*arguments: str | Path | bytes) -> list[str | bytes]:
    """The command line of `pigeonhole` with these arguments."""
    plain = [a if isinstance(a, bytes) else str(a) for a in arguments]
    return [sys.executable, "-m", "worker", *plain]


def tray(*scans: Path | bytes, requests: Path, out: Path, jobs: int = 2) -> list[str | bytes]:
    """The command line of `process`."""
    return command("process", *scans, "--requests", requests, "--out", out, "--jobs", str(jobs))


def run(line: Sequence[str | bytes], *, prefix: Sequence[str] = ()) -> Ended:
    """Runs it to its end, from the repository's folder."""
    began = time.monotonic()
    done = subprocess.run([*prefix, *line], cwd=ROOT, capture_output=True, timeout=PATIENCE, check=False)
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode(), time.monotonic() - began)


def start(line: Sequence[str | bytes]) -> subprocess.Popen[bytes]:
    """Starts it and goes on."""
    return subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(process: subprocess.Popen[bytes]) -> Ended:
    """Waits for the end of what `start` began."""
    began = time.monotonic()
    stdout, stderr = process.communicate(timeout=PATIENCE)
    return Ended(process.returncode, stdout.decode(), stderr.decode(), time.monotonic() - began)


def wait_until(is_so: Callable[[], object], *, seconds: float = PATIENCE, every: float = 0.01) -> bool:
    """Looks again and again; False when it is still not so after these seconds."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(every)
    return True


def descendants(pid: int) -> frozenset[int]:
    """The processes that this one started, and those that they started."""
    parents = dict(_parents())
    found: set[int] = set()
    while new := {child for child, parent in parents.items() if parent in found | {pid}} - found:
        found |= new
    return frozenset(found)


def alive(pids: frozenset[int]) -> set[int]:
    """Those of the processes that still run; the dead whom nobody has waited for do not count."""
    return {pid for pid, _ in _parents() if pid in pids}


def work_folders(out: Path) -> list[Path]:
    """The private folders with page images of runs on this output folder."""
    place = out.stat()
    return [
        path for path in MEMORY.glob("pigeonhole-*") if path.name.split("-")[1] == f"{place.st_dev:x}.{place.st_ino}"
    ]


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def outcomes(out: Path) -> dict[str, str]:
    """Source -> how the document ended, from documents.csv."""
    return {row["source"]: row["outcome"] for row in rows(out / "documents.csv")}


def files(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder -> when it was last written, and its inode: rewritten files differ."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.stat().st_ino) for path in found}


def _parents() -> Iterator[tuple[int, int]]:
    """(process, its parent) for all that run."""
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                state, parent = (place / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:  # it ended while we looked
                continue
            if state != "Z":
                yield int(place.name), int(parent)
