"""The folders of requests and review: the same decisions give the same files, and nothing else stays."""

import json
import os
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.builders.scans import drawn_page, write_tiff
from worker.domain.decision import Candidate, Decision, DocumentType, Finding, Outcome, Verdict
from worker.domain.document import Arrival, DocumentKind
from worker.domain.reading import Box
from worker.errors import BadDocumentError, CannotWriteError
from worker.filing.plan import DocumentPages, FiledPage
from worker.filing.requests_folder import (
    folder_name,
    remove_other_requests,
    request_folder,
    write_request,
)
from worker.filing.review_folder import remove_other_reviews, write_review
from worker.storage.folder_store import FolderStore

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
Draw = Callable[..., DocumentPages]


def decided(page: int, request_id: str | None = "R1") -> Decision:
    findings = (
        Finding("request id", Verdict.AGREES, 9.21034, "The barcode says R1.", (Box(1, 2, 3, 4),)),
        Finding("birth date", Verdict.DISAGREES, -2.5, "Birth date differs."),
    )
    outcome = Outcome.FILED if request_id else Outcome.REVIEW
    candidates = (Candidate("R1", 0.97, findings), Candidate("R2", 0.02, ()))
    return Decision(page, outcome, request_id, DocumentType.LETTER, 0.97, "It says R1.", candidates)


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    """Makes a document of four pages, of which those given are to be filed."""

    def make(order: int, *pages: int, request_id: str | None = "R1", rotation: int = 0) -> DocumentPages:
        original = tmp_path / f"original{order}.tif"
        write_tiff(original, [drawn_page(f"{order}.{n}", (400, 500)) for n in range(1, 5)], dpi=(50, 50))
        arrival = Arrival(order, f"fax{order}.tif", f"{order:064x}"[::-1], NOW, is_duplicate=False)
        filed = tuple(FiledPage(decided(page, request_id), rotation) for page in pages)
        return DocumentPages(arrival, DocumentKind.TIFF, lambda: nullcontext(original), filed)

    return make


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_ino)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def manifest(out: Path, request_id: str = "R1") -> dict[str, Any]:
    data: dict[str, Any] = json.loads((out.joinpath(request_folder(request_id)) / "manifest.json").read_text())
    return data


def test_request_gets_a_pdf_per_document_and_a_manifest(tmp_path: Path, draw: Draw) -> None:
    out = tmp_path / "out"

    write_request(FolderStore(out), "R1", [draw(2, 4), draw(1, 1, 3, rotation=180), draw(3)])

    said = manifest(out)
    assert said["request_id"] == "R1"
    assert [document["source"] for document in said["documents"]] == ["fax1.tif", "fax2.tif"]
    first = said["documents"][0]
    assert first["received_at"] == "2026-11-02T09:30:00+00:00"
    assert first["pages"][0] == {
        "page": 1, "page_in_file": 1, "rotation": 180, "copy": "copied", "document_type": "letter", "record_kind": None,
        "confidence": 0.97, "reason": "It says R1.",
        "policy": "",
        "also_filed_to": [],
        "evidence": [
            {"name": "request id", "verdict": "agrees", "weight": 9.2103, "sentence": "The barcode says R1."},
            {"name": "birth date", "verdict": "disagrees", "weight": -2.5, "sentence": "Birth date differs."},
        ],
    }  # fmt: skip
    with pikepdf.open(out / "requests" / "R1" / str(first["file"])) as pdf:
        assert len(pdf.pages) == 2
        assert pdf.pages[0].Rotate == 180


def test_filing_again_touches_nothing(tmp_path: Path, draw: Draw) -> None:
    out = tmp_path / "out"
    write_request(FolderStore(out), "R1", [draw(1, 1, 2), draw(2, 3)])
    write_review(FolderStore(out), draw(1, 3, request_id=None))
    before = contents(out)

    write_request(FolderStore(out), "R1", [draw(1, 1, 2), draw(2, 3)])
    write_review(FolderStore(out), draw(1, 3, request_id=None))

    assert contents(out) == before


def test_everything_can_be_made_again_with_the_same_bytes(tmp_path: Path, draw: Draw) -> None:
    for name in ("one", "two"):
        write_request(FolderStore(tmp_path / name), "R1", [draw(1, 1, 2), draw(2, 3)])
        write_review(FolderStore(tmp_path / name), draw(1, 3, request_id=None))

    one, two = contents(tmp_path / "one"), contents(tmp_path / "two")
    assert {name: data for name, (data, _) in one.items()} == {name: data for name, (data, _) in two.items()}


def test_withdrawn_page_disappears_from_pdf_and_manifest(tmp_path: Path, draw: Draw) -> None:
    out = tmp_path / "out"
    write_request(FolderStore(out), "R1", [draw(1, 1, 2), draw(2, 3)])

    write_request(FolderStore(out), "R1", [draw(1, 2)])

    assert len(list(out.joinpath(request_folder("R1")).glob("*.pdf"))) == 1
    (document,) = manifest(out)["documents"]
    with pikepdf.open(out.joinpath(request_folder("R1")) / str(document["file"])) as pdf:
        assert len(pdf.pages) == 1


def test_request_without_pages_has_no_folder(tmp_path: Path, draw: Draw) -> None:
    out = tmp_path / "out"
    write_request(FolderStore(out), "R1", [draw(1, 1)])

    write_request(FolderStore(out), "R1", [draw(1)])

    assert list((out / "requests").iterdir()) == []


