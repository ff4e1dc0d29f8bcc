"""Pages of a TIFF in the PDF: which data goes over as it is, and that the pixels are the same."""

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageOps

from tests.builders.scans import (
    FAX_FINE,
    FAX_STANDARD,
    LETTER_200,
    dark_corner,
    drawn_page,
    embedded_image,
    recoded_tiff,
    rendered,
    write_tiff,
)
from worker.domain.document import DocumentKind
from worker.filing.copy import ChosenPage, CopiedPage, CopyMethod
from worker.filing.page_pdf import write_page_pdf

SHA = "ab" * 32


def copy_pages(original: Path, *chosen: ChosenPage) -> tuple[Path, tuple[CopiedPage, ...]]:
    target = original.parent / "copy.pdf"
    copied = write_page_pdf(original, DocumentKind.TIFF, chosen or [ChosenPage(1)], target, sha256=SHA)
    return target, copied


def image_of(pdf: pikepdf.Pdf, page: int = 1) -> pikepdf.Object:
    return pdf.pages[page - 1].Resources.XObject.Im0


def is_same(one: Image.Image, other: Image.Image) -> bool:
    return np.array_equal(np.asarray(one.convert("RGB")), np.asarray(other.convert("RGB")))


def first_strip(path: Path) -> bytes:
    with Image.open(path) as image:
        offset, length = image.tag_v2[273][0], image.tag_v2[279][0]  # type: ignore[attr-defined]  # a TIFF
    return path.read_bytes()[offset : offset + length]


def test_group4_data_goes_over_bit_for_bit(tmp_path: Path) -> None:
    original = write_tiff(tmp_path / "a.tif", [drawn_page()], dpi=(204, 98), tags={278: 1146})

    target, copied = copy_pages(original)

    assert copied == (CopiedPage(1, CopyMethod.COPIED),)
    with pikepdf.open(target) as pdf:
        assert image_of(pdf).read_raw_bytes() == first_strip(original)
    assert is_same(embedded_image(target), drawn_page())


@pytest.mark.parametrize("photometric", [0, 1])
@pytest.mark.parametrize("fill_order", ["msb2lsb", "lsb2msb"])
@pytest.mark.parametrize("coding", ["g4", "g3:1d", "g3:2d:fill", "lzw", "none", "packbits", "zip"])
def test_black_stays_black_whatever_the_coding(tmp_path: Path, coding: str, fill_order: str, photometric: int) -> None:
    plain = write_tiff(tmp_path / "p.tif", [drawn_page()], compression="raw", dpi=(204, 98), tags={262: photometric})
    original = recoded_tiff(plain, tmp_path / "a.tif", "-c", coding, "-f", fill_order, "-r", "1146")

    target, copied = copy_pages(original)

    assert is_same(embedded_image(target), drawn_page())
    assert dark_corner(rendered(target, 1)) == "top left"
    assert copied[0].method is (CopyMethod.COPIED if coding == "g4" else CopyMethod.RECODED)


@pytest.mark.parametrize("coding", ["g4", "g3:1d", "g3:2d"])
def test_many_strips_become_one_page_of_group4(tmp_path: Path, coding: str) -> None:
    plain = write_tiff(tmp_path / "p.tif", [drawn_page(size=FAX_FINE)])
    original = recoded_tiff(plain, tmp_path / "a.tif", "-c", coding, "-r", "100", "-f", "lsb2msb")

    target, copied = copy_pages(original)

    assert copied[0].method is CopyMethod.RECODED
    with pikepdf.open(target) as pdf:
        assert image_of(pdf).Filter == pikepdf.Name.CCITTFaxDecode
        assert image_of(pdf).DecodeParms.K == -1
    assert is_same(embedded_image(target), drawn_page(size=FAX_FINE))


@pytest.mark.parametrize(("size", "dpi"), [(FAX_STANDARD, (204, 98)), (FAX_FINE, (204, 196))])
def test_fax_pages_have_the_size_of_paper(tmp_path: Path, size: tuple[int, int], dpi: tuple[int, int]) -> None:
    original = write_tiff(tmp_path / "a.tif", [drawn_page(size=size)], compression="group3", dpi=dpi)

    target, _ = copy_pages(original)

    with pikepdf.open(target) as pdf:
        assert [float(side) for side in pdf.pages[0].mediabox] == pytest.approx([0, 0, 609.88, 841.96], abs=0.1)


