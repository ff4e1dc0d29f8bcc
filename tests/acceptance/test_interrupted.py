"""Runs that are stopped or killed in the middle: nothing stays behind, and the next run finishes the rest."""

import contextlib
import json
import os
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import REQUESTS, Filed, Small
from tests.builders.command import (
    Ended,
    alive,
    descendants,
    finish,
    rows,
    run,
    start,
    tray,
    wait_until,
    work_folders,
)

Moment = Callable[[Path], object]


def is_taking_in(out: Path) -> bool:
    return any((out / "originals").glob("*/*"))


def is_reading(out: Path) -> bool:
    return out.exists() and any(any(folder.rglob("*")) for folder in work_folders(out))


def has_filed(out: Path) -> bool:
    return any((out / "requests").glob("*/manifest.json"))


def has_reviewed(out: Path) -> bool:
    return any((out / "review").glob("*.json"))


def stopped(line: list[str | bytes], out: Path, moment: Moment, by: signal.Signals) -> tuple[Ended, set[int]]:
    """Runs until the moment and sends the signal; the end, and which children outlived it by five seconds."""
    process = start(line)
    try:
        assert wait_until(lambda: moment(out) or process.poll() is not None), "the moment never came"
        assert process.poll() is None, f"the run ended first: {finish(process)}"
        children = descendants(process.pid)
        process.send_signal(by)
        ended = finish(process)
    finally:
        _make_sure_it_is_gone(process)
    wait_until(lambda: not alive(children), seconds=5)
    return ended, alive(children)


def contents(out: Path) -> dict[str, bytes | object]:
    """What was given out, but for the moment at which it came."""
    found: dict[str, bytes | object] = {}
    for path in sorted([*out.glob("requests/*/*"), *out.glob("review/*")]):
        is_json = path.suffix == ".json"
        found[str(path.relative_to(out))] = _timeless(json.loads(path.read_text())) if is_json else path.read_bytes()
    return found


def check_finished(out: Path, small: Small, filed: Filed) -> None:
    """The run that follows ends as if nobody had disturbed the first."""
    again = run(tray(*small.scans, requests=REQUESTS, out=out))
    assert again.code == 0, again.stderr
    assert (out / "pages.csv").read_text() == small.pages
    undisturbed = contents(filed.out)
    assert {name: undisturbed[name] for name in contents(out)} == contents(out)
    given_out = {row["file"] for row in rows(out / "pages.csv")} - {""}
    assert {name for name in contents(out) if name.endswith(".pdf")} == given_out
    assert not list(out.rglob(".unfinished*"))
    assert not work_folders(out)


def test_ctrl_c_and_sigterm_end_cleanly_and_the_next_run_finishes(small: Small, filed: Filed, tmp_path: Path) -> None:
    out = tmp_path / "out"
    line = tray(*small.scans, requests=REQUESTS, out=out)

    for moment, by in ((is_taking_in, signal.SIGTERM), (is_reading, signal.SIGINT), (has_filed, signal.SIGTERM)):
        ended, left_over = stopped(line, out, moment, by)

        assert ended.code == 130, (by, ended.stderr)
        assert "run the same command again to finish the rest" in ended.stderr
        assert "Traceback" not in ended.stderr
        assert "failed" not in ended.stderr
        assert not left_over
        assert not work_folders(out)
        assert (out / "pages.csv").read_text() in _beginnings(small.pages)
        assert {row["outcome"] for row in rows(out / "documents.csv")} <= {"processed"}
    check_finished(out, small, filed)


def test_a_second_ctrl_c_does_no_harm(small: Small, filed: Filed, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = start(tray(*small.scans, requests=REQUESTS, out=out))
    try:
        assert wait_until(lambda: is_reading(out))
        children = descendants(process.pid)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        ended = finish(process)
    finally:
        _make_sure_it_is_gone(process)

    assert ended.code == 130, ended.stderr
    assert "Traceback" not in ended.stderr
    assert wait_until(lambda: not alive(children), seconds=5)
    check_finished(out, small, filed)


def test_a_killed_run_takes_its_children_along_and_the_next_finishes(
    small: Small, filed: Filed, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    line = tray(*small.scans, requests=REQUESTS, out=out)

    for moment in (is_taking_in, is_reading, has_filed, has_reviewed):
        ended, left_over = stopped(line, out, moment, signal.SIGKILL)

        assert ended.code == -signal.SIGKILL
        assert not left_over
    check_finished(out, small, filed)


def test_a_reader_that_dies_costs_nothing(small: Small, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = start(tray(*small.scans, requests=REQUESTS, out=out))
    try:
        assert wait_until(lambda: is_reading(out))
        for child in descendants(process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        ended = finish(process)
    finally:
        _make_sure_it_is_gone(process)

    assert ended.code == 0, ended.stderr
    assert (out / "pages.csv").read_text() == small.pages


def test_two_runs_on_one_folder_do_not_meet(filed: Filed) -> None:
    assert filed.came_second.code == 7
    assert re.search(r"in use by process \d+: wait until it ends", filed.came_second.stderr)
    assert filed.came_second.stdout == ""


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_while_libraries_load_is_no_traceback(by: signal.Signals, tmp_path: Path) -> None:
    process = start(tray(tmp_path, requests=REQUESTS, out=tmp_path / "out"))
    try:
        assert wait_until(lambda: _has_loaded(process.pid, "sqlalchemy"), every=0.001)
        process.send_signal(by)
        ended = finish(process)
    finally:
        _make_sure_it_is_gone(process)

    assert ended.code == 130, ended.stderr
    assert "Traceback" not in ended.stderr


def _has_loaded(pid: int, library: str) -> bool:
    """A compiled part of the library is mapped into the process."""
    return f"/{library}/" in Path("/proc", str(pid), "maps").read_text()


def _beginnings(pages: str) -> set[str]:
    """What pages.csv may say after a stop: the header and the first rows, in order."""
    lines = pages.splitlines(keepends=True)
    return {"".join(lines[:count]) for count in range(1, len(lines) + 1)}


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _timeless(item) for key, item in value.items() if key != "received_at"}
    return [_timeless(item) for item in value] if isinstance(value, list) else value


def _make_sure_it_is_gone(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