def test_other_requests_are_withdrawn_and_strangers_files_stay(tmp_path: Path, draw: Draw) -> None:
    out = tmp_path / "out"
    for request_id in ("R1", "R/2", "R3"):
        write_request(FolderStore(out), request_id, [draw(1, 1, request_id=request_id)])
    (out / "requests" / "R3" / "note.txt").write_text("mine")

    remove_other_requests(FolderStore(out), ["R/2"])

    left = sorted(str(path.relative_to(out / "requests")) for path in (out / "requests").rglob("*.*"))
    assert left == ["R%2F2/0000000000000000.pdf".replace("0000000000000000", "1" + "0" * 15),
                    "R%2F2/manifest.json", "R3/note.txt"]  # fmt: skip


def test_damaged_pdf_is_written_again(tmp_path: Path, draw: Draw) -> None:
    out = tmp_path / "out"
    write_request(FolderStore(out), "R1", [draw(1, 1)])
    (pdf,) = out.joinpath(request_folder("R1")).glob("*.pdf")
    good = pdf.read_bytes()
    pdf.write_bytes(good[:100])

    write_request(FolderStore(out), "R1", [draw(1, 1)])

    assert pdf.read_bytes() == good


@pytest.mark.parametrize("broken", ["", "{", "[1, 2]", '{"documents": 3}', '{"documents": [{"sha256": 1}]}'])
def test_broken_manifest_is_written_again(tmp_path: Path, draw: Draw, broken: str) -> None:
    out = tmp_path / "out"
    write_request(FolderStore(out), "R1", [draw(1, 1)])
    good = contents(out)["requests/R1/manifest.json"][0]
    (out.joinpath(request_folder("R1")) / "manifest.json").write_text(broken)

    write_request(FolderStore(out), "R1", [draw(1, 1)])

    assert contents(out)["requests/R1/manifest.json"][0] == good


@pytest.mark.parametrize(
    ("request_id", "name"),
    [
        ("20265224360", "20265224360"),
        ("REQ-2026_07.A", "REQ-2026_07.A"),
        ("A/7", "A%2F7"),
        ("..", "%2E%2E"),
        ("../../etc", "%2E.%2F..%2Fetc"),
        (".hidden", "%2Ehidden"),
        ("two words", "two%20words"),
        ("a\0b", "a%00b"),
        ("~root", "%7Eroot"),
        ("é", "%C3%A9"),
        ("50%", "50%25"),
    ],
)
def test_no_request_id_leaves_the_folder(request_id: str, name: str) -> None:
    result = folder_name(request_id)

    assert result == name
    assert Path("requests", result).parent == Path("requests")


def test_long_request_ids_stay_apart(tmp_path: Path) -> None:
    one, two = folder_name("é" * 300 + "1"), folder_name("é" * 300 + "2")

    assert one != two
    assert max(len(os.fsencode(one)), len(os.fsencode(two))) <= 255
    with pytest.raises(ValueError, match="without an id"):
        folder_name("")


def test_review_says_the_candidates_of_each_page(tmp_path: Path, draw: Draw) -> None:
    document = draw(1, 2, 3, request_id=None)

    write_review(FolderStore(tmp_path), document)

    said = json.loads((tmp_path / "review" / ("1" + "0" * 15 + ".json")).read_text())
    assert said["source"] == "fax1.tif"
    assert [page["page"] for page in said["pages"]] == [2, 3]
    best, second = said["pages"][0]["candidates"]
    assert (best["request_id"], best["probability"], best["weight"]) == ("R1", 0.97, 6.7103)
    assert best["findings"][0]["boxes"] == [[1, 2, 3, 4]]
    assert second == {"request_id": "R2", "probability": 0.02, "weight": 0, "findings": []}
    with pikepdf.open(tmp_path / "review" / said["file"]) as pdf:
        assert len(pdf.pages) == 2


def test_review_that_is_done_disappears(tmp_path: Path, draw: Draw) -> None:
    first, second, third = (draw(order, 1, request_id=None) for order in (1, 2, 3))
    for document in (first, second, third):
        write_review(FolderStore(tmp_path), document)

    write_review(FolderStore(tmp_path), replace(first, pages=()))
    remove_other_reviews(FolderStore(tmp_path), [second.arrival.sha256])

    names = sorted(path.name for path in (tmp_path / "review").iterdir())
    assert names == ["2" + "0" * 15 + ".json", "2" + "0" * 15 + ".pdf"]


def test_folder_that_cannot_be_written_is_told(tmp_path: Path, draw: Draw) -> None:
    (tmp_path / "out").write_text("a file in the way")

    with pytest.raises(CannotWriteError):
        write_request(FolderStore(tmp_path / "out"), "R1", [draw(1, 1)])


def test_filing_that_broke_off_leaves_whole_files_and_can_be_finished(tmp_path: Path, draw: Draw) -> None:
    out = tmp_path / "out"
    documents = [draw(1, 1, 2), draw(2, 3)]
    with documents[1].original() as original:
        original.rename(tmp_path / "elsewhere")
    with pytest.raises(BadDocumentError):
        write_request(FolderStore(out), "R1", documents)
    half = contents(out)
    (tmp_path / "elsewhere").rename(original)

    write_request(FolderStore(out), "R1", documents)

    (whole_pdf,) = half
    assert contents(out)[whole_pdf][0] == half[whole_pdf][0]
    assert len(manifest(out)["documents"]) == 2
