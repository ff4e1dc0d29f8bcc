"""PDF pages: the scanned image taken out is what Poppler draws, and all else is drawn by Poppler."""

import subprocess
from pathlib import Path

import cv2
import img2pdf
import numpy as np
import pikepdf
import pytest
from PIL import Image

from tests.builders.pages import FINE, Pixels, black_and_white, faxed, printed, recode, save_tiff
from tests.builders.pdfs import DPI, SHEET, distance, edit, scan_pdf
from worker.ocr.images import PageImage
from worker.ocr.limits import Limits
from worker.ocr.pdf_scan import find_scan, take_scan

WIDTH, HEIGHT = SHEET.width * 72 / DPI, SHEET.height * 72 / DPI


def taken(path: Path) -> PageImage | None:
    """What is taken out of the first page without rendering."""
    with pikepdf.open(path) as pdf:
        scan = find_scan(pdf.pages[0], Limits())
        return take_scan(scan) if scan else None


def drawn(path: Path, size: tuple[int, int]) -> Pixels:
    """What Poppler draws, at this size in pixels."""
    out = path.with_suffix("")
    command = ["pdftoppm", "-gray", "-scale-to", str(max(size))]
    subprocess.run([*command, "-cropbox", "-f", "1", "-l", "1", "-singlefile", str(path), str(out)], check=True)
    return np.asarray(Image.open(out.with_suffix(".pgm")))


def assert_exact(path: Path) -> None:
    """The image is taken out, and Poppler draws the same but for a fraction of a pixel's shift."""
    page = taken(path)
    assert page is not None
    across, down = page.dpi
    square = np.asarray(cv2.resize(page.pixels, None, fx=1, fy=across / down, interpolation=cv2.INTER_AREA), np.uint8)
    shown = drawn(path, square.shape[::-1])
    assert distance(np.asarray(cv2.resize(shown, square.shape[::-1]), np.uint8), square) < 2.0
    assert abs(shown.shape[0] - square.shape[0]) <= 1


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P"])
def test_scans_in_lossless_colour_spaces(tmp_path: Path, mode: str) -> None:
    image = black_and_white(np.asarray(SHEET)) if mode == "1" else SHEET.convert("RGB").convert(mode)

    path = scan_pdf(tmp_path / "scan.pdf", image)

    assert_exact(path)


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_scans_in_jpeg(tmp_path: Path, mode: str) -> None:
    image = tmp_path / "scan.jpg"
    SHEET.convert(mode).save(image, quality=85, dpi=(DPI, DPI))
    path = tmp_path / "scan.pdf"

    path.write_bytes(img2pdf.convert(str(image)))

    assert_exact(path)
    page = taken(path)
    assert page is not None
    assert page.dpi == pytest.approx((DPI, DPI), abs=0.5)


def fax_pdf(folder: Path, *recoding: str) -> Path:
    fax = save_tiff(folder / "fax.tif", [black_and_white(faxed(printed(), FINE))])
    path = folder / "fax.pdf"
    path.write_bytes(img2pdf.convert(str(recode(fax, *recoding) if recoding else fax)))
    return path


@pytest.mark.parametrize("recoding", [(), ("-f", "lsb2msb"), ("-r", "3000", "-c", "g4")])
def test_faxes_keep_both_resolutions(tmp_path: Path, recoding: tuple[str, ...]) -> None:
    path = fax_pdf(tmp_path, *recoding)

    page = taken(path)

    assert page is not None
    assert page.is_bitonal
    assert page.dpi == pytest.approx(FINE, abs=0.5)
    assert np.array_equal(page.pixels, faxed(printed(), FINE))
    assert_exact(path)


