"""A picture as one PDF page: the image stream, how large it is on paper, how it is turned."""

import io
import logging
import zlib
from dataclasses import dataclass
from typing import cast

import img2pdf
import pikepdf
from PIL import Image, TiffImagePlugin

from worker.filing.copy import CopyMethod
from worker.filing.page_size import Dpi, page_size

# img2pdf warns of every transparent image, on stderr where nobody asked: soft masks are what we want.
logging.getLogger("img2pdf").setLevel(logging.ERROR)

#: Orientation tag (TIFF 6.0 and EXIF, 274) -> where the image's unit square goes on a page of 1 by 1.
ORIENTATIONS = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """An image XObject of `width` by `height` pixels; `orientation` as the tag counts, 1 is upright."""

    stream: pikepdf.Stream
    width: int
    height: int
    dpi: Dpi | None
    is_bilevel: bool
    method: CopyMethod
    orientation: int = 1


def add_picture_page(pdf: pikepdf.Pdf, picture: Picture, rotation: int) -> None:
    """Append a page that is exactly this picture, turned by `rotation` degrees clockwise with /Rotate."""
    wide, high = page_size(picture.width, picture.height, picture.dpi, is_bilevel=picture.is_bilevel)
    if picture.orientation >= 5:
        wide, high = high, wide
    a, b, c, d, e, f = ORIENTATIONS.get(picture.orientation, ORIENTATIONS[1])
    matrix = [a * wide, b * high, c * wide, d * high, e * wide, f * high]
    drawing = "q " + " ".join(f"{value:.4f}" for value in matrix) + " cm /Im0 Do Q"
    page = pdf.add_blank_page(page_size=(round(wide, 4), round(high, 4)))
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture.stream))
    page.obj.Contents = pdf.make_stream(drawing.encode("ascii"))
    page.obj.Rotate = rotation % 360


def decoded_stream(pdf: pikepdf.Pdf, image: Image.Image) -> tuple[pikepdf.Stream, CopyMethod]:
    """The pixels of an image as a lossless stream: G4 for black and white, else Flate.

    Modes that a PDF does not know are converted to RGB; they come back as RENDERED.
    """
    if image.mode == "1":
        return ccitt_stream(pdf, *_encode_g4(image), image.size), CopyMethod.RECODED
    if image.mode == "CMYK":
        return _cmyk_stream(pdf, image), CopyMethod.RECODED
    if image.mode in {"L", "RGB", "P", "I;16", "LA", "RGBA"}:
        return png_stream(pdf, image), CopyMethod.RECODED
    return png_stream(pdf, image.convert("RGB")), CopyMethod.RENDERED


def png_stream(pdf: pikepdf.Pdf, image: Image.Image) -> pikepdf.Stream:
    """Flate with PNG prediction; 16 bits, palettes and soft masks stay what they are."""
    png = io.BytesIO()
    image.save(png, format="PNG", compress_level=4)
    return embedded_stream(pdf, png.getvalue())


def embedded_stream(pdf: pikepdf.Pdf, file: bytes) -> pikepdf.Stream:
    """The first image of a PNG or JPEG file as img2pdf embeds it: without decoding where PDF allows."""
    single = img2pdf.convert(file, rotation=img2pdf.Rotation.none, first_frame_only=True, nodate=True)
    with pikepdf.open(io.BytesIO(single)) as source:
        image = next(iter(source.pages[0].Resources.XObject.values()))
        return cast(pikepdf.Stream, pdf.copy_foreign(image))


def ccitt_stream(pdf: pikepdf.Pdf, data: bytes, is_white_one: bool, size: tuple[int, int]) -> pikepdf.Stream:
    """Group 4 data as it is (ITU-T T.6, most significant bit first). `is_white_one`: TIFF's BlackIsZero."""
    parameters = pikepdf.Dictionary(K=-1, Columns=size[0], Rows=size[1], BlackIs1=is_white_one)
    return image_stream(
        pdf, data, size, ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=1,
        Filter=pikepdf.Name.CCITTFaxDecode, DecodeParms=parameters,
    )  # fmt: skip


def image_stream(
    pdf: pikepdf.Pdf, data: bytes, size: tuple[int, int], **entries: pikepdf.Object | int
) -> pikepdf.Stream:
    """An image XObject whose `data` is already coded as the entries say."""
    return pikepdf.Stream(
        pdf, data, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image,
        Width=size[0], Height=size[1], **entries,
    )  # fmt: skip


def _encode_g4(image: Image.Image) -> tuple[bytes, bool]:
    """One strip of G4, and whether ones are white."""
    file = io.BytesIO()
    plain = image.copy()  # without the tags of the TIFF it came from: Pillow would carry FillOrder 2 over
    plain.save(file, format="TIFF", compression="group4", tiffinfo={TiffImagePlugin.ROWSPERSTRIP: image.height})
    with Image.open(file) as coded:
        assert isinstance(coded, TiffImagePlugin.TiffImageFile)
        tags = coded.tag_v2
        (offset,), (length,) = tags[TiffImagePlugin.STRIPOFFSETS], tags[TiffImagePlugin.STRIPBYTECOUNTS]
        is_white_one = tags[TiffImagePlugin.PHOTOMETRIC_INTERPRETATION] == 1
    return file.getvalue()[offset : offset + length], is_white_one


def _cmyk_stream(pdf: pikepdf.Pdf, image: Image.Image) -> pikepdf.Stream:
    return image_stream(
        pdf, zlib.compress(image.tobytes(), 4), image.size, ColorSpace=pikepdf.Name.DeviceCMYK,
        BitsPerComponent=8, Filter=pikepdf.Name.FlateDecode,
    )  # fmt: skip
