"""How fast the service is, next to `process` on the same tray in the same run."""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.drawing.channels import Side, send
from bench.drawing.wear import LEVELS
from bench.faults_attack import Attack, Servers, Tray
from bench.faults_kinds import Settings, embedded, served
from bench.faults_room import Room
from bench.mailroom import draw_call
from bench.registry import draw_registry, write_registry
from bench.samples import claim
from bench.situations.desk import Desk

#: Ways to have two threads in all.
SHAPES = {"1 process of 2 threads": ("1", "2"), "2 processes of 1 thread": ("2", "1")}
SETTINGS: dict[str, Callable[[Servers, Path], Settings]] = {"SQLite": embedded, "PostgreSQL, Redis": served}
#: Pages of one claim in a long document.
CLAIM = 20


def seconds_of_process(folder: Path, tray: Tray) -> float:
    """`pigeonhole process --jobs 2`, from its start to its end."""
    arguments = ["process", *tray.files, "--requests", tray.requests, "--out", folder / "out", "--jobs", "2"]
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", "worker", *map(str, arguments)], check=True, capture_output=True)
    return time.monotonic() - began


def seconds_of_service(folder: Path, tray: Tray, settings: Settings, shape: Sequence[str], limit_s: float) -> float:
    """The service, from the start of its processes, with the documents in the inbox, until all are filed and told."""
    processes, threads = shape
    with Room(folder, settings, limit_s) as room, Servers() as nothing_more:
        room.must("requests", "import", tray.requests)
        Attack(room, tray, nothing_more, random.Random(0), 0).drop(tray.files)
        began = time.monotonic()
        room.start("sweep", "sweep", "--every", "1")
        room.start("workers", "worker", "--processes", processes, "--threads", threads)
        room.wait_until_finished(len(tray.files))
        return time.monotonic() - began


def draw_long(folder: Path, pages: int, seed: int) -> Tray:
    """One fax of so many pages: claims of twenty pages each, behind their letters."""
    folder.mkdir(parents=True, exist_ok=True)
    registry = draw_registry(seed, 300)
    rng = random.Random(f"long {seed}")
    desk = Desk(registry, rng)
    leaves = [leaf for _ in range(-(-pages // CLAIM)) for leaf in claim(desk, desk.pick(), CLAIM - 1)][:pages]
    data, suffix = send(
        [Side(leaf.sheet) for leaf in leaves], "fax_fine", LEVELS["clean"], draw_call(registry, rng), rng
    )
    path = folder / f"long{suffix}"
    path.write_bytes(data)
    write_registry(registry, folder / "requests.csv")
    return Tray([path], folder / "requests.csv", len(leaves))
