"""The registry: wrong files are told with all their problems at once, and nothing is half imported."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.acceptance.conftest import REQUESTS
from tests.builders.answers import answer
from tests.builders.command import command, outcomes, rows, run, tray
from worker.db import requests
from worker.db.engine import open_database, sqlite_url
from worker.domain.request import Request

#: What is done to every tenth row, in turn: column, new text, what the problem says.
SPOILED = (
    ("date_of_birth", "13/32/1951", "has the form '99/99/9999'"),
    ("status", "pending", "neither 'open' nor 'closed'"),
    ("member_id", "", "member_id is empty"),
    ("service_from", "2026-02-30", "no day of the calendar"),
)


def spoiled_registry(path: Path) -> list[tuple[int, str]]:
    """The samples' registry with every tenth row spoiled; the line and the words of each problem."""
    header, *lines = REQUESTS.read_text().splitlines()
    columns, expected = header.split(","), []
    for number in range(4, len(lines), 10):
        column, text, words = SPOILED[number // 10 % len(SPOILED)]
        cells = lines[number].split(",")
        cells[columns.index(column)] = text
        lines[number] = ",".join(cells)
        expected.append((number + 2, words))
    path.write_text("\n".join([header, *lines]) + "\n")
    return expected


def registry_of(out: Path) -> dict[str, Request]:
    engine = open_database(sqlite_url(out / "pigeonhole.db"))
    try:
        return {request.request_id: request for request in requests.load_all(engine)}
    finally:
        engine.dispose()


def test_import_takes_all_requests(tmp_path: Path) -> None:
    ended = run(command("requests", "import", REQUESTS, "--out", tmp_path / "out"))

    assert ended.code == 0, ended.stderr
    wanted = {row["request_id"]: row["status"] for row in rows(REQUESTS)}
    assert {key: request.status.value for key, request in registry_of(tmp_path / "out").items()} == wanted
    still_open = sum(status == "open" for status in wanted.values())
    assert ended.stdout.strip() == f"{len(wanted)} requests imported, {still_open} of them open."


def test_bad_rows_are_told_all_at_once_and_nothing_is_imported(tmp_path: Path) -> None:
    out, spoiled = tmp_path / "out", tmp_path / "spoiled.csv"
    run(command("requests", "import", REQUESTS, "--out", out))
    before = registry_of(out)
    expected = spoiled_registry(spoiled)

    ended = run(command("requests", "import", spoiled, "--out", out))

    assert ended.code == 4
    told = re.findall(r"^  line (\d+): (.*)$", ended.stderr, re.MULTILINE)
    assert [int(line) for line, _ in told] == [line for line, _ in expected]
    assert [words for (_, said), (_, words) in zip(told, expected, strict=True) if words not in said] == []
    assert f"spoiled.csv: {len(expected)} problem(s), nothing was imported" in ended.stderr
    assert registry_of(out) == before
    assert "1951" not in ended.stderr


def test_process_with_a_bad_registry_touches_nothing(tmp_path: Path, open_requests: Sequence[Request]) -> None:
    out, spoiled = tmp_path / "out", tmp_path / "spoiled.csv"
    spoiled_registry(spoiled)
    answer(tmp_path / "fax.tif", open_requests[0])

    ended = run(tray(tmp_path / "fax.tif", requests=spoiled, out=out))

    assert ended.code == 4
    assert "--skip-bad-rows" in ended.stderr
    assert not out.exists()


def test_with_bad_rows_skipped_the_tray_is_filed(tmp_path: Path, open_requests: Sequence[Request]) -> None:
    out, spoiled = tmp_path / "out", tmp_path / "spoiled.csv"
    expected = spoiled_registry(spoiled)
    bad_lines = [line for line, _ in expected]
    order = [row["request_id"] for row in rows(REQUESTS)]
    good, bad = (
        next(r for r in open_requests if (order.index(r.request_id) + 2 in bad_lines) is is_bad)
        for is_bad in (False, True)
    )
    scans = tmp_path / "scans"
    scans.mkdir()
    answer(scans / "good.tif", good)
    answer(scans / "bad.tif", bad)

    ended = run([*tray(scans, requests=spoiled, out=out), "--skip-bad-rows"])

    assert ended.code == 0, ended.stderr
    assert [int(line) for line in re.findall(r"^left out: line (\d+):", ended.stderr, re.MULTILINE)] == bad_lines
    filed = [(row["source"], row["outcome"], row["request_id"]) for row in rows(out / "pages.csv")]
    assert filed[2:] == [("good.tif", "filed", good.request_id)] * 2
    assert {outcome for source, outcome, _ in filed if source == "bad.tif"} == {"review"}
    assert len(registry_of(out)) == len(order) - len(bad_lines)


def test_what_spreadsheets_write_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "requests.csv"
    file.write_bytes("\r\n".join(REQUESTS.read_text().splitlines()).encode("utf-8-sig"))

    ended = run(command("requests", "import", file, "--out", tmp_path / "out"))

    assert ended.code == 0, ended.stderr
    assert len(registry_of(tmp_path / "out")) == len(rows(REQUESTS))


def _without_column(text: str) -> bytes:
    return "\n".join(line.rpartition(",")[0] for line in text.splitlines()).encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (REQUESTS.read_text().splitlines()[0].encode(), "the file holds no requests"),
        (_without_column(REQUESTS.read_text()), "column 'status' is missing"),
        (REQUESTS.read_text().replace("Anthony", "Antón").encode("latin-1"), "not UTF-8 text"),
    ],
    ids=["empty", "header only", "missing column", "latin-1"],
)
def test_a_file_that_is_no_registry_says_why(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "requests.csv").write_bytes(content)

    ended = run(command("requests", "import", tmp_path / "requests.csv", "--out", tmp_path / "out"))

    assert ended.code == 4
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "out").exists()


def test_a_registry_that_is_not_there_says_so(tmp_path: Path) -> None:
    ended = run(tray(tmp_path, requests=tmp_path / "none.csv", out=tmp_path / "out"))

    assert ended.code == 4
    assert "no such file" in ended.stderr


def test_the_same_row_twice_is_told(tmp_path: Path) -> None:
    file = tmp_path / "requests.csv"
    lines = REQUESTS.read_text().splitlines()
    file.write_text("\n".join([*lines, lines[1]]))

    ended = run(command("requests", "import", file, "--out", tmp_path / "out"))

    assert ended.code == 4
    assert f"line {len(lines) + 1}: request_id {rows(REQUESTS)[0]['request_id']!r} stands on line 2" in ended.stderr


def test_the_registry_among_the_scans_is_no_scan(tmp_path: Path, open_requests: Sequence[Request]) -> None:
    (tmp_path / "requests.csv").write_bytes(REQUESTS.read_bytes())
    answer(tmp_path / "fax.tif", open_requests[0])

    ended = run(tray(tmp_path, requests=tmp_path / "requests.csv", out=tmp_path / "out"))

    assert ended.code == 0, ended.stderr
    assert outcomes(tmp_path / "out") == {"fax.tif": "processed"}
