"""A hot folder under a clock that the test turns, with an `accept` that remembers and can be down."""

import hashlib
import os
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from worker.domain.document import Arrival
from worker.domain.envelope import Incoming
from worker.errors import UnreachableError
from worker.intake.hot_folder import HotFolder, WatchOptions
from worker.intake.hot_folder_listing import CLAIMED

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@dataclass
class FakeAccept:
    """Takes in what it is given: same place and bytes, same arrival."""

    is_down: bool = False
    given: dict[tuple[bytes, str], tuple[Incoming, bytes, str]] = field(default_factory=dict)

    def __call__(self, incoming: Incoming, path: Path, refusal: str = "") -> Arrival:
        if self.is_down:
            raise UnreachableError("the database", "test")
        data = b"" if refusal else path.read_bytes()
        sha256 = "" if refusal else hashlib.sha256(data).hexdigest()
        self.given.setdefault((incoming.place, sha256), (incoming, data, refusal))
        return Arrival(len(self.given), incoming.source, sha256, incoming.received_at, is_duplicate=False)

    @property
    def names(self) -> list[str]:
        """Sources of what came with bytes, in order."""
        return [incoming.source for incoming, _data, refusal in self.given.values() if not refusal]


@dataclass
class Heard:
    """What a person at the terminal was told."""

    lines: list[str] = field(default_factory=list)

    def taken(self, name: str, arrival: Arrival) -> None:
        self.lines.append(f"taken {name} {arrival.order}")

    def rejected(self, name: str, reason: str) -> None:
        self.lines.append(f"rejected {name}: {reason}")

    def waits(self, name: str, why: str) -> None:
        self.lines.append(f"waits {name}: {why}")

    def held(self, why: str) -> None:
        self.lines.append(f"held: {why}")

    def goes_on(self) -> None:
        self.lines.append("goes on")


class Bench:
    """A hot folder and everything around it; `pass_time` looks once after so many seconds."""

    def __init__(self, folder: Path, keep: Path | None = None) -> None:
        (folder / CLAIMED).mkdir(parents=True, exist_ok=True)
        self.folder, self.keep = folder, keep
        self.accept, self.heard, self.now = FakeAccept(), Heard(), 0.0
        self.stop = threading.Event()
        self.restart()

    def restart(self, most_bytes: int | None = None) -> None:
        """A watcher that remembers nothing; its line takes files of so many bytes."""
        options = WatchOptions(lambda: NOW, "routine", keep=self.keep, most_bytes=most_bytes)
        self.hot = HotFolder(self.folder, self.accept, options, self.heard)

    def put(self, name: str, data: bytes | str, at: float = 100.0) -> Path:
        """A file whose last change the server dates `at` (seconds)."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        os.utime(path, (at, at))
        return path

    def pass_time(self, seconds: float) -> int:
        """Looks after so many seconds; returns how many files are waited for."""
        self.now += seconds
        return self.hot.look(self.now, self.stop)

    @property
    def left(self) -> list[str]:
        """Files that are in the folder, ours included, without the lock."""
        paths = (path.relative_to(self.folder) for path in self.folder.rglob("*") if not path.is_dir())
        return sorted(str(path) for path in paths if path.name != ".lock")
