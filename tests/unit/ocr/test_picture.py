"""PNG and JPEG files as documents of one page."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.builders.pages import black_and_white, printed
from worker.domain.document import DocumentKind
from worker.errors import BadDocumentError, BadPageError
from worker.ocr.images import PageImage
from worker.ocr.limits import Limits
from worker.ocr.open_document import open_document

SHEET = printed(dpi=100)
EXIF_ORIENTATION = 0x0112


def page_of(path: Path) -> PageImage:
    with open_document(path) as document:
        assert document.page_count == 1
        return document.page(1)


def difference(page: PageImage, sheet: Image.Image) -> float:
    return float(np.abs(page.pixels.astype(int) - np.asarray(sheet.convert("L")).astype(int)).mean())


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_png_of_every_mode(tmp_path: Path, mode: str) -> None:
    if mode == "I;16":
        image = Image.fromarray(np.asarray(SHEET).astype(np.uint16) * 257)
    elif mode == "1":
        image = black_and_white(np.asarray(SHEET))
    else:
        image = SHEET.convert("RGB").quantize(256) if mode == "P" else SHEET.convert(mode)
    path = tmp_path / "scan.png"
    image.save(path, dpi=(100, 100))

    page = page_of(path)

    assert difference(page, image if mode == "1" else SHEET) < 1.0
    assert page.is_bitonal == (mode == "1")
    assert page.dpi == pytest.approx((100, 100), abs=0.1)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpeg_of_every_mode(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "scan.jpg"
    SHEET.convert("RGB").convert(mode).save(path, quality=90, dpi=(100, 100))

    page = page_of(path)

    assert difference(page, SHEET) < 3.0


def test_a_photo_is_turned_as_its_camera_says(tmp_path: Path) -> None:
    path, exif = tmp_path / "photo.jpg", Image.Exif()
    exif[EXIF_ORIENTATION] = 6
    SHEET.rotate(90, expand=True).save(path, exif=exif, quality=90)

    page = page_of(path)

    assert difference(page, SHEET) < 3.0


def test_a_photo_without_resolution_is_taken_for_a_letter_sheet(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    Image.new("L", (2550, 3300), 255).save(path, dpi=(72, 72))

    page = page_of(path)

    assert page.dpi == (300.0, 300.0)


def test_a_truncated_jpeg_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "cut.jpg"
    SHEET.save(path, quality=90)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])

    page = page_of(path)

    assert "missing" in page.damage[0]
    assert page.pixels[-1].min() == 255
    assert page.pixels[:200].min() < 100


def test_a_picture_cut_in_its_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.png"
    SHEET.save(path)
    path.write_bytes(path.read_bytes()[:12])

    with pytest.raises(BadDocumentError, match="damaged"):
        open_document(path)


def test_a_huge_picture_is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "wide.png"
    SHEET.save(path)

    with open_document(path, Limits(max_pixels=1000)) as document, pytest.raises(BadPageError, match="more than any"):
        document.page(1)


def test_the_kind_is_known(tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    SHEET.save(path, "PNG")

    with open_document(path) as document:
        assert document.kind is DocumentKind.PNG
