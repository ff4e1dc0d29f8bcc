"""Containers for worn pages: TIFF of every fax dialect, PDF around G4 or JPEG images."""

import random
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import img2pdf
import pikepdf
from PIL import Image

from bench.drawing.sheet import HEIGHT, WIDTH, Bits

T4_OPTIONS = 292
FILL_ORDER = 266
PHOTOMETRIC = 262


@dataclass(frozen=True, slots=True)
class Raster:
    """A worn page: pixels (0 ink, 255 paper) and the dpi (across, down) in the file, (0, 0) for no word of it."""

    pixels: Bits
    dpi: tuple[int, int]


def draw_tags(rng: random.Random) -> dict[int, int]:
    """Bit order, polarity and coding that a machine happens to use."""
    return {
        FILL_ORDER: rng.choice((1, 1, 2)),
        PHOTOMETRIC: rng.choice((0, 0, 1)),
        T4_OPTIONS: rng.choice((0, 0, 1)),
    }


def tiff(rasters: Sequence[Raster], compression: str, tags: dict[int, int]) -> bytes:
    """A bitonal multi-page TIFF. `compression` is group3 (1-D or, with T4Options 1, 2-D) or group4."""
    own = {T4_OPTIONS, PHOTOMETRIC} if compression == "group4" else {PHOTOMETRIC}
    info = {key: value for key, value in tags.items() if key not in own}
    is_inverted = tags.get(PHOTOMETRIC, 1) == 0
    pages = [_bilevel(raster.pixels, inverted=is_inverted) for raster in rasters]
    buffer = BytesIO()
    pages[0].save(
        buffer,
        "TIFF",
        save_all=True,
        append_images=pages[1:],
        compression=compression,
        tiffinfo=info,
        **({"dpi": rasters[0].dpi} if rasters[0].dpi[0] else {}),
    )
    return _declared_min_is_white(buffer.getvalue()) if is_inverted else buffer.getvalue()


def _bilevel(pixels: Bits, *, inverted: bool) -> Image.Image:
    grey = Image.fromarray(255 - pixels if inverted else pixels)
    return grey.convert("1", dither=Image.Dither.NONE)


def _declared_min_is_white(data: bytes) -> bytes:
    """A little-endian TIFF whose directories all say that zero is paper.

    Pillow writes this polarity itself, but turns the pixels one by one: 0.3 s a page.
    """
    out = bytearray(data)
    (at,) = struct.unpack_from("<I", out, 4)
    while at:
        (count,) = struct.unpack_from("<H", out, at)
        for entry in range(at + 2, at + 2 + 12 * count, 12):
            if struct.unpack_from("<H", out, entry)[0] == PHOTOMETRIC:
                struct.pack_into("<H", out, entry + 8, 0)
        (at,) = struct.unpack_from("<I", out, at + 2 + 12 * count)
    return bytes(out)


def bitonal_pdf(rasters: Sequence[Raster]) -> bytes:
    """A PDF with one G4 image a page, as a scanner writes it."""
    return _pdf([tiff([raster], "group4", {}) for raster in rasters])


def grey_pdf(rasters: Sequence[Raster], quality: int, *, coloured: bool = False) -> bytes:
    """A PDF with one JPEG a page, in colour for scanners that were left so."""
    images = []
    for raster in rasters:
        buffer = BytesIO()
        image = Image.fromarray(raster.pixels).convert("RGB" if coloured else "L")
        image.save(buffer, "JPEG", quality=quality, dpi=raster.dpi)
        images.append(buffer.getvalue())
    return _pdf(images)


def grey_tiff(rasters: Sequence[Raster], quality: int) -> bytes:
    """A multi-page TIFF with grey JPEG pages."""
    pages = [Image.fromarray(raster.pixels) for raster in rasters]
    buffer = BytesIO()
    pages[0].save(
        buffer,
        "TIFF",
        save_all=True,
        append_images=pages[1:],
        compression="jpeg",
        quality=quality,
        dpi=rasters[0].dpi,
    )
    return buffer.getvalue()


def declare_turns(pdf: bytes, turns: Sequence[int]) -> bytes:
    """The PDF with its pages shown turned clockwise by these degrees."""
    return _turned(pdf, turns) if any(turns) else pdf


def _turned(pdf: bytes, turns: Sequence[int]) -> bytes:
    """Saved anew with an id that follows from the content: img2pdf takes one from the clock."""
    buffer = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        for page, turn in zip(document.pages, turns, strict=True):
            if turn:
                page.Rotate = turn
        if "/ID" in document.trailer:
            del document.trailer["/ID"]
        document.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def _pdf(images: list[bytes]) -> bytes:
    layout = img2pdf.get_layout_fun((WIDTH, HEIGHT), fit=img2pdf.FitMode.into, auto_orient=True)
    made: bytes = img2pdf.convert(images, layout_fun=layout, nodate=True)
    return _turned(made, [0] * len(images))
