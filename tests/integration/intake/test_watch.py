"""Watching with real clocks, processes and a real site."""

import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.builders.command import ROOT, wait_until
from tests.builders.hot_folders import FakeAccept, Heard
from tests.builders.scans import drawn_page, write_tiff
from worker.db import arrivals
from worker.domain.document import Arrival
from worker.domain.envelope import Channel
from worker.errors import InUseError, UnreachableError
from worker.intake.hot_folder import WatchOptions
from worker.intake.hot_folder_listing import CLAIMED
from worker.intake.watch import watch_folder
from worker.wiring import open_site

WATCHING = Path(__file__).with_name("watching.py")


def options(*, once: bool = True) -> WatchOptions:
    return WatchOptions(lambda: datetime.now(UTC), "routine", every=0.05, still=0.2, once=once)


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    return write_tiff(tmp_path / "scan.tif", [drawn_page(f"Page {n}", (850, 1100)) for n in range(3)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir()
    return folder


def watching(folder: Path, home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, WATCHING, folder, home], cwd=ROOT, env={"PYTHONPATH": str(ROOT)})


def arrived(home: Path) -> tuple[Arrival, ...]:
    site = open_site(home)
    try:
        return arrivals.load_all(site.shelf.engine)
    finally:
        site.shelf.engine.dispose()


def test_a_watcher_killed_between_claim_and_accept_loses_nothing(tmp_path: Path, folder: Path, scan: Path) -> None:
    home = tmp_path / "home"
    for name in ("a.tif", "b.tif", "c.tif"):
        (folder / name).write_bytes(scan.read_bytes())
    (tmp_path / "hang").touch()
    killed = watching(folder, home)
    assert wait_until(lambda: list(folder.glob(f"{CLAIMED}/*/document")), seconds=60)
    killed.kill()
    killed.wait()

    (tmp_path / "hang").unlink()
    code = watching(folder, home).wait(timeout=120)

    came = arrived(home)
    assert code == 0
    assert sorted(arrival.source for arrival in came) == ["a.tif", "b.tif", "c.tif"]
    assert {arrival.envelope.channel for arrival in came} == {Channel.FOLDER}
    assert [path.name for path in folder.rglob("*") if not path.is_dir()] == [".lock"]


def test_two_watchers_do_not_share_a_folder(folder: Path) -> None:
    stop, accept = threading.Event(), FakeAccept()
    first = threading.Thread(target=watch_folder, args=(folder, accept, options(once=False), stop))
    first.start()
    assert wait_until((folder / CLAIMED / ".lock").exists, seconds=10)

    with pytest.raises(InUseError):
        watch_folder(folder, accept, options(), threading.Event())

    stop.set()
    first.join(10)
    assert not first.is_alive()


def test_a_station_that_writes_slowly_and_one_that_renames(folder: Path, scan: Path) -> None:
    data, accept, stop = scan.read_bytes(), FakeAccept(), threading.Event()
    watcher = threading.Thread(target=watch_folder, args=(folder, accept, options(once=False), stop))
    watcher.start()
    (folder / "renamed.tmp").write_bytes(data)

    with (folder / "slow.tif").open("wb", buffering=0) as station:
        for at in range(0, len(data), len(data) // 15 + 1):
            station.write(data[at : at + len(data) // 15 + 1])
            time.sleep(0.05)
    (folder / "renamed.tmp").rename(folder / "renamed.tif")
    all_came = wait_until(lambda: len(accept.given) == 2, seconds=30)
    stop.set()
    watcher.join(10)

    assert all_came
    assert {(i.source, came) for i, came, _ in accept.given.values()} == {("slow.tif", data), ("renamed.tif", data)}


def test_an_outage_is_told_and_waited_out(folder: Path, scan: Path) -> None:
    (folder / "a.tif").write_bytes(scan.read_bytes())
    accept, heard, stop = FakeAccept(is_down=True), Heard(), threading.Event()
    watcher = threading.Thread(target=watch_folder, args=(folder, accept, options(once=False), stop, heard))
    watcher.start()
    was_held = wait_until(lambda: heard.lines, seconds=30)

    accept.is_down = False
    came = wait_until(lambda: "goes on" in heard.lines, seconds=30)
    stop.set()
    watcher.join(10)

    assert was_held
    assert came
    assert heard.lines[0].startswith("held: the database does not answer")
    assert accept.names == ["a.tif"]


def test_once_ends_with_the_error_and_leaves_everything(folder: Path, scan: Path) -> None:
    (folder / "a.tif").write_bytes(scan.read_bytes())

    with pytest.raises(UnreachableError):
        watch_folder(folder, FakeAccept(is_down=True), options(), threading.Event())

    assert len(list(folder.rglob("document"))) == 1
