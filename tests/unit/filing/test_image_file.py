"""PNG and JPEG files in the PDF."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from tests.builders.scans import dark_corner, drawn_page, embedded_image, image_bytes, rendered
from worker.domain.document import DocumentKind
from worker.filing.copy import ChosenPage, CopyMethod
from worker.filing.page_pdf import write_page_pdf


def copy_file(folder: Path, kind: DocumentKind, data: bytes, rotation: int = 0) -> tuple[Path, CopyMethod]:
    original, target = folder / "original", folder / "copy.pdf"
    original.write_bytes(data)
    copied = write_page_pdf(original, kind, [ChosenPage(1, rotation)], target, sha256="ef" * 32)
    return target, copied[0].method


def image_of(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.pages[0].Resources.XObject.Im0


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpeg_is_the_same_file_inside_the_pdf(tmp_path: Path, mode: str) -> None:
    data = image_bytes(drawn_page(size=(850, 1100), mode="RGB").convert(mode), "JPEG", dpi=(100, 100))

    target, method = copy_file(tmp_path, DocumentKind.JPEG, data)

    assert method is CopyMethod.COPIED
    with pikepdf.open(target) as pdf:
        assert image_of(pdf).read_raw_bytes() == data
        assert [float(side) for side in pdf.pages[0].mediabox] == pytest.approx([0, 0, 612, 792])
    assert dark_corner(rendered(target, 1)) == "top left"


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P"])
def test_png_pixels_are_the_same(tmp_path: Path, mode: str) -> None:
    page = drawn_page(size=(850, 1100), mode="RGB")
    page = page.quantize(16) if mode == "P" else page.convert(mode)

    target, method = copy_file(tmp_path, DocumentKind.PNG, image_bytes(page, "PNG", dpi=(100, 100)))

    assert method is CopyMethod.COPIED
    got = embedded_image(target)
    assert np.array_equal(np.asarray(got.convert("RGB")), np.asarray(page.convert("RGB")))


def test_sixteen_bit_png_keeps_its_bits(tmp_path: Path) -> None:
    values = np.arange(300 * 400, dtype=np.uint16).reshape(400, 300)

    target, method = copy_file(tmp_path, DocumentKind.PNG, image_bytes(Image.fromarray(values), "PNG"))

    assert method is CopyMethod.COPIED
    with pikepdf.open(target) as pdf:
        assert image_of(pdf).BitsPerComponent == 16


def test_transparent_png_is_shown_on_white(tmp_path: Path) -> None:
    page = Image.new("RGBA", (850, 1100), (0, 0, 0, 0))
    page.paste((0, 0, 0, 255), (50, 50, 300, 200))

    target, method = copy_file(tmp_path, DocumentKind.PNG, image_bytes(page, "PNG", dpi=(100, 100)))

    assert method is CopyMethod.RECODED
    shown = rendered(target, 1)
    assert shown.getpixel((shown.width - 5, shown.height - 5)) == 255
    assert dark_corner(shown) == "top left"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_camera_orientation_is_obeyed(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    upright = drawn_page(size=(850, 1100), mode="L")
    stored = {
        1: upright,
        2: upright.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: upright.transpose(Image.Transpose.ROTATE_180),
        4: upright.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: upright.transpose(Image.Transpose.TRANSPOSE),
        6: upright.transpose(Image.Transpose.ROTATE_90),
        7: upright.transpose(Image.Transpose.TRANSVERSE),
        8: upright.transpose(Image.Transpose.ROTATE_270),
    }[orientation]
    data = image_bytes(stored, "JPEG", dpi=(100, 100), exif=exif)

    target, method = copy_file(tmp_path, DocumentKind.JPEG, data)

    assert method is CopyMethod.COPIED
    assert dark_corner(rendered(target, 1)) == "top left"
    assert rendered(target, 1, dpi=100).size == (850, 1100)


@pytest.mark.parametrize("kind", [DocumentKind.PNG, DocumentKind.JPEG])
def test_cut_off_file_still_shows_its_top(tmp_path: Path, kind: DocumentKind) -> None:
    data = image_bytes(drawn_page(size=(850, 1100), mode="L"), kind.value.upper(), dpi=(100, 100))

    target, method = copy_file(tmp_path, kind, data[: len(data) * 2 // 3])

    assert method is not CopyMethod.MISSING
    assert dark_corner(rendered(target, 1)) == "top left"


@pytest.mark.parametrize("kind", [DocumentKind.PNG, DocumentKind.JPEG])
@pytest.mark.parametrize("data", [b"", b"no image at all", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"])
def test_file_without_an_image_leaves_a_sheet(tmp_path: Path, kind: DocumentKind, data: bytes) -> None:
    _, method = copy_file(tmp_path, kind, data)

    assert method is CopyMethod.MISSING


def test_interlaced_png_is_recoded_with_the_same_pixels(tmp_path: Path) -> None:
    page = drawn_page(size=(400, 500), mode="L")
    plain = image_bytes(page, "PNG")
    assert plain[28] == 0
    adam7 = _interlaced(page)

    target, method = copy_file(tmp_path, DocumentKind.PNG, adam7)

    assert method is CopyMethod.RECODED
    got = embedded_image(target)
    assert np.array_equal(np.asarray(got), np.asarray(page))


def _interlaced(page: Image.Image) -> bytes:
    """Adam7 by hand: Pillow reads it but does not write it."""
    pixels = np.asarray(page)
    rows = bytearray()
    for x, y, dx, dy in (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ):
        for row in pixels[y::dy, x::dx]:
            rows += b"\x00" + row.tobytes()

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", page.width, page.height, 8, 0, 0, 0, 1)
    stream = io.BytesIO()
    stream.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows))))
    stream.write(chunk(b"IEND", b""))
    return stream.getvalue()
