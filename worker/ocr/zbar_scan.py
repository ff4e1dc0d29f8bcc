"""The call of ZBar itself. Runs in a child process (worker.ocr.zbar), never in the worker: ZBar may abort."""

import numpy as np
from numpy.typing import NDArray
from pyzbar import pyzbar

from worker.domain.reading import Barcode, Box
from worker.ocr.barcodes_payload import clean_payload

#: pyzbar cannot read Data Matrix; ZBar's PDF417 decoder is unfinished and left out.
SYMBOLOGIES = {
    pyzbar.ZBarSymbol.CODE128: "Code128",
    pyzbar.ZBarSymbol.CODE39: "Code39",
    pyzbar.ZBarSymbol.QRCODE: "QRCode",
}
NAMES = {symbol.name: name for symbol, name in SYMBOLOGIES.items()}


def scan(pixels: NDArray[np.uint8]) -> tuple[Barcode, ...]:
    """The symbols that ZBar reads on `pixels` (H, W; grey, 0 is ink)."""
    barcodes = []
    for found in pyzbar.decode(pixels, symbols=list(SYMBOLOGIES)):
        payload = clean_payload(_text(found.data))
        if payload and found.type in NAMES:
            rect = found.rect
            box = Box(rect.left, rect.top, max(1, rect.width), max(1, rect.height))
            barcodes.append(Barcode(payload, NAMES[found.type], box, "zbar"))
    return tuple(barcodes)


def _text(data: bytes) -> str:
    """UTF-8 where it is that, else one character a byte: a binary payload is no error."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
