"""A letter printed, faxed at standard resolution through a bad line, and read again."""

from dataclasses import replace

import cv2
import numpy as np
import pypdfium2
import pytest
import zxingcpp
from numpy.typing import NDArray

from worker.domain.request import Request
from worker.letters import Payer, render_letter

Pixels = NDArray[np.uint8]
FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode])


def faxed(pdf: bytes, seed: int, *, burst_at: float) -> Pixels:
    """A standard-resolution fax: 204 by 98 dpi, one bit, 2 degrees of skew, 1 % specks, a burst of 8 rows lost.

    `burst_at` is where the burst hits, as a share of the height. Gives square pixels again.
    """
    luck = np.random.default_rng(seed)
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=204 / 72, grayscale=True).to_numpy()
    page = page.reshape(page.shape[:2])
    high, wide = page.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), 2.0 if seed % 2 else -2.0, 1.0)
    page = cv2.warpAffine(page, turn, (wide, high), borderValue=255)
    page = cv2.resize(page, (1728, round(high * 98 / 204)), interpolation=cv2.INTER_AREA)
    bits = np.where(np.asarray(page) < 150, 0, 255).astype(np.uint8)
    specks = luck.random(bits.shape) < 0.01
    bits[specks] = np.where(luck.random(int(specks.sum())) < 0.5, 0, 255)
    start = int(burst_at * bits.shape[0])
    bits = np.delete(bits, slice(start, start + 8), axis=0)
    square = cv2.resize(bits, (1728, round(bits.shape[0] * 204 / 98)), interpolation=cv2.INTER_NEAREST)
    return np.asarray(square, np.uint8)


def read(page: Pixels) -> dict[str, str]:
    """Symbols by format, as the cascade reads them: raw, then after a 3x3 median."""
    found: dict[str, str] = {}
    for image in (page, np.asarray(cv2.medianBlur(page, 3), np.uint8)):
        for item in zxingcpp.read_barcodes(image, formats=FORMATS):
            found.setdefault(item.format.name, item.text)
    return found


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("request_id", ["20266771703", "MRR-4820193", "RQV29329597", "26-K-7943498"])
def test_both_symbols_survive_when_the_burst_hits_the_text(
    request_row: Request, payer: Payer, request_id: str, seed: int
) -> None:
    pdf = render_letter(replace(request_row, request_id=request_id), payer)

    found = read(faxed(pdf, seed, burst_at=0.4 + seed / 20))

    assert found == {"Code128": request_id, "QRCode": request_id}


@pytest.mark.parametrize("burst_at", [0.05, 0.08, 0.11, 0.14, 0.16, 0.18])
def test_one_symbol_survives_wherever_the_burst_hits(request_row: Request, payer: Payer, burst_at: float) -> None:
    pdf = render_letter(request_row, payer)

    found = read(faxed(pdf, 3, burst_at=burst_at))

    assert "MRR-4820193" in found.values()
    assert set(found.values()) == {"MRR-4820193"}
