"""Calls zxing-cpp, the first barcode reader, and tells its results in our words."""

from enum import Enum

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from worker.domain.reading import Barcode, Box
from worker.ocr.barcodes_payload import clean_payload

_F = zxingcpp.BarcodeFormat


class Formats(Enum):
    """Which symbologies to look for: fewer are faster."""

    LINEAR = (_F.Code128, _F.Code39)
    MATRIX = (_F.QRCode, _F.DataMatrix, _F.PDF417)
    ALL = (_F.Code128, _F.Code39, _F.QRCode, _F.DataMatrix, _F.PDF417)


def read_zxing(
    pixels: NDArray[np.uint8], formats: Formats = Formats.ALL, *, is_thorough: bool = True
) -> tuple[Barcode, ...]:
    """The symbols that zxing-cpp reads without error on `pixels` (H, W; grey).

    Thorough: also smaller, inverted and lying on their side.
    """
    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(pixels),
        formats=formats.value,
        try_rotate=is_thorough,
        try_downscale=is_thorough,
        try_invert=is_thorough,
        text_mode=zxingcpp.TextMode.Plain,
    )
    barcodes = ((clean_payload(b.text), b) for b in found if b.valid)
    return tuple(
        Barcode(payload, str(b.symbology).replace(" ", ""), _box(b.position), "zxing")
        for payload, b in barcodes
        if payload
    )


def _box(position: "zxingcpp.Position") -> Box:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    xs, ys = [int(c.x) for c in corners], [int(c.y) for c in corners]
    left, top = max(0, min(xs)), max(0, min(ys))
    return Box(left, top, max(1, max(xs) - left), max(1, max(ys) - top))
