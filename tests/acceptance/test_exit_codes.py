"""Every exit code of the table, brought about for real; README and program agree on what they mean."""

import os
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.acceptance.conftest import REQUESTS
from tests.builders.answers import answer
from tests.builders.command import NO_OVERRIDE, SAMPLES, command, rows, run, tray
from worker.domain.request import Request

SCAN = SAMPLES / "scans" / "12-closed-request.tif"
#: Bytes that a file may have in a run whose disk is full: enough for the registry, not for the scan.
ROOM = 60_000


def test_2_a_wrong_command_line() -> None:
    ended = run(command("process", "scans", "--requests", "r.csv", "--out", "out", "--jobs", "0"))

    assert ended.code == 2
    assert "Usage:" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_3_a_program_is_missing_and_the_next_run_finishes(tmp_path: Path, open_requests: Sequence[Request]) -> None:
    fax, out = answer(tmp_path / "fax.tif", open_requests[0]), tmp_path / "out"

    first = run(tray(fax, requests=REQUESTS, out=out), prefix=("env", f"PATH={tmp_path}"))
    said = rows(out / "documents.csv")
    second = run(tray(fax, requests=REQUESTS, out=out))

    assert first.code == 3
    assert "tesseract is not installed: run scripts/install-system-packages" in first.stderr
    assert said == []
    assert second.code == 0, second.stderr
    assert [row["outcome"] for row in rows(out / "pages.csv")] == ["filed", "filed"]


def test_5_nothing_is_given_that_exists(tmp_path: Path) -> None:
    ended = run(tray(tmp_path / "none", requests=REQUESTS, out=tmp_path / "out"))

    assert ended.code == 5
    assert "there is no file or folder" in ended.stderr
    assert not (tmp_path / "out").exists()


def test_5_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()

    ended = run(tray(tmp_path / "scans", requests=REQUESTS, out=tmp_path / "out"))

    assert ended.code == 5
    assert "nothing to process" in ended.stderr


def test_6_a_file_stands_where_the_output_folder_should(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")

    ended = run(tray(SCAN, requests=REQUESTS, out=tmp_path / "out"))

    assert ended.code == 6
    assert "not a folder" in ended.stderr
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize("part", ["requests", "review", "pages.csv", "pigeonhole.db"])
def test_6_something_else_stands_where_results_go(tmp_path: Path, open_requests: Sequence[Request], part: str) -> None:
    scans, out = tmp_path / "scans", tmp_path / "out"
    scans.mkdir()
    out.mkdir()
    answer(scans / "fax.tif", open_requests[0])
    (scans / "closed.tif").write_bytes(SCAN.read_bytes())
    if part == "pages.csv":
        (out / part).mkdir()
    else:
        (out / part).write_text("mine, and no folder" * 100)

    ended = run(tray(scans, requests=REQUESTS, out=out))

    assert ended.code == 6, ended.stderr
    assert "Traceback" not in ended.stderr
    assert part in ended.stderr or "database" in ended.stderr


def test_6_an_output_folder_that_may_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    prefix = NO_OVERRIDE if os.geteuid() == 0 else ()

    ended = run(tray(SCAN, requests=REQUESTS, out=tmp_path / "out"), prefix=prefix)

    assert ended.code == 6
    assert "Permission denied" in ended.stderr


def test_6_a_full_disk_and_the_next_run_finishes(tmp_path: Path, open_requests: Sequence[Request]) -> None:
    fax, out = answer(tmp_path / "fax.tif", open_requests[0], notes=8), tmp_path / "out"
    assert fax.stat().st_size > ROOM

    first = run(tray(fax, requests=REQUESTS, out=out), prefix=("prlimit", f"--fsize={ROOM}"))
    second = run(tray(fax, requests=REQUESTS, out=out))

    assert first.code == 6, first.stderr
    assert "free space" in first.stderr or "there is space" in first.stderr
    assert "Traceback" not in first.stderr
    assert second.code == 0, second.stderr
    assert {row["request_id"] for row in rows(out / "pages.csv")} == {open_requests[0].request_id}


def test_an_output_folder_of_any_name_will_do(tmp_path: Path, open_requests: Sequence[Request]) -> None:
    fax = answer(tmp_path / "fax.tif", open_requests[0])
    out = os.fsencode(tmp_path) + b"/odd ?#%41 [bold] \xff out"

    line = command("process", fax, "--requests", REQUESTS, "--out", out)
    ended = run(line)
    said = run(command("explain", out, "fax.tif", "1"))

    assert ended.code == 0, ended.stderr
    assert os.path.exists(out + b"/pages.csv")  # noqa: PTH110 - the name is bytes
    assert "odd ?#%41 [bold]" in ended.stdout
    assert said.code == 0, said.stderr


def test_7_a_port_that_is_taken_is_said_so(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        ended = run(command("serve", "--port", str(port), "--home", tmp_path / "home"))

    assert ended.code == 7
    assert f"port {port} of 127.0.0.1 is taken" in ended.stderr
