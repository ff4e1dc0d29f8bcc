"""pages.csv and documents.csv of the samples: the contract with everybody who wants to know where the pages went."""

import hashlib
import re
from collections import Counter
from pathlib import Path

import pikepdf

from tests.acceptance.conftest import Filed
from tests.builders.command import ROOT, SAMPLES, rows, work_folders

COLUMNS = ["source", "page", "outcome", "request_id", "document_type", "confidence", "reason"]
MORE_COLUMNS = ["sha256", "file", "page_in_file", "record_kind", "also"]
TYPES = {
    "letter", "cover_sheet", "medical_record", "itemized_bill", "invoice", "claim_form", "authorization", "appeal",
    "grievance", "other", "blank",
}  # fmt: skip
KINDS = {
    "progress_note", "operative_report", "discharge_summary", "laboratory", "imaging", "nursing", "consultation",
    "history_and_physical", "other",
}  # fmt: skip
EXPECTED = rows(SAMPLES / "expected.csv")


def test_the_run_ends_well(filed: Filed) -> None:
    assert filed.ended.code == 0, filed.ended.stderr


def test_the_samples_go_where_they_should(filed: Filed) -> None:
    columns = ("source", "page", "outcome", "request_id", "document_type")

    found = [tuple(row[column] for column in columns) for row in rows(filed.out / "pages.csv")]

    assert found == [tuple(row[column] for column in columns) for row in EXPECTED]


def test_pages_csv_keeps_its_columns(filed: Filed) -> None:
    raw = (filed.out / "pages.csv").read_bytes()

    header = raw.decode("utf-8").splitlines()[0].split(",")

    assert header == COLUMNS + MORE_COLUMNS
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")


def test_every_row_of_pages_csv_says_what_the_contract_promises(filed: Filed) -> None:
    for row in rows(filed.out / "pages.csv"):
        assert row["outcome"] in {"filed", "review", "set_aside"}
        assert bool(row["request_id"]) == (row["outcome"] == "filed")
        assert row["document_type"] in TYPES
        assert not row["record_kind"] or row["document_type"] == "medical_record"
        assert 0 <= float(row["confidence"]) <= 1
        assert re.fullmatch(r"[A-Z].*\.", row["reason"]), row["reason"]
        assert bool(row["file"]) == (row["outcome"] != "set_aside")


def test_records_that_say_so_have_their_kind(filed: Filed) -> None:
    kinds = {row["record_kind"] for row in rows(filed.out / "pages.csv")} - {""}

    assert len(kinds) > 3
    assert kinds <= KINDS


def test_each_document_has_its_row(filed: Filed) -> None:
    pages = Counter(row["source"] for row in EXPECTED)

    found = rows(filed.out / "documents.csv")

    assert list(found[0]) == ["source", "sha256", "pages", "outcome", "reason"]
    assert {row["source"]: int(row["pages"]) for row in found} == pages
    assert [row["source"] for row in found] == sorted(pages)
    assert {row["source"]: row["outcome"] for row in found if row["outcome"] != "processed"} == {
        "14-sent-again.tif": "duplicate"
    }
    for row in found:
        assert row["sha256"] == hashlib.sha256((SAMPLES / "scans" / row["source"]).read_bytes()).hexdigest()
    assert next(row["reason"] for row in found if row["source"] == "15-damaged.tif")


def test_pages_csv_leads_to_every_page_of_every_pdf_once(filed: Filed) -> None:
    said = [(row["file"], int(row["page_in_file"])) for row in rows(filed.out / "pages.csv") if row["file"]]
    there = [
        (str(pdf.relative_to(filed.out)), page)
        for folder in ("requests", "review")
        for pdf in (filed.out / folder).rglob("*.pdf")
        for page in range(1, _page_count(pdf) + 1)
    ]

    assert sorted(said) == sorted(there)


def test_the_originals_are_kept_as_they_came(filed: Filed) -> None:
    kept = {path.name: path.read_bytes() for path in (filed.out / "originals").rglob("*") if path.is_file()}

    came = [path.read_bytes() for path in (SAMPLES / "scans").iterdir()]

    assert kept == {hashlib.sha256(data).hexdigest(): data for data in came}


def test_the_summary_agrees_with_the_tables(filed: Filed) -> None:
    outcomes = Counter(row["outcome"] for row in rows(filed.out / "pages.csv"))

    said = dict(re.findall(r"^ *(documents|pages|filed|for review|set aside) +(\d+)", filed.ended.stdout, re.MULTILINE))

    assert said == {
        "documents": "15",
        "pages": str(len(EXPECTED)),
        "filed": str(outcomes["filed"]),
        "for review": str(outcomes["review"]),
        "set aside": str(outcomes["set_aside"]),
    }
    assert re.search(r"\d+\.\d a second in this run", filed.ended.stdout)
    for place in ("requests", "review", "pages.csv"):
        assert str(filed.out / place) in filed.ended.stdout


def test_progress_is_plain_lines_where_there_is_no_terminal(filed: Filed) -> None:
    lines = filed.ended.stderr.splitlines()

    form = r"\d+/15 documents, \d+(/| of about )\d+ pages, \d+\.\d pages/s, about \d+ s left"
    assert lines
    assert [line for line in lines if not re.fullmatch(form, line)] == []


def test_nothing_about_people_is_printed_or_in_a_file_name(filed: Filed) -> None:
    registry = rows(SAMPLES / "requests.csv")
    private = {row[c] for row in registry for c in ("date_of_birth", "member_id", "claim_number")}
    names = {row[c].lower() for row in registry for c in ("member_last_name", "member_first_name")}
    printed = filed.ended.stderr + filed.ended.stdout.replace(str(filed.out), "")
    paths = " ".join(str(path.relative_to(filed.out)) for path in filed.out.rglob("*"))

    words = set(re.findall(r"\w+", (printed + paths).lower()))

    assert not {text for text in private if text in printed + paths}
    assert not names & words


def test_no_page_image_or_half_written_file_stays(filed: Filed) -> None:
    leftovers = [path for path in filed.out.rglob("*") if path.name.startswith((".unfinished", "tmp", "pigeonhole-"))]

    assert not leftovers
    assert not work_folders(filed.out)


def test_the_readme_names_all_columns() -> None:
    text = (ROOT / "README.md").read_text()

    for column in (*COLUMNS, *MORE_COLUMNS):
        assert f"`{column}`" in text


def _page_count(pdf: Path) -> int:
    with pikepdf.open(pdf) as opened:
        return len(opened.pages)
