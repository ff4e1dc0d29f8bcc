"""`pigeonhole explain` on the samples: what was read, the candidates, the reasons for and against."""

from pathlib import Path

import pytest
from PIL import Image

from tests.acceptance.conftest import REQUESTS, Filed
from tests.builders.bad_files import huge_png
from tests.builders.command import command, rows, run, tray
from tests.builders.readings import reading
from worker.cli.explain_picture import Explained, draw_pictures
from worker.errors import BadDocumentError
from worker.wiring import open_shelf


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


def test_the_reasons_against_and_the_runner_up_are_named(filed: Filed) -> None:
    plain, stranger = (
        run(command("explain", filed.out, source, page)).stdout
        for source, page in (("01-barcode-letter.tif", "1"), ("08-strangers-page.tif", "3"))
    )

    assert ": nothing on the page\n" in plain.partition("\nagainst ")[2]
    assert ": Birth date differs: page 07/05/2009, request 04/01/1938.\n" in stranger.partition("\nagainst ")[2]
    assert "\nrunner-up: " in stranger


def test_a_page_is_drawn_as_a_picture(filed: Filed, tmp_path: Path) -> None:
    ended = run(command("explain", filed.out, "08-strangers-page.tif", "3", "--picture", tmp_path / "why.png"))

    assert (ended.code, ended.stderr) == (0, "")
    assert ended.stdout == f"{tmp_path / 'why.png'} drawn\n"
    with Image.open(tmp_path / "why.png") as picture:
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24) or []}
        assert picture.width > 1_800
    assert {(26, 127, 55), (198, 40, 40)} <= colours  # something speaks for it, something against


def test_several_pages_become_a_picture_each(filed: Filed, tmp_path: Path) -> None:
    named = run(command("explain", filed.out, "11-duplex-blanks.pdf", "--picture", tmp_path / "why.png"))
    in_folder = run(command("explain", filed.out, "01-barcode-letter.tif", "2", "--picture", tmp_path))

    assert (named.code, in_folder.code) == (0, 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "01-barcode-letter-2.png",
        *(f"why-{number}.png" for number in range(1, 7)),
    ]


def test_a_picture_is_a_png_or_goes_into_a_folder(filed: Filed, tmp_path: Path) -> None:
    ended = run(command("explain", filed.out, "01-barcode-letter.tif", "1", "--picture", tmp_path / "why.jpg"))

    assert ended.code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_is_not_decided_cannot_be_drawn(tmp_path: Path) -> None:
    document = Explained("fax.tif", "0" * 64, {1: reading(1)}, {})

    with pytest.raises(BadDocumentError, match=r"fax\.tif, page 1 is not decided yet"):
        list(draw_pictures(open_shelf(tmp_path), document, [1], tmp_path / "why.png"))


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

    drawn = {
        name: run(command("explain", out, name, "--picture", tmp_path / name)) for name in ("empty.tif", "huge.png")
    }
    refused = run(command("explain", out, "empty.tif", "--picture", tmp_path / "why.png"))

    assert {name: ended.code for name, ended in drawn.items()} == {"empty.tif": 2, "huge.png": 0}
    assert refused.code == 5
    assert "there is nothing to draw: empty.tif was rejected: the file is empty" in refused.stderr
