"""`pigeonhole explain` on the samples: what was read, the candidates, the reasons for and against."""

from pathlib import Path

import pytest

from tests.acceptance.conftest import REQUESTS, Filed
from tests.builders.bad_files import huge_png
from tests.builders.command import command, rows, run, tray


def test_a_filed_page_shows_why(filed: Filed) -> None:
    row = rows(filed.out / "pages.csv")[0]

    ended = run(command("explain", filed.out, row["source"], row["page"]))

    assert ended.code == 0, ended.stderr
    assert f"filed to {row['request_id']}, letter, confidence {row['confidence']}" in ended.stdout
    assert row["reason"] in ended.stdout
    assert f"barcode Code128 (zxing): {row['request_id']}" in ended.stdout
    assert "sender's line: " in ended.stdout
    assert f"request {row['request_id']}: probability 1.0000" in ended.stdout
    assert "│ for " in ended.stdout
    assert "read (bands):" in ended.stdout
    assert ended.stderr == ""


def test_a_page_for_review_shows_what_speaks_against(filed: Filed) -> None:
    ended = run(command("explain", filed.out, "08-strangers-page.tif", "3"))

    assert "review, medical_record" in ended.stdout
    assert "│ for " in ended.stdout
    assert "│ against " in ended.stdout
    assert "Birth date differs: page 07/05/2009, request 04/01/1938." in " ".join(ended.stdout.split())


def test_all_pages_are_shown_when_none_is_named(filed: Filed) -> None:
    ended = run(command("explain", filed.out, "11-duplex-blanks.pdf"))

    assert [f"11-duplex-blanks.pdf, page {n} " in ended.stdout for n in range(1, 7)] == [True] * 6
    assert "set aside, blank" in ended.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("none.tif",), "no document 'none.tif'"),
        (("01-barcode-letter.tif", "5"), "01-barcode-letter.tif has pages 1 to 4, not 5"),
    ],
    ids=["unknown source", "page out of range"],
)
def test_what_is_not_there_is_said(filed: Filed, arguments: tuple[str, ...], said: str) -> None:
    ended = run(command("explain", filed.out, *arguments))

    assert ended.code == 5
    assert said in ended.stderr
    assert ended.stdout == ""


def test_a_folder_without_results_is_left_alone(tmp_path: Path) -> None:
    ended = run(command("explain", tmp_path, "fax.tif"))

    assert ended.code == 5
    assert "holds no results" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_rejected_documents_and_unreadable_pages_say_why(tmp_path: Path) -> None:
    scans, out = tmp_path / "scans", tmp_path / "out"
    scans.mkdir()
    (scans / "empty.tif").touch()
    (scans / "gone.tif").symlink_to(scans / "nowhere")
    huge_png(scans / "huge.png")
    run(tray(scans, requests=REQUESTS, out=out))

    said = {name: run(command("explain", out, name)).stdout for name in ("empty.tif", "gone.tif", "huge.png")}

    assert "empty.tif was rejected: the file is empty" in said["empty.tif"]
    assert "gone.tif was rejected: the file cannot be read: there is no such file" in said["gone.tif"]
    assert "review" in said["huge.png"]
    assert "could not be read: " in said["huge.png"]
    assert "100,000 x 100,000 pixels" in said["huge.png"]
