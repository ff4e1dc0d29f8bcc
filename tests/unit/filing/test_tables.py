"""pages.csv and documents.csv."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from worker.domain.decision import Candidate, Decision, DocumentType, Outcome
from worker.domain.document import Arrival, DocumentOutcome
from worker.filing.tables import DocumentResult, write_tables
from worker.storage.folder_store import FolderStore

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SHA = "0123456789abcdef" * 4


def arrival(order: int, source: str, sha256: str = SHA) -> Arrival:
    return Arrival(order, source, sha256, NOW, is_duplicate=order > 1)


def filed(page: int, request_id: str = "R1") -> Decision:
    return Decision(
        page, Outcome.FILED, request_id, DocumentType.LETTER, 0.98765, "The barcode is this request's.",
        (Candidate(request_id, 0.98765, ()),),
    )  # fmt: skip


def review(page: int) -> Decision:
    return Decision(page, Outcome.REVIEW, None, DocumentType.MEDICAL_RECORD, 0.4, "Two requests fit.")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_columns_stand_in_the_order_of_the_contract(tmp_path: Path) -> None:
    write_tables(FolderStore(tmp_path), [])

    pages = (tmp_path / "pages.csv").read_text().splitlines()[0]
    assert pages.startswith("source,page,outcome,request_id,document_type,confidence,reason")
    assert (tmp_path / "documents.csv").read_text() == "source,sha256,pages,outcome,reason\n"


def test_every_page_has_its_row_in_order_of_arrival_and_page(tmp_path: Path) -> None:
    first = DocumentResult(arrival(1, "z.tif"), DocumentOutcome.PROCESSED, "", (filed(2), review(1), filed(3)))
    second = DocumentResult(arrival(2, "a.tif", "f" * 64), DocumentOutcome.PROCESSED, "", (filed(1),))

    write_tables(FolderStore(tmp_path), [second, first])

    pages = rows(tmp_path / "pages.csv")
    assert [(row["source"], row["page"]) for row in pages] == [
        ("z.tif", "1"), ("z.tif", "2"), ("z.tif", "3"), ("a.tif", "1"),
    ]  # fmt: skip
    assert pages[0]["file"] == "review/0123456789abcdef.pdf"
    assert pages[2] == {
        "source": "z.tif", "page": "3", "outcome": "filed", "request_id": "R1", "document_type": "letter",
        "confidence": "0.9877", "reason": "The barcode is this request's.", "sha256": SHA,
        "file": "requests/R1/0123456789abcdef.pdf", "page_in_file": "2", "record_kind": "", "also": "",
    }  # fmt: skip
    assert [row["pages"] for row in rows(tmp_path / "documents.csv")] == ["3", "1"]


def test_a_page_of_two_requests_has_one_row_and_counts_in_both_pdfs(tmp_path: Path) -> None:
    to_both = replace(filed(1), also=("R2", "R3"))
    to_another = replace(filed(2), request_id="R2")

    write_tables(
        FolderStore(tmp_path),
        [DocumentResult(arrival(1, "a.tif"), DocumentOutcome.PROCESSED, "", (to_both, to_another))],
    )

    one, two = rows(tmp_path / "pages.csv")
    assert (one["request_id"], one["also"], one["file"]) == ("R1", "R2;R3", "requests/R1/0123456789abcdef.pdf")
    assert (two["also"], two["file"], two["page_in_file"]) == ("", "requests/R2/0123456789abcdef.pdf", "2")


def test_pages_of_a_document_that_came_twice_are_set_aside_once_each(tmp_path: Path) -> None:
    first = DocumentResult(arrival(1, "a.tif"), DocumentOutcome.PROCESSED, "", (filed(1), review(2)))
    again = replace(first, arrival=arrival(2, "b.tif"), outcome=DocumentOutcome.DUPLICATE, duplicate_of="a.tif")

    write_tables(FolderStore(tmp_path), [first, again])

    repeated = [row for row in rows(tmp_path / "pages.csv") if row["source"] == "b.tif"]
    assert [(row["page"], row["outcome"], row["request_id"]) for row in repeated] == [
        ("1", "set_aside", ""), ("2", "set_aside", ""),
    ]  # fmt: skip
    assert "a.tif" in repeated[0]["reason"]
    assert [row["outcome"] for row in rows(tmp_path / "documents.csv")] == ["processed", "duplicate"]


def test_refused_file_has_its_line_without_a_hash(tmp_path: Path) -> None:
    refused = DocumentResult(arrival(1, "x.tif", ""), DocumentOutcome.REJECTED, "the file cannot be read")

    write_tables(FolderStore(tmp_path), [refused])

    assert rows(tmp_path / "documents.csv") == [
        {"source": "x.tif", "sha256": "", "pages": "0", "outcome": "rejected", "reason": "the file cannot be read"}
    ]
    assert rows(tmp_path / "pages.csv") == []


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ('He said "no", twice', 'He said "no", twice'),
        ("two\r\nlines", "two lines"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("-1", "'-1"),
        ("@x", "'@x"),
    ],
)
def test_reasons_are_one_line_and_never_a_formula(tmp_path: Path, reason: str, shown: str) -> None:
    rejected = DocumentResult(arrival(1, "a,b.tif"), DocumentOutcome.REJECTED, reason)

    write_tables(FolderStore(tmp_path), [rejected])

    assert rows(tmp_path / "documents.csv")[0]["reason"] == shown
    assert rows(tmp_path / "documents.csv")[0]["source"] == "a,b.tif"
    assert len((tmp_path / "documents.csv").read_text().splitlines()) == 2