@pytest.mark.parametrize("key", ["/Decode", "/BlackIs1"])
def test_inverted_fax_images(tmp_path: Path, key: str) -> None:
    path = fax_pdf(tmp_path)
    if key == "/Decode":
        edit(path, "/Decode", pikepdf.Array([1, 0]))
    else:
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            image = next(iter(pdf.pages[0].obj.Resources.XObject.values()))
            parameters = image.DecodeParms[0] if isinstance(image.DecodeParms, pikepdf.Array) else image.DecodeParms
            parameters.BlackIs1 = not bool(parameters.get("/BlackIs1", False))
            pdf.save(path)

    assert_exact(path)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_page_rotation(tmp_path: Path, rotation: int) -> None:
    path = edit(scan_pdf(tmp_path / "scan.pdf", SHEET), "/Rotate", rotation, on="page")

    assert_exact(path)


@pytest.mark.parametrize(
    "matrix",
    [(0, WIDTH, -HEIGHT, 0, HEIGHT, 0), (-WIDTH, 0, 0, -HEIGHT, WIDTH, HEIGHT), (0, -WIDTH, HEIGHT, 0, 0, WIDTH)],
)
def test_images_placed_in_a_quarter_turn(tmp_path: Path, matrix: tuple[float, ...]) -> None:
    path = scan_pdf(tmp_path / "scan.pdf", SHEET)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        name = next(iter(page.obj.Resources.XObject.keys()))
        size = (HEIGHT, WIDTH) if matrix[0] == 0 else (WIDTH, HEIGHT)
        page.mediabox = pikepdf.Array([0, 0, *size])
        page.Contents = pdf.make_stream(f"q {' '.join(f'{m:.4f}' for m in matrix)} cm {name} Do Q".encode())
        pdf.save(path)

    assert_exact(path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("/Decode", pikepdf.Array([0.2, 0.8])),
        ("/ImageMask", True),
        ("/Mask", pikepdf.Array([0, 10])),
        ("/ColorSpace", pikepdf.Name.DeviceCMYK),
        ("/BitsPerComponent", 4),
    ],
)
def test_images_that_only_a_renderer_gets_right_are_left_to_it(tmp_path: Path, key: str, value: object) -> None:
    path = edit(scan_pdf(tmp_path / "scan.pdf", SHEET), key, value)

    assert taken(path) is None


@pytest.mark.parametrize(
    "content",
    [
        b"q 600 0 0 790 0 0 cm /Im0 Do Q BT /F1 12 Tf (stamp) Tj ET",
        b"q 600 0 0 790 0 0 cm /Im0 Do Q 0 0 50 50 re f",
        b"q 600 0 0 790 0 0 cm /Im0 Do Q q 60 0 0 79 0 0 cm /Im0 Do Q",
        b"q 600 20 -20 790 0 0 cm /Im0 Do Q",
        b"q -600 0 0 790 600 0 cm /Im0 Do Q",
        b"q 100 0 0 90 0 0 cm /Im0 Do Q",
        b"q 900 0 0 1190 -100 -100 cm /Im0 Do Q",
        b"q 0 0 300 300 re W n 600 0 0 790 0 0 cm /Im0 Do Q",
    ],
    ids=["text", "box", "two images", "tilted", "mirrored", "logo", "cropped", "clipped"],
)
def test_pages_that_show_more_or_less_than_the_image_are_rendered(tmp_path: Path, content: bytes) -> None:
    path = scan_pdf(tmp_path / "scan.pdf", SHEET)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        name = next(iter(page.obj.Resources.XObject.keys()))
        page.Contents = pdf.make_stream(content.replace(b"/Im0", name.encode()))
        pdf.save(path)

    assert taken(path) is None


def test_an_invisible_text_layer_is_ignored(tmp_path: Path) -> None:
    path = scan_pdf(tmp_path / "scan.pdf", SHEET)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].contents_add(b"BT 3 Tr /F1 12 Tf 72 700 Td (recognised by a scanner) Tj ET")
        pdf.save(path)

    assert_exact(path)


def test_an_annotation_that_shows_forces_rendering(tmp_path: Path) -> None:
    path = scan_pdf(tmp_path / "scan.pdf", SHEET)
    stamp = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=[0, 0, 50, 50])

    edit(path, "/Annots", pikepdf.Array([stamp]), on="page")

    assert taken(path) is None
