"""ZBar reads in a child of its own; its crash costs one crop's second opinion, and only that."""

import os
import signal
import time

import numpy as np
import pytest

from tests.builders import barcode_pages as draw
from worker.ocr.zbar import ZBar, second_opinion
from worker.ocr.zbar_scan import scan


def crop_with(payload: str, symbology: str) -> draw.Pixels:
    symbol = draw.draw_symbol(payload, symbology)
    return draw.place(np.full((400, 900), 255, np.uint8), symbol, 60, 60)


@pytest.mark.parametrize("symbology", ["Code128", "Code39", "QRCode"])
def test_what_zbar_reads(symbology: str) -> None:
    with ZBar() as zbar:
        (barcode,) = zbar(crop_with("HMR-77", symbology))

    assert (barcode.payload, barcode.symbology, barcode.reader) == ("HMR-77", symbology, "zbar")
    assert abs(barcode.box.left - 60) < 15


def test_a_crash_costs_one_crop() -> None:
    with ZBar() as zbar:
        before = zbar(crop_with("FIRST", "Code128"))
        pid = zbar.pid
        assert pid is not None
        os.kill(pid, signal.SIGABRT)
        during = zbar(crop_with("SECOND", "Code128"))
        after = zbar(crop_with("THIRD", "Code128"))

    assert [b.payload for b in before] == ["FIRST"]
    assert during == ()
    assert [b.payload for b in after] == ["THIRD"]
    assert zbar.lost == 1


def test_one_process_serves_all_crops_quickly() -> None:
    crop = crop_with("SAME", "QRCode")
    second_opinion(crop)
    before = time.monotonic()

    found = [second_opinion(crop) for _ in range(10)]

    assert all(barcodes[0].payload == "SAME" for barcodes in found)
    assert time.monotonic() - before < 2


def test_binary_payloads_do_not_raise() -> None:
    symbol = draw.draw_symbol(bytes([0, 255, 254, 65, 66, 67]), "QRCode")
    page = draw.place(np.full((400, 400), 255, np.uint8), symbol, 60, 60)

    found = scan(page)

    assert all(barcode.payload.isprintable() for barcode in found)
    assert "ABC" in found[0].payload
