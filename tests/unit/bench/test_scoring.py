"""Scoring a run against the truth."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from bench.accuracy import main
from bench.scoring import Row, Score, Truth, judge, read_rows, read_truth, score


def page(request_id: str | None = "A", kind: str = "medical_record", **more: Any) -> Truth:
    facets = (("channel", "fax_std"), ("situation", "plain"))
    return Truth(
        "one.tif", more.get("number", 1), kind, request_id, more.get("also", ()), facets, more.get("repeat", False)
    )


def row(outcome: str, request_id: str | None = None) -> Row:
    return Row(outcome, request_id, "medical_record", "0.9", "because")


@pytest.mark.parametrize(
    ("truth", "got", "misfiled", "hit", "right"),
    [
        (page(), row("filed", "A"), False, True, True),
        (page(), row("filed", "B"), True, False, False),
        (page(), row("review"), False, False, False),
        (page(), row("set_aside"), False, False, False),
        (page(also=("B",)), row("filed", "B"), False, True, True),
        (page(repeat=True), row("set_aside"), False, True, True),
        (page(repeat=True), row("review"), False, False, False),
        (page(None), row("review"), False, False, True),
        (page(None), row("filed", "A"), True, False, False),
        (page(None, "blank"), row("set_aside"), False, False, True),
        (page(None, "blank"), row("review"), False, False, False),
        (page(None, "blank"), row("filed", "A"), False, False, False),
        (page(None, "cover_sheet"), row("review"), False, False, False),
    ],
)
def test_a_page_is_judged(truth: Truth, got: Row, misfiled: bool, hit: bool, right: bool) -> None:
    rows = [got]

    verdict = judge(truth, rows)

    assert (verdict.is_misfiled, verdict.is_hit, verdict.is_right) == (misfiled, hit, right)


def test_lost_doubled_and_strange_rows_are_counted() -> None:
    pages = [page(number=1), page(number=2), page(number=3)]
    rows = {("one.tif", 1): [row("filed", "A")] * 2, ("one.tif", 3): [row("filed", "A")], ("else", 1): [row("review")]}

    result = score(pages, rows)

    assert (result.lost, result.doubled, result.strange_rows) == (1, 1, 1)
    assert (result.documents, result.whole) == (1, 0)
    assert [bad[0].page for bad in result.bad] == [1, 2]


def test_shares_are_counted_by_facet() -> None:
    pages = [page(number=1), page(number=2), page(None, number=3)]
    rows = {("one.tif", n): [row("filed", "A")] for n in (1, 2, 3)}

    result: Score = score(pages, rows)

    tally = result.by_facet["channel", "fax_std"]
    assert (tally.pages, tally.owned, tally.hits, tally.misfiled) == (3, 2, 2, 1)
    assert tally.touchless == 1.0


def write_tray(tmp_path: Path, outcome: str, request_id: str) -> None:
    pages = [{"request_id": "A", "kind": "letter", "also": []}]
    bundle = {"channel": "fax_std", "level": "clean", "order": "each", "upside": False, "pages": pages}
    (tmp_path / "truth.json").write_text(json.dumps({"one.tif": bundle}))
    with (tmp_path / "pages.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["source", "page", "outcome", "request_id", "document_type", "confidence", "reason"])
        writer.writerow(["sub/one.tif", 1, outcome, request_id, "letter", 0.98, "the barcode"])


def test_files_of_a_tray_without_situations_are_read(tmp_path: Path) -> None:
    write_tray(tmp_path, "filed", "A")

    result = score(read_truth(tmp_path / "truth.json"), read_rows(tmp_path / "pages.csv"))

    assert result.summary()["whole"] == 1
    assert result.types["letter", "letter"] == 1


@pytest.mark.parametrize(("request_id", "code"), [("A", 0), ("B", 1)])
def test_the_command_says_by_its_exit_code_whether_all_is_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], request_id: str, code: int
) -> None:
    write_tray(tmp_path, "filed", request_id)

    status = main([str(tmp_path), str(tmp_path), "--json"])

    assert status == code
    assert json.loads(capsys.readouterr().out)["misfiled"] == code


def test_bad_pages_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_tray(tmp_path, "review", "")

    main([str(tmp_path), str(tmp_path), "--bad"])

    assert "one.tif" in capsys.readouterr().out
