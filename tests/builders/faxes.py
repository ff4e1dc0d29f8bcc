"""Received faxes: the real ones beside the checkout, fax servers' spools, and what calls the hook as a server does."""

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.builders.command import ROOT
from worker.domain.document import Arrival
from worker.domain.envelope import Incoming

#: Faxes that were really received, handed to us beside the repository; tests fail where they are missing.
REAL = ROOT.parent / "shared" / "fax"
#: All that faxgetty leaves a hook of the environment.
BARE = {"LC_ALL": "C", "HOME": "/nonexistent"}
DEAD_SERVERS = {
    "PIGEONHOLE_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none",
    "PIGEONHOLE_REDIS_URL": "redis://127.0.0.1:1/0",
}


@dataclass(frozen=True)
class RealCall:
    """One call of the hook as it was recorded: its arguments, and the file that they name."""

    name: str
    arguments: tuple[str, ...]
    received: Path

    @property
    def file(self) -> str:
        return self.arguments[0]


def real_calls() -> list[RealCall]:
    """Every recorded call of a hook."""
    return [_call(hook) for hook in sorted(REAL.glob("*/hook*.txt"))]


def real_files() -> list[Path]:
    """Every received file, whichever program received it."""
    return sorted(path for path in REAL.glob("*/*") if path.suffix == ".tif" or path.name.startswith("fax1122"))


def _call(hook: Path) -> RealCall:
    lines = dict(line.partition("=")[::2] for line in hook.read_text().splitlines() if line.startswith("argv["))
    arguments = [" ".join(shlex.split(lines[f"argv[{number}]"])) for number in range(1, len(lines))]
    received = hook.with_name(hook.name.replace("hook", "received")).with_suffix(".tif")
    return RealCall(f"{hook.parent.name}/{hook.stem}", tuple(arguments), received)


def spool_with(folder: Path, *calls: RealCall, minutes_ago: float = 60) -> Path:
    """A fax server's spool in which these faxes have been received, and its log of calls."""
    (folder / "recvq").mkdir(parents=True)
    (folder / "log").mkdir()
    at = time.time() - minutes_ago * 60
    for call in calls:
        (folder / call.file).write_bytes(call.received.read_bytes())
        os.utime(folder / call.file, (at, at))
    write_log(folder, *(log_line(call, datetime.fromtimestamp(at)) for call in calls))
    return folder


def write_log(spool: Path, *lines: str) -> None:
    """The server's log of calls."""
    (spool / "log/xferfaxlog").write_text("".join(f"{line}\n" for line in lines))


def log_line(call: RealCall, when: datetime, *, pages: int = 3) -> str:
    """The line that HylaFAX 6 writes for a received document; `when` in the server's time."""
    file, device, commid, error, *ids = call.arguments
    quoted = [f'"{value}"' for value in (*ids[:2], "::".join(ids[2:]))]
    fixed = [f"{when:%m/%d/%y %H:%M}", "RECV", commid, device, Path(file).name, '""', "fax", '"5550100"']
    fields = [*fixed, '"EXAMPLE CLINIC"', "1245696", str(pages), "0:42", "0:42", f'"{error}"', *quoted, '""', '"00 46"']
    return "\t".join(fields)


def hook_line(inbox: Path, *arguments: str | bytes, options: Sequence[str] = ()) -> list[str | bytes]:
    """The command line of the hook."""
    return [sys.executable, "-m", "worker", "faxrcvd", "--inbox", str(inbox), *options, *arguments]


def call_hook(spool: Path, line: Sequence[str | bytes]) -> subprocess.CompletedProcess[bytes]:
    """Calls it as faxgetty does: spool as working directory, umask 077, nothing in the environment."""
    return subprocess.run(
        line,
        cwd=spool,
        env={**BARE, **DEAD_SERVERS, "PYTHONPATH": str(ROOT)},
        umask=0o077,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )


@dataclass
class FakeAccept:
    """Remembers what it took, with the bytes, by place and bytes as the database does."""

    taken: list[tuple[Incoming, bytes, str]] = field(default_factory=list)
    raises: Exception | None = None

    def __call__(self, incoming: Incoming, path: Path, refusal: str = "") -> Arrival:
        if self.raises:
            raise self.raises
        content = b"" if refusal else path.read_bytes()
        if not any((i.place, c) == (incoming.place, content) for i, c, _ in self.taken):
            self.taken.append((incoming, content, refusal))
        sha256 = "" if refusal else "0" * 64
        return Arrival(len(self.taken), incoming.source, sha256, incoming.received_at, is_duplicate=False)
