"""PDFs whose pages are drawn, damaged, locked or too many."""

import shutil
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.builders.pdfs import SHEET, distance, edit, scan_pdf
from worker.errors import BadDocumentError
from worker.ocr.limits import Limits
from worker.ocr.open_document import open_document


def born_digital(path: Path, *, pages: int = 1, size: tuple[float, float] = (612, 792), **options: object) -> Path:
    canvas = Canvas(str(path), pagesize=size, **options)
    for page in range(1, pages + 1):
        canvas.setFont("Helvetica", 14)
        canvas.drawString(72, size[1] - 100, f"Progress note, page {page}")
        canvas.showPage()
    canvas.save()
    return path


def test_born_digital_pages_are_rendered(tmp_path: Path) -> None:
    path = born_digital(tmp_path / "note.pdf", pages=2)

    with open_document(path) as document:
        page = document.page(2)

    assert page.pixels.shape == (2200, 1700)
    assert page.dpi == pytest.approx((200, 200))
    assert page.pixels[200:320].min() < 64
    assert page.pixels[400:].min() == 255


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rendered_pages_obey_their_rotation(tmp_path: Path, rotation: int) -> None:
    upright = born_digital(tmp_path / "upright.pdf")
    turned = edit(born_digital(tmp_path / "turned.pdf"), "/Rotate", rotation, on="page")

    with open_document(upright) as first, open_document(turned) as second:
        expected, got = np.rot90(first.page(1).pixels, -rotation // 90), second.page(1).pixels

    assert distance(got, expected) < 1.0


def test_huge_page_boxes_are_rendered_small(tmp_path: Path) -> None:
    path = born_digital(tmp_path / "poster.pdf", size=(14_000, 14_000))

    with open_document(path, Limits(max_render_pixels=1_000_000)) as document:
        page = document.page(1)

    assert page.pixels.size <= 1_010_000
    assert page.dpi[0] < 10


def test_a_crop_box_is_what_is_shown(tmp_path: Path) -> None:
    path = edit(born_digital(tmp_path / "note.pdf"), "/CropBox", pikepdf.Array([0, 396, 612, 792]), on="page")

    with open_document(path) as document:
        page = document.page(1)

    assert page.pixels.shape == (1100, 1700)
    assert page.pixels[200:320].min() < 64


def test_a_page_without_content_is_white(tmp_path: Path) -> None:
    path = tmp_path / "white.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path)

    with open_document(path) as document:
        page = document.page(1)

    assert page.pixels.min() == 255


def test_locked_pdfs_are_refused_and_merely_encrypted_ones_opened(tmp_path: Path) -> None:
    plain = scan_pdf(tmp_path / "plain.pdf", SHEET)
    locked, open_to_all = tmp_path / "locked.pdf", tmp_path / "open.pdf"
    with pikepdf.open(plain) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="owner", user="user"))
        pdf.save(open_to_all, encryption=pikepdf.Encryption(owner="owner", user=""))

    with pytest.raises(BadDocumentError, match="password"):
        open_document(locked)
    with open_document(open_to_all) as document:
        page = document.page(1)

    assert np.array_equal(page.pixels, np.asarray(SHEET))


def test_too_many_and_too_few_pages(tmp_path: Path) -> None:
    long, empty = born_digital(tmp_path / "long.pdf", pages=6), tmp_path / "empty.pdf"
    with pikepdf.new() as pdf:
        pdf.save(empty)

    with pytest.raises(BadDocumentError, match="split it"):
        open_document(long, Limits(max_pages=5))
    with pytest.raises(BadDocumentError, match="no pages"):
        open_document(empty)


def test_a_truncated_pdf_is_repaired_as_far_as_it_goes(tmp_path: Path) -> None:
    path = born_digital(tmp_path / "cut.pdf", pages=4, pageCompression=0)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * 0.9)])

    with open_document(path) as document:
        damage = document.damage
        page = document.page(1)

    assert "repaired" in damage[0]
    assert page.pixels[200:320].min() < 64


def test_rubbish_behind_a_pdf_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rubbish.pdf"
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)

    with pytest.raises(BadDocumentError, match="damaged"):
        open_document(path)


def test_a_damaged_page_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "two.pdf"
    first, second = scan_pdf(tmp_path / "a.pdf", SHEET), scan_pdf(tmp_path / "b.pdf", SHEET)
    with pikepdf.open(first) as a, pikepdf.open(second) as b:
        a.pages.append(b.pages[0])
        image = next(iter(a.pages[0].obj.Resources.XObject.values()))
        image.write(b"no deflate data at all", filter=pikepdf.Name.FlateDecode)
        a.save(path)

    with open_document(path) as document:
        page = document.page(2)

    assert np.array_equal(page.pixels, np.asarray(SHEET))


def test_names_that_are_no_text(tmp_path: Path) -> None:
    odd = Path(str(tmp_path) + "/scan \udcff\n1.pdf")
    shutil.copy(born_digital(tmp_path / "note.pdf"), odd)

    with open_document(odd) as document:
        page = document.page(1)

    assert page.pixels.min() < 64
