"""`pigeonhole watch` as somebody at a terminal runs it."""

import signal
from pathlib import Path

from tests.builders.command import SAMPLES, command, finish, run, start, wait_until
from worker.errors import ExitCode

SCAN = SAMPLES / "scans" / "01-barcode-letter.tif"


def test_once_takes_what_is_there_and_says_so(tmp_path: Path) -> None:
    folder, home = tmp_path / "scans", tmp_path / "home"
    (folder / "desk").mkdir(parents=True)
    (folder / "desk" / "a.tif").write_bytes(SCAN.read_bytes())
    (folder / "b.tif").write_bytes(SCAN.read_bytes())
    (folder / "b.csv").write_text("Operator\nkim\n")

    ended = run(command("watch", folder, "--once", "--still", "0.5", "--every", "0.1", "--home", home))

    lines = ended.stdout.splitlines()
    assert ended.code == ExitCode.OK
    assert {line.split(",")[0] for line in lines[:-1]} == {"taken: b.tif", "taken: desk/a.tif"}
    assert "the same bytes came before" in ended.stdout
    assert lines[-1] == "2 taken, 0 rejected, 0 waiting."
    assert "a.tif" not in ended.stderr
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [".lock"]


def test_it_ends_cleanly_when_told_to(tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    process = start(command("watch", folder, "--home", tmp_path / "home"))
    assert wait_until((folder / ".pigeonhole-claimed" / ".lock").exists)

    process.send_signal(signal.SIGTERM)
    ended = finish(process)

    assert (ended.code, ended.stdout) == (ExitCode.OK, "0 taken, 0 rejected, 0 waiting.\n")


def test_an_unknown_line_is_refused_with_those_that_exist(tmp_path: Path) -> None:
    ended = run(command("watch", tmp_path, "--line", "nope", "--home", tmp_path / "home"))

    assert ended.code == ExitCode.USAGE
    assert "routine, expedited" in ended.stderr


def test_a_scan_beyond_the_limit_of_its_line_is_rejected(tmp_path: Path) -> None:
    folder, lines = tmp_path / "scans", tmp_path / "lines.toml"
    folder.mkdir()
    (folder / "a.tif").write_bytes(SCAN.read_bytes())
    lines.write_text("[lines.routine]\nmax_bytes = 1000\n")

    watch = command("watch", folder, "--once", "--still", "0.5", "--every", "0.1", "--home", tmp_path / "home")
    ended = run(watch, prefix=("env", f"PIGEONHOLE_LINES={lines}"))

    assert (ended.code, ended.stdout.splitlines()[-1]) == (ExitCode.OK, "0 taken, 1 rejected, 0 waiting.")
    assert (folder / "rejected" / "a.tif").read_bytes() == SCAN.read_bytes()
