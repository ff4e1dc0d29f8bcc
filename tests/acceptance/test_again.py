"""The same output folder used again: nothing is filed twice, new scans are taken up, jobs change nothing."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.acceptance.conftest import REQUESTS, Filed, Small
from tests.builders.answers import answer
from tests.builders.command import SAMPLES, files, outcomes, rows, run, tray
from worker.domain.request import Request
from worker.intake.registry_csv import read_registry


def results(out: Path) -> dict[str, tuple[int, int]]:
    """Every file that a user sees."""
    return {name: stamp for name, stamp in files(out).items() if not name.startswith(("pigeonhole.db", ".lock"))}


def test_the_second_run_files_nothing_and_is_fast(filed: Filed, copy_of_filed: Path) -> None:
    before = {name: (copy_of_filed / name).read_bytes() for name in results(copy_of_filed)}
    stamps = {name: stamp for name, stamp in results(copy_of_filed).items() if "/" in name}

    ended = run(tray(SAMPLES / "scans", requests=REQUESTS, out=copy_of_filed))

    assert ended.code == 0, ended.stderr
    assert ended.seconds < min(15, filed.ended.seconds)
    assert {name: (copy_of_filed / name).read_bytes() for name in results(copy_of_filed)} == before
    assert {name: stamp for name, stamp in results(copy_of_filed).items() if "/" in name} == stamps


def test_new_scans_are_added_and_the_rest_stays(
    copy_of_filed: Path, tmp_path: Path, open_requests: Sequence[Request]
) -> None:
    before, stamps = (copy_of_filed / "pages.csv").read_text(), results(copy_of_filed)
    more = tmp_path / "more"
    more.mkdir()
    answer(more / "new.tif", open_requests[0])
    shutil.copy(SAMPLES / "scans" / "01-barcode-letter.tif", more / "same bytes.tif")

    ended = run(tray(SAMPLES / "scans", more, requests=REQUESTS, out=copy_of_filed))

    assert ended.code == 0, ended.stderr
    after = (copy_of_filed / "pages.csv").read_text()
    assert after.startswith(before)
    added = [(row["source"], row["outcome"], row["request_id"]) for row in rows(copy_of_filed / "pages.csv")][65:]
    assert added == [
        ("new.tif", "filed", open_requests[0].request_id),
        ("new.tif", "filed", open_requests[0].request_id),
        *[("same bytes.tif", "set_aside", "")] * 4,
    ]
    assert outcomes(copy_of_filed)["same bytes.tif"] == "duplicate"
    kept = {name: stamp for name, stamp in results(copy_of_filed).items() if name in stamps and "/" in name}
    assert kept == {name: stamp for name, stamp in stamps.items() if "/" in name}


def test_more_pages_for_a_request_join_those_that_are_there(copy_of_filed: Path, tmp_path: Path) -> None:
    filed_to = rows(copy_of_filed / "pages.csv")[0]["request_id"]
    manifest = copy_of_filed / "requests" / filed_to / "manifest.json"
    before = json.loads(manifest.read_text())["documents"]
    request = next(r for r in read_registry(REQUESTS).requests if r.request_id == filed_to)
    answer(tmp_path / "late.tif", request)

    ended = run(tray(tmp_path / "late.tif", requests=REQUESTS, out=copy_of_filed))

    assert ended.code == 0, ended.stderr
    after = json.loads(manifest.read_text())["documents"]
    assert after[: len(before)] == before
    assert [(document["source"], len(document["pages"])) for document in after[len(before) :]] == [("late.tif", 2)]


def test_the_number_of_jobs_changes_nothing(small: Small, tmp_path: Path) -> None:
    out = tmp_path / "out"

    ended = run(tray(*small.scans, requests=REQUESTS, out=out, jobs=1))

    assert ended.code == 0, ended.stderr
    assert (out / "pages.csv").read_text() == small.pages
