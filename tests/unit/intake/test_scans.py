"""Finding the scans among what was given."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from worker.intake.scans import Scan, find_scans, printable


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode("utf-8", "surrogateescape"))


def sources(*given: Path) -> list[str]:
    return [scan.source for scan in find_scans(given).scans]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user could enter: pytest's own are closed."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Root may read everything: be somebody who may not."""
    me = os.geteuid()
    if me == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(me)


def test_folder_is_walked_with_its_subfolders_in_one_order(tmp_path: Path) -> None:
    put(tmp_path, "b.tif", "a.tif", "morning/2.pdf", "morning/1.pdf", "morning/late/9.png")

    found = sources(tmp_path)

    assert found == ["a.tif", "b.tif", "morning/1.pdf", "morning/2.pdf", "morning/late/9.png"]


def test_hidden_and_temporary_names_are_left_alone_and_counted(tmp_path: Path) -> None:
    litter = [".hidden.tif", "a.tif~", "b.tmp", "c.tif.part", "Thumbs.db", "~lock.tif", ".DS_Store"]
    put(tmp_path, "a.tif", ".git/config", *litter)

    tray = find_scans([tmp_path])

    assert [scan.source for scan in tray.scans] == ["a.tif"]
    assert sorted(tray.left_alone) == sorted([".git", *litter])


@pytest.fixture
def deep_folder(tmp_path: Path) -> Iterator[Path]:
    """1,200 folders in one another, with a scan at the bottom; Python's own rmtree would break on it."""
    bottom = tmp_path / "/".join(["d"] * 1_200)
    subprocess.run(["mkdir", "-p", str(bottom)], check=True)
    (bottom / "a.tif").touch()
    yield tmp_path
    subprocess.run(["rm", "-r", str(tmp_path / "d")], check=True)


def test_deep_folders_are_walked_to_the_end(deep_folder: Path) -> None:
    found = sources(deep_folder)

    assert found == ["d/" * 1_200 + "a.tif"]


def test_file_that_was_named_is_taken_whatever_its_name(tmp_path: Path) -> None:
    put(tmp_path, ".hidden.tif", "a.tmp")

    found = sources(tmp_path / ".hidden.tif", tmp_path / "a.tmp")

    assert found == [".hidden.tif", "a.tmp"]


def test_file_given_twice_is_one_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "tray/a.tif", "tray/b.tif")
    monkeypatch.chdir(tmp_path)

    found = sources(Path("tray/b.tif"), tmp_path / "tray", Path("tray/../tray/a.tif"))

    assert found == ["b.tif", "a.tif"]


def test_our_own_files_are_left_out(tmp_path: Path) -> None:
    put(tmp_path, "a.tif", "out/pages.csv", "requests.csv")

    tray = find_scans([tmp_path], leave_out=[tmp_path / "out", tmp_path / "requests.csv"])

    assert [scan.source for scan in tray.scans] == ["a.tif"]


def test_what_is_no_file_gets_its_reason_and_the_rest_is_found(tmp_path: Path) -> None:
    put(tmp_path, "a.tif", "sub/b.tif")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "linked.tif").symlink_to(tmp_path / "a.tif")

    refusals = {scan.source: scan.refusal for scan in find_scans([tmp_path]).scans}

    assert [source for source, refusal in refusals.items() if not refusal] == ["a.tif", "linked.tif", "sub/b.tif"]
    assert "pipes" in refusals["pipe"]
    assert "no such file" in refusals["nowhere"]
    assert "symbolic links" in refusals["loop"]
    assert "not followed" in refusals["sub/up"]


def test_device_and_missing_file_are_refused(tmp_path: Path) -> None:
    scans = find_scans([Path("/dev/zero"), tmp_path / "gone.tif"]).scans

    assert [scan.source for scan in scans] == ["zero", "gone.tif"]
    assert all(scan.refusal for scan in scans)


def test_folder_without_permission_is_refused(open_folder: Path) -> None:
    put(open_folder, "a.tif", "locked/b.tif")
    (open_folder / "locked").chmod(0)

    with as_nobody():
        scans = find_scans([open_folder]).scans
        alone = find_scans([open_folder / "locked"]).scans

    (open_folder / "locked").chmod(0o700)
    assert scans == (
        Scan(open_folder / "a.tif", "a.tif"),
        Scan(open_folder / "locked", "locked", "the folder cannot be opened: no permission"),
    )
    assert alone == scans[1:]


def test_folder_that_may_be_listed_but_not_entered_costs_only_its_files(open_folder: Path) -> None:
    put(open_folder, "a.tif", "listed/b.tif")
    (open_folder / "listed").chmod(0o444)

    with as_nobody():
        scans = find_scans([open_folder]).scans
        alone = find_scans([open_folder / "listed" / "b.tif"]).scans

    (open_folder / "listed").chmod(0o700)
    assert [scan.source for scan in scans] == ["a.tif", "listed/b.tif"]
    assert "no permission" in scans[1].refusal
    assert "no permission" in alone[0].refusal


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("fax one.tif", "fax one.tif"),
        ("Bögen é 日本.tif", "Bögen é 日本.tif"),
        ("two\nlines\t.tif", "two\\nlines\\t.tif"),
        ("bell\x07.tif", "bell\\u0007.tif"),
        (os.fsdecode(b"caf\xe9.tif"), "caf\\xe9.tif"),
        ("fdp.\u202eexe", "fdp.\\u202eexe"),
        ("=1+1.tif", "./=1+1.tif"),
        ("@here.tif", "./@here.tif"),
        ("-rf.tif", "./-rf.tif"),
        ("+1.tif", "./+1.tif"),
    ],
)
def test_every_name_can_be_shown_on_one_line(name: str, shown: str) -> None:
    result = printable(name)

    assert result == shown
    assert result.isprintable()
    result.encode("utf-8")


def test_name_that_is_not_utf8_is_found_and_can_be_opened(tmp_path: Path) -> None:
    put(tmp_path, os.fsdecode(b"caf\xe9\n.tif"))

    (scan,) = find_scans([tmp_path]).scans

    assert scan.source == "caf\\xe9\\n.tif"
    assert scan.path.read_bytes()
