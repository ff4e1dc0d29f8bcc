"""A PNG or JPEG file as a picture: the coded data as it is, else what can be decoded of it."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import img2pdf
import pikepdf
from PIL import Image, ImageFile

from worker.filing.copy import BROKEN, CannotCopyError, CopyMethod
from worker.filing.decoded import white_below_damage
from worker.filing.page_size import Dpi
from worker.filing.picture import Picture, embedded_stream, png_stream

FORMATS = ("PNG", "JPEG", "MPO")
ORIENTATION = 274
#: Where a PNG's header chunk says bits per sample, and whether rows are interlaced.
PNG_DEPTH, PNG_INTERLACE = 24, 28
REFUSED = (
    *BROKEN, AssertionError, pikepdf.PdfError, img2pdf.ImageOpenError, img2pdf.JpegColorspaceError,
    img2pdf.UnsupportedColorspaceError, img2pdf.NegativeDimensionError, img2pdf.PdfTooLargeError,
)  # fmt: skip


def embedded_picture(path: Path, pdf: pikepdf.Pdf, number: int) -> Picture:
    """The file's own data where a PDF can hold it: JPEG and most PNG are not decoded.

    `number` is 1: such a file has one page. Raises CannotCopyError.
    """
    _check_single(number)
    file = path.read_bytes()
    try:
        Image.open(io.BytesIO(file), formats=FORMATS).verify()  # img2pdf raises bare Exceptions on broken PNG
        with Image.open(io.BytesIO(file), formats=FORMATS) as image:
            stream = embedded_stream(pdf, file)
            return _picture(stream, image, _method(file, image))
    except REFUSED as error:
        raise CannotCopyError("the image cannot be embedded") from error


def damaged_picture(path: Path, pdf: pikepdf.Pdf, number: int) -> Picture:
    """The rows before the damage. Raises CannotCopyError."""
    _check_single(number)
    try:
        with _cut_off_images(), Image.open(path, formats=FORMATS) as image:
            image.load()
            shown = white_below_damage(image if image.mode in {"L", "RGB"} else image.convert("RGB"))
            if shown is None:
                raise CannotCopyError("no row can be decoded")
            return _picture(png_stream(pdf, shown), image, CopyMethod.RENDERED)
    except REFUSED as error:
        raise CannotCopyError("the image cannot be decoded") from error


@contextlib.contextmanager
def _cut_off_images() -> Iterator[None]:
    """Let Pillow give the rows before a cut. Its switch is global: other threads see it for the moment."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _check_single(number: int) -> None:
    if number != 1:
        raise CannotCopyError("an image file has one page")


def _picture(stream: pikepdf.Stream, image: Image.Image, method: CopyMethod) -> Picture:
    orientation = int(image.getexif().get(ORIENTATION, 1))
    dpi: Dpi | None = image.info.get("dpi")
    return Picture(stream, image.width, image.height, dpi, image.mode == "1", method, orientation)


def _method(file: bytes, image: Image.Image) -> CopyMethod:
    if image.format != "PNG":
        return CopyMethod.COPIED
    has_alpha = image.mode in {"LA", "RGBA", "PA"} or "transparency" in image.info
    if not has_alpha and not file[PNG_INTERLACE]:
        return CopyMethod.COPIED
    return CopyMethod.RENDERED if file[PNG_DEPTH] == 16 else CopyMethod.RECODED