def test_pages_of_mixed_size_and_mode_are_chosen_by_number_in_any_order(tmp_path: Path) -> None:
    pages = [
        drawn_page("one"),
        drawn_page("two", LETTER_200, "L"),
        drawn_page("three", (900, 700), "RGB"),
        drawn_page("four", FAX_FINE),
    ]
    original = write_tiff(tmp_path / "a.tif", pages, compression="tiff_lzw")

    target, copied = copy_pages(original, ChosenPage(4), ChosenPage(2), ChosenPage(3))

    assert [page.number for page in copied] == [4, 2, 3]
    for position, page in enumerate((3, 1, 2), 1):
        assert is_same(embedded_image(target, position), pages[page])


@pytest.mark.parametrize("mode", ["L", "RGB", "P", "CMYK", "LA"])
def test_colours_survive_exactly(tmp_path: Path, mode: str) -> None:
    page = Image.linear_gradient("L").resize((300, 400))
    colour = Image.merge("RGB", (page, ImageOps.mirror(page), ImageOps.flip(page)))
    expected = colour.quantize(64) if mode == "P" else colour.convert(mode)
    original = write_tiff(tmp_path / "a.tif", [expected], compression="tiff_adobe_deflate", dpi=(150, 150))

    target, copied = copy_pages(original)

    assert copied[0].method is CopyMethod.RECODED
    got = embedded_image(target)
    assert np.array_equal(np.asarray(got.convert("RGB")), np.asarray(expected.convert("RGB")))


def test_sixteen_bit_grey_keeps_its_sixteen_bits(tmp_path: Path) -> None:
    values = np.arange(300 * 400, dtype=np.uint16).reshape(400, 300)
    original = write_tiff(tmp_path / "a.tif", [Image.fromarray(values)], compression="raw", dpi=(150, 150))

    target, copied = copy_pages(original)

    assert copied[0].method is CopyMethod.RECODED
    with pikepdf.open(target) as pdf:
        image = image_of(pdf)
        assert image.BitsPerComponent == 16
        assert np.array_equal(np.frombuffer(image.read_bytes(), ">u2").reshape(400, 300), values)


@pytest.mark.parametrize("coding", ["jpeg:80", "jpeg:r:80"])
@pytest.mark.parametrize(("mode", "rows"), [("L", 1104), ("RGB", 1104), ("RGB", 64), ("L", 8)])
def test_jpeg_in_tiff_stays_jpeg_with_the_same_coded_data(tmp_path: Path, mode: str, rows: int, coding: str) -> None:
    plain = write_tiff(tmp_path / "p.tif", [drawn_page(size=(850, 1100), mode=mode)], compression="raw", dpi=(100, 100))
    original = recoded_tiff(plain, tmp_path / "a.tif", "-c", coding, "-r", str(rows))

    target, copied = copy_pages(original)

    assert copied[0].method is CopyMethod.COPIED
    with pikepdf.open(target) as pdf:
        stream = image_of(pdf).read_raw_bytes()
    coded = first_strip(original)
    assert coded[coded.index(b"\xff\xda") : -2] in stream
    with Image.open(io.BytesIO(stream)) as embedded, Image.open(original) as decoded:
        difference = np.asarray(embedded.convert("RGB"), int) - np.asarray(decoded.convert("RGB"), int)
        assert np.abs(difference).max() <= 3  # two decoders round differently
    assert dark_corner(rendered(target, 1)) == "top left"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("compression", ["group4", "group3"])
def test_orientation_tags_are_obeyed(tmp_path: Path, orientation: int, compression: str) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    upright = drawn_page(size=(850, 1100))
    stored = upright.transpose(undo[orientation]) if orientation > 1 else upright
    original = write_tiff(
        tmp_path / "a.tif", [stored], compression=compression, dpi=(100, 100), tags={274: orientation, 278: 1100}
    )

    target, _ = copy_pages(original)

    page = rendered(target, 1, dpi=100)
    assert page.size == upright.size
    difference = np.asarray(page, int) - np.asarray(upright.convert("L"), int)
    assert np.abs(difference).mean() < 4


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_page_is_turned_upright_without_touching_its_pixels(tmp_path: Path, rotation: int) -> None:
    stored = drawn_page(size=(850, 1100)).rotate(rotation, expand=True)
    original = write_tiff(tmp_path / "a.tif", [stored], dpi=(100, 100), tags={278: stored.height})

    target, copied = copy_pages(original, ChosenPage(1, rotation))

    assert copied[0].method is CopyMethod.COPIED
    assert dark_corner(rendered(target, 1)) == "top left"
    assert rendered(target, 1).height > rendered(target, 1).width
