"""Barcodes as pictures on a sheet: sizes in mils a module, any of four turns, whole or damaged."""

import random
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import zxingcpp

from bench.drawing.sheet import Bits, Face, Picture, Sheet

MIL = 72.0 / 1000.0  # points

#: Symbology -> its zxing-cpp format.
FORMATS = {
    "code128": zxingcpp.BarcodeFormat.Code128,
    "code39": zxingcpp.BarcodeFormat.Code39,
    "qr": zxingcpp.BarcodeFormat.QRCode,
    "datamatrix": zxingcpp.BarcodeFormat.DataMatrix,
    "pdf417": zxingcpp.BarcodeFormat.PDF417,
    "itf": zxingcpp.BarcodeFormat.ITF,
}
LINEAR = ("code128", "code39", "itf")


@dataclass(frozen=True, slots=True)
class Symbol:
    """A barcode to print: `mils` a module, `height` in points for linear ones, `turns` quarter turns."""

    payload: str
    symbology: str
    mils: float = 30.0
    height: float = 40.0
    turns: int = 0
    caption: bool = True


@lru_cache(maxsize=4096)
def modules(payload: str, symbology: str) -> Bits:
    """The symbol, one pixel a module (one row for linear symbols), 0 is ink."""
    made = zxingcpp.create_barcode(payload, FORMATS[symbology])
    bits = np.array(made.to_image(scale=1, add_quiet_zones=False), np.uint8)
    return bits[:1] if symbology in LINEAR else bits


def extent(symbol: Symbol) -> tuple[float, float]:
    """Width and height in points, turned as printed, without the caption."""
    bits = modules(symbol.payload, symbol.symbology)
    pitch = symbol.mils * MIL
    wide = bits.shape[1] * pitch
    high = symbol.height if symbol.symbology in LINEAR else bits.shape[0] * pitch
    return (high, wide) if symbol.turns % 2 else (wide, high)


def stamp(sheet: Sheet, x: float, y: float, symbol: Symbol, face: Face | None = None) -> None:
    """Print a symbol with its top left corner at (x, y), and the payload below it where wanted."""
    bits = np.rot90(modules(symbol.payload, symbol.symbology), symbol.turns).copy()
    wide, high = extent(symbol)
    sheet.marks.append(Picture(x, y, wide, high, bits))
    if face and symbol.caption:
        sheet.words(x + max(0.0, (wide - face.width(symbol.payload)) / 2), y + high + face.line, symbol.payload, face)


def damage(sheet: Sheet, x: float, y: float, symbol: Symbol, rng: random.Random) -> None:
    """Scratch a printed symbol so that no reader can read it: along the bars, or through the modules."""
    wide, high = extent(symbol)
    if symbol.symbology in LINEAR and not symbol.turns % 2:
        for _ in range(3):
            sheet.block(x + wide * rng.uniform(0.1, 0.85), y - 2, wide * 0.04, high + 4, rng.choice((0, 255)))
    else:
        sheet.block(x - 2, y + high * 0.25, wide + 4, high * rng.uniform(0.35, 0.5), rng.choice((0, 255)))
        sheet.block(x + wide * 0.3, y - 2, wide * 0.3, high + 4, 255)
