"""Containers: what is put in comes out, in every dialect."""

import time
from io import BytesIO

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from bench.drawing.files import (
    FILL_ORDER,
    PHOTOMETRIC,
    T4_OPTIONS,
    Raster,
    bitonal_pdf,
    declare_turns,
    grey_pdf,
    grey_tiff,
    tiff,
)
from bench.drawing.sheet import Bits


def pattern(rows: int = 240) -> Bits:
    page = np.full((rows, 320), 255, np.uint8)
    page[20:60, 30:200] = 0
    page[np.random.default_rng(1).random(page.shape) < 0.05] = 0
    return page


def opened(data: bytes) -> TiffImageFile:
    file = Image.open(BytesIO(data))
    assert isinstance(file, TiffImageFile)
    return file


@pytest.mark.parametrize("compression", ["group3", "group4"])
@pytest.mark.parametrize("fill_order", [1, 2])
@pytest.mark.parametrize("photometric", [0, 1])
@pytest.mark.parametrize("coding", [0, 1])
def test_bitonal_pages_come_back_exactly(compression: str, fill_order: int, photometric: int, coding: int) -> None:
    pages = [Raster(pattern(), (204, 98)), Raster(pattern(200), (204, 98))]
    tags = {FILL_ORDER: fill_order, PHOTOMETRIC: photometric, T4_OPTIONS: coding}

    file = opened(tiff(pages, compression, tags))

    for number, page in enumerate(pages):
        file.seek(number)
        assert file.tag_v2[PHOTOMETRIC] == photometric
        assert file.tag_v2[FILL_ORDER] == fill_order
        assert np.array_equal(np.asarray(file.convert("L")), page.pixels)
        assert tuple(float(value) for value in file.info["dpi"]) == (204.0, 98.0)


def test_a_file_may_keep_silent_about_its_resolution() -> None:
    page = Raster(pattern(), (0, 0))

    file = opened(tiff([page], "group3", {}))

    assert {282, 283}.isdisjoint(file.tag_v2)


def test_scanned_pdfs_hold_one_image_a_page() -> None:
    pages = [Raster(pattern(), (200, 200))] * 2

    files = [bitonal_pdf(pages), grey_pdf(pages, 80), grey_pdf(pages, 80, coloured=True)]

    filters = []
    for data in files:
        with pikepdf.open(BytesIO(data)) as document:
            images = [image for page in document.pages for image in page.get_images().values()]
            filters.append([str(image.Filter if "/Filter" in image else "") for image in images])
    assert [len(found) for found in filters] == [2, 2, 2]


def test_grey_tiff_keeps_its_shades() -> None:
    shades = np.tile(np.linspace(0, 255, 320, dtype=np.uint8), (240, 1))

    file = opened(grey_tiff([Raster(shades, (200, 200))] * 3, 90))

    assert file.n_frames == 3
    assert np.abs(np.asarray(file).astype(int) - shades).mean() < 4


def test_turns_are_declared_on_the_pages() -> None:
    data = bitonal_pdf([Raster(pattern(), (200, 200))] * 2)

    turned = declare_turns(data, [0, 90])

    document = pypdfium2.PdfDocument(turned)
    assert [document[i].get_rotation() for i in range(2)] == [0, 90]
    assert declare_turns(data, [0, 0]) == data


def test_no_clock_shows_in_a_pdf() -> None:
    pages = [Raster(pattern(), (200, 200))]
    first = grey_pdf(pages, 80)

    time.sleep(1.1)
    second = grey_pdf(pages, 80)

    assert first == second
