"""How a bundle reaches us: fax, scanner or born-digital file, each with its resolution, wear and container."""

import random
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw

from bench.drawing import wear
from bench.drawing.files import Raster, bitonal_pdf, declare_turns, draw_tags, grey_pdf, grey_tiff, tiff
from bench.drawing.fonts import pixel_font
from bench.drawing.paint import paint_grey, paint_pdf
from bench.drawing.sheet import Bits, Sheet
from bench.drawing.wear import Level

FAX_WIDTH = 1728


@dataclass(frozen=True, slots=True)
class Call:
    """What a sending machine prints above each page: when, its name cut at 20 characters, its number."""

    stamp: str
    name: str
    number: str

    def line(self, page: int, pages: int) -> str:
        """The line above one page."""
        return f"{self.stamp}  {self.name[:20]:20s}  {self.number}    P.{page:03d}/{pages:03d}"


@dataclass(frozen=True, slots=True)
class Side:
    """A sheet as it goes into the machine: `turn` is the clockwise turn in degrees it lies at."""

    sheet: Sheet
    turn: int = 0


Paint = Callable[[Side, Level, random.Random], Raster]


def _turned(page: Bits, turn: int) -> Bits:
    return np.ascontiguousarray(np.rot90(page, -turn // 90))


def _fax(rows_per_inch: int) -> Paint:
    def paint(side: Side, level: Level, rng: random.Random) -> Raster:
        page = wear.fade(_turned(paint_grey(side.sheet, 204), side.turn), level, rng)
        page = wear.lay_on_glass(page, level, rng)
        fits = min(1.0, 1734 / page.shape[1])  # a sheet fed sideways is made smaller by the machine
        high = round(page.shape[0] * fits * rows_per_inch / 204)
        page = page if fits == 1.0 else np.asarray(cv2.resize(page, (1734, page.shape[0])), np.uint8)
        wide = min(FAX_WIDTH, page.shape[1])
        small = cv2.resize(page[:, :wide], (wide, high), interpolation=cv2.INTER_AREA)
        page = np.pad(np.asarray(small, np.uint8), ((0, 0), (0, FAX_WIDTH - wide)), constant_values=255)
        bits = wear.blot(wear.to_bits(page, level, rng), level, rng)
        return Raster(bits, (204, rows_per_inch))

    return paint


def _scan(dpi: int) -> Paint:
    def paint(side: Side, level: Level, rng: random.Random) -> Raster:
        page = wear.fade(_turned(paint_grey(side.sheet, dpi), side.turn), level, rng)
        page = wear.to_bits(wear.lay_on_glass(page, level, rng), level, rng)
        bits = wear.streak(wear.sprinkle(wear.blot(page, level, rng), level, rng), level, rng)
        return Raster(bits, (dpi, dpi))

    return paint


def _grey(side: Side, level: Level, rng: random.Random) -> Raster:
    page = wear.fade(_turned(paint_grey(side.sheet, 200), side.turn), level, rng)
    page = wear.add_grain(wear.lay_on_glass(page, level, rng), level, rng)
    return Raster(wear.streak(page, level, rng), (200, 200))


PAINTS: dict[str, Paint] = {
    "fax_std": _fax(98),
    "fax_fine": _fax(196),
    "scan_200": _scan(200),
    "scan_300": _scan(300),
    "scan_gray": _grey,
}


def send(sides: list[Side], channel: str, level: Level, call: Call, rng: random.Random) -> tuple[bytes, str]:
    """A bundle sent through a channel: the bytes of a file and its suffix.

    Born-digital pages are turned by the file's own page rotation: nobody lays them on glass.
    """
    if channel == "pdf_digital":
        return declare_turns(paint_pdf([side.sheet for side in sides]), [side.turn for side in sides]), ".pdf"
    rasters = [PAINTS[channel](side, level, rng) for side in sides]
    if channel.startswith("fax"):
        return _call_file(rasters, level, call, rng), ".tif"
    if channel == "scan_gray":
        return _grey_file(rasters, rng)
    if rng.random() < 0.5:
        return _bitonal_pdf(rasters, rng), ".pdf"
    return tiff(rasters, "group4", draw_tags(rng)), ".tif"


def _grey_file(rasters: list[Raster], rng: random.Random) -> tuple[bytes, str]:
    quality = rng.randint(55, 85)
    if rng.random() < 0.2:
        return grey_tiff(rasters, quality), ".tif"
    return grey_pdf(rasters, quality, coloured=rng.random() < 0.2), ".pdf"


def _bitonal_pdf(rasters: list[Raster], rng: random.Random) -> bytes:
    """Some scanners store every page upside down and say so in the PDF."""
    if rng.random() < 0.8:
        return bitonal_pdf(rasters)
    turned = [Raster(_turned(raster.pixels, 180), raster.dpi) for raster in rasters]
    return declare_turns(bitonal_pdf(turned), [180] * len(turned))


def _call_file(rasters: list[Raster], level: Level, call: Call, rng: random.Random) -> bytes:
    received = []
    dpi = tagged_dpi(rasters[0].dpi, rng)
    for number, raster in enumerate(rasters, 1):
        bits = with_sender_line(raster, call.line(number, len(rasters)))
        bits = wear.streak(wear.sprinkle(bits, level, rng), level, rng)
        received.append(Raster(wear.lose_rows(bits, level, rng), dpi))
    if level.burst and rng.random() < 0.04:
        received[-1] = Raster(wear.cut_off(received[-1].pixels, rng), dpi)
    compression = "group4" if rng.random() < 0.25 else "group3"
    return tiff(received, compression, draw_tags(rng))


def tagged_dpi(true: tuple[int, int], rng: random.Random) -> tuple[int, int]:
    """What the file says of its resolution: mostly the truth, now and then nothing (0, 0) or a wrong value."""
    luck = rng.random()
    if luck < 0.05:
        return 0, 0
    return (200, 200) if luck < 0.08 else true


def with_sender_line(raster: Raster, text: str) -> Bits:
    """The page with its machine's line on top: a strip of 5 mm more, never turned or skewed."""
    strip = Image.new("L", (FAX_WIDTH, 40), 255)
    ImageDraw.Draw(strip).text((60, 28), text, 0, pixel_font("DejaVu Sans Mono", 22), anchor="ls")
    squeezed = np.asarray(strip.resize((FAX_WIDTH, raster.dpi[1] // 5), Image.Resampling.BOX))
    bits = np.where(squeezed < 150, 0, 255).astype(np.uint8)
    return np.vstack([bits, raster.pixels])
