"""Draws pages with barcodes and spoils them as faxes and scanners do; the same arguments give the same page."""

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

FORMATS = {
    "Code128": zxingcpp.BarcodeFormat.Code128,
    "Code39": zxingcpp.BarcodeFormat.Code39,
    "QRCode": zxingcpp.BarcodeFormat.QRCode,
    "DataMatrix": zxingcpp.BarcodeFormat.DataMatrix,
    "PDF417": zxingcpp.BarcodeFormat.PDF417,
}
LINEAR = ("Code128", "Code39")


def draw_symbol(payload: str | bytes, symbology: str, *, module: int = 4, height: int = 80) -> Pixels:
    """The symbol without quiet zone, `module` pixels a module."""
    bits = np.array(zxingcpp.create_barcode(payload, FORMATS[symbology]).to_image(scale=1, add_quiet_zones=False))
    if symbology in LINEAR:
        bits = np.repeat(bits[:1], max(1, height // module), axis=0)
    return np.kron(bits, np.ones((module, module), np.uint8)).astype(np.uint8)


def text_page(*, seed: int = 1, height: int = 1100, width: int = 1728) -> Pixels:
    """A page full of lines of print, at about 200 dpi."""
    page = np.full((height, width), 255, np.uint8)
    rng = np.random.default_rng(seed)
    for y in range(60, height - 40, 34):
        words = " ".join("".join(rng.choice(list("aenorstuicld"), rng.integers(2, 10))) for _ in range(14))
        cv2.putText(page, words, (110, y), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0,), 2)
    return page


def place(page: Pixels, symbol: Pixels, left: int, top: int, *, quiet: int = 40) -> Pixels:
    """The page with the symbol and its quiet zone pasted at (left, top)."""
    out = page.copy()
    high, wide = symbol.shape
    out[max(0, top - quiet) : top + high + quiet, max(0, left - quiet) : left + wide + quiet] = 255
    out[top : top + high, left : left + wide] = symbol
    return out


def skew(page: Pixels, degrees: float) -> Pixels:
    """The page turned by a small angle around its middle, bitonal again."""
    high, wide = page.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    turned = cv2.warpAffine(page, turn, (wide, high), borderValue=(255.0,))
    return np.where(turned < 128, 0, 255).astype(np.uint8)


def standard_resolution(page: Pixels) -> Pixels:
    """What a 204x98 fax leaves of it, stretched to square pixels again."""
    return np.repeat(page[::2], 2, axis=0)[: page.shape[0]]


def salt_and_pepper(page: Pixels, share: float, *, seed: int = 3) -> Pixels:
    """A share of the pixels turned black or white."""
    noise = np.random.default_rng(seed).random(page.shape)
    return np.where(noise < share / 2, 0, np.where(noise > 1 - share / 2, 255, page)).astype(np.uint8)


def burst_lines(page: Pixels, top: int, bottom: int, *, every: int = 14, seed: int = 4) -> Pixels:
    """Rows lost to line noise between two rows: black runs, repeated rows."""
    out = page.copy()
    rng = np.random.default_rng(seed)
    for row in range(top, bottom, every):
        at = int(rng.integers(0, page.shape[1] // 2))
        out[row, at : at + 700] = 0
        out[row + 3] = out[row + 4]
    return out


def faint(page: Pixels, share: float, *, seed: int = 5) -> Pixels:
    """A share of the ink did not print."""
    lost = np.random.default_rng(seed).random(page.shape) < share
    return np.where(lost, 255, page).astype(np.uint8)


def specks(page: Pixels, count: int, *, seed: int = 6) -> Pixels:
    """Dirt of up to three pixels, anywhere."""
    out = page.copy()
    rng = np.random.default_rng(seed)
    for _ in range(count):
        y, x, size = int(rng.integers(page.shape[0])), int(rng.integers(page.shape[1])), int(rng.integers(1, 4))
        out[y : y + size, x : x + size] = 0
    return out
