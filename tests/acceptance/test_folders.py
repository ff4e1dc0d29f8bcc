"""OUT/requests and OUT/review of the samples: the right pages, upright, at their size, with the reasons beside them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image

from tests.acceptance.conftest import Filed
from tests.builders.command import SAMPLES, rows
from tests.builders.scans import rendered

SCANS = SAMPLES / "scans"
FAXES = [path.name for path in sorted(SCANS.glob("*.tif"))]


@dataclass(frozen=True)
class Given:
    """A page as it came, and where it was given out."""

    source: str
    page: int
    pdf: Path
    page_in_pdf: int


def given_out(filed: Filed, source: str) -> Iterator[Given]:
    for row in rows(filed.out / "pages.csv"):
        if row["source"] == source and row["file"]:
            yield Given(source, int(row["page"]), filed.out / row["file"], int(row["page_in_file"]))


def fax_page(page: Given) -> Image.Image:
    image = Image.open(SCANS / page.source)
    image.seek(page.page - 1)
    return image


def page_of(page: Given) -> tuple[float, float, int, bytes]:
    """Width, height, rotation and the coded picture of a page that was given out."""
    with pikepdf.open(page.pdf) as pdf:
        sheet = pdf.pages[page.page_in_pdf - 1]
        left, bottom, right, top = (float(value) for value in sheet.mediabox)
        (picture,) = sheet.get_images().values()
        return right - left, top - bottom, int(sheet.obj.get("/Rotate", 0)), picture.read_raw_bytes()


def manifests(filed: Filed) -> dict[str, dict[str, Any]]:
    return {path.parent.name: json.loads(path.read_text()) for path in filed.out.glob("requests/*/manifest.json")}


@pytest.mark.parametrize("source", FAXES)
def test_a_fax_keeps_its_size_on_paper(filed: Filed, source: str) -> None:
    for page in given_out(filed, source):
        image = fax_page(page)
        across, down = (float(value) for value in image.info["dpi"])

        width, height, rotation, _ = page_of(page)

        assert rotation in {0, 180}
        assert width == pytest.approx(image.width / across * 72, abs=0.5)
        assert height == pytest.approx(image.height / down * 72, abs=0.5)


@pytest.mark.parametrize("source", FAXES)
def test_a_fax_keeps_every_pixel(filed: Filed, source: str) -> None:
    for page in given_out(filed, source):
        with pikepdf.open(page.pdf) as pdf:
            (stream,) = pdf.pages[page.page_in_pdf - 1].get_images().values()
            assert isinstance(stream, pikepdf.Stream)
            shown = pikepdf.PdfImage(stream).as_pil_image().convert("1")

        assert str(stream.get("/Filter", "/CCITTFaxDecode")) == "/CCITTFaxDecode"
        assert np.array_equal(np.asarray(shown), np.asarray(fax_page(page).convert("1"))), page


@pytest.mark.parametrize("source", ["11-duplex-blanks.pdf", "13-foreign-barcodes.pdf"])
def test_a_scan_keeps_its_jpeg_bit_for_bit(filed: Filed, source: str) -> None:
    with pikepdf.open(SCANS / source) as came:
        before = [next(iter(sheet.get_images().values())).read_raw_bytes() for sheet in came.pages]

    for page in given_out(filed, source):
        assert page_of(page)[3] == before[page.page - 1]


def test_what_came_upside_down_is_given_out_upright(filed: Filed) -> None:
    pages = list(given_out(filed, "09-upside-down.tif"))

    for page in pages:
        shown = np.asarray(rendered(page.pdf, page.page_in_pdf), np.float64)
        as_it_came = fax_page(page).convert("L").resize(shown.shape[::-1], Image.Resampling.BOX)
        turned = np.asarray(as_it_came.rotate(180), np.float64)
        assert _likeness(shown, turned) > 0.8 > _likeness(shown, np.asarray(as_it_came, np.float64))
    assert len(pages) == 4


def test_a_page_is_black_on_white(filed: Filed) -> None:
    page = next(given_out(filed, "10-standard-resolution.tif"))

    share_white = np.mean(np.asarray(rendered(page.pdf, page.page_in_pdf)) > 128)

    assert share_white > 0.7


def test_each_request_has_one_pdf_per_document_in_the_order_received(filed: Filed) -> None:
    for request_id, manifest in manifests(filed).items():
        wanted = [row for row in rows(filed.out / "pages.csv") if row["request_id"] == request_id]

        said = [(d["source"], d["sha256"], page["page"]) for d in manifest["documents"] for page in d["pages"]]

        assert manifest["request_id"] == request_id
        assert said == [(row["source"], row["sha256"], int(row["page"])) for row in wanted]
        assert {path.name for path in (filed.out / "requests" / request_id).iterdir()} == {
            "manifest.json", *(document["file"] for document in manifest["documents"])
        }  # fmt: skip
    assert set(manifests(filed)) == {row["request_id"] for row in rows(filed.out / "pages.csv")} - {""}


def test_each_filed_page_has_its_type_and_evidence(filed: Filed) -> None:
    types = {(row["source"], row["page"]): row["document_type"] for row in rows(filed.out / "pages.csv")}

    pages = [(d["source"], page) for m in manifests(filed).values() for d in m["documents"] for page in d["pages"]]

    for source, page in pages:
        assert page["document_type"] == types[source, str(page["page"])]
        assert page["reason"].endswith(".")
        assert any(finding["verdict"] == "agrees" and finding["sentence"] for finding in page["evidence"])
        against = {
            finding["name"]: finding["sentence"] for finding in page["evidence"] if finding["verdict"] == "disagrees"
        }
        assert not against, (source, page["page"], against)


def test_review_shows_the_pages_with_candidates_and_reasons(filed: Filed) -> None:
    wanted = {(row["source"], int(row["page"])) for row in rows(filed.out / "pages.csv") if row["outcome"] == "review"}
    cases = [json.loads(path.read_text()) for path in (filed.out / "review").glob("*.json")]

    pages = {(case["source"], page["page"]): page for case in cases for page in case["pages"]}

    assert set(pages) == wanted
    stranger = pages["08-strangers-page.tif", 3]
    against = [f for c in stranger["candidates"] for f in c["findings"] if f["verdict"] == "disagrees"]
    assert against
    assert all(finding["sentence"] for finding in against)
    closed = pages["12-closed-request.tif", 1]
    assert "closed" in closed["reason"]


def test_nobody_else_may_read_what_was_given_out(filed: Filed) -> None:
    open_to_others = [path for path in filed.out.rglob("*") if path.stat().st_mode & 0o077]

    assert not open_to_others


def test_only_these_things_stand_in_the_output_folder(filed: Filed) -> None:
    names = {path.name for path in filed.out.iterdir()}

    assert names >= {"pages.csv", "documents.csv", "requests", "review", "originals", "pigeonhole.db", ".lock"}
    assert {name for name in names if not name.startswith("pigeonhole.db")} == {
        "pages.csv", "documents.csv", "requests", "review", "originals", ".lock"
    }  # fmt: skip


def test_a_filed_page_can_be_opened_as_a_picture(filed: Filed) -> None:
    page = next(given_out(filed, "01-barcode-letter.tif"))

    with pikepdf.open(page.pdf) as pdf:
        problems = pdf.check_pdf_syntax()

    assert problems == []
    assert rendered(page.pdf, page.page_in_pdf).width > 300


def _likeness(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> float:
    """Correlation of two pictures, 1 for the same."""
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])
