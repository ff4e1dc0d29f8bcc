"""Channels: resolution, the sender's line, pages turned."""

import random
from io import BytesIO

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageSequence

from bench.drawing.channels import FAX_WIDTH, PAINTS, Call, Side, send, tagged_dpi
from bench.drawing.sheet import Face, Sheet
from bench.drawing.symbols import Symbol, stamp
from bench.drawing.wear import LEVELS

CALL = Call("11/03/2026 07:42", "Orchard Park Community Hospital", "(502) 555-0143")
CLEAN = LEVELS["clean"]


def sheet() -> Sheet:
    made = Sheet()
    made.line("Request for records", Face("Liberation Sans", 14))
    stamp(made, 100, 200, Symbol("MRR-4820193", "qr", 50))
    return made


@pytest.mark.parametrize(
    ("channel", "size"),
    [
        ("fax_std", (1728, 1078)),
        ("fax_fine", (1728, 2156)),
        ("scan_200", (1700, 2200)),
        ("scan_300", (2550, 3300)),
        ("scan_gray", (1700, 2200)),
    ],
)
def test_a_page_has_the_pixels_of_its_channel(channel: str, size: tuple[int, int]) -> None:
    raster = PAINTS[channel](Side(sheet()), CLEAN, random.Random(1))

    rows, columns = raster.pixels.shape

    assert (columns, rows) == size


def test_a_sheet_fed_sideways_is_made_to_fit_the_fax() -> None:
    raster = PAINTS["fax_fine"](Side(sheet(), 90), CLEAN, random.Random(1))

    found = zxingcpp.read_barcodes(raster.pixels)

    assert raster.pixels.shape[1] == FAX_WIDTH
    assert raster.pixels.shape[0] < 1400
    assert [item.text for item in found] == ["MRR-4820193"]


def test_every_fax_page_has_the_line_of_its_sender() -> None:
    data, suffix = send([Side(sheet())] * 3, "fax_fine", CLEAN, CALL, random.Random(4))

    frames = [np.asarray(frame.convert("L")) for frame in ImageSequence.Iterator(Image.open(BytesIO(data)))]

    assert suffix == ".tif"
    assert all((frame[:39] == 0).sum() > 500 for frame in frames)
    assert CALL.line(2, 3).startswith("11/03/2026 07:42  Orchard Park Communi  ")
    assert CALL.line(2, 3).endswith("P.002/003")


def test_the_line_of_the_sender_stays_upright_on_a_turned_page() -> None:
    upright, _ = send([Side(sheet())], "fax_fine", CLEAN, CALL, random.Random(4))

    turned, _ = send([Side(sheet(), 180)], "fax_fine", CLEAN, CALL, random.Random(4))

    one, two = (np.asarray(Image.open(BytesIO(data)).convert("L")) for data in (upright, turned))
    assert (one[:39] != two[:39]).mean() < 0.01
    assert (one[39:1000] != two[39:1000]).mean() > 0.001


def test_a_digital_page_says_how_it_is_turned() -> None:
    data, suffix = send([Side(sheet(), 90), Side(sheet())], "pdf_digital", CLEAN, CALL, random.Random(4))

    document = pypdfium2.PdfDocument(data)

    assert suffix == ".pdf"
    assert [document[i].get_rotation() for i in range(2)] == [90, 0]
    assert "Request for records" in document[0].get_textpage().get_text_range()


@pytest.mark.parametrize("channel", [*PAINTS, "pdf_digital"])
def test_the_same_luck_gives_the_same_bytes(channel: str) -> None:
    sides = [Side(sheet()), Side(sheet(), 180)]

    one, two = (send(sides, channel, LEVELS["poor"], CALL, random.Random(9)) for _ in range(2))

    assert one == two


def test_some_files_keep_silent_about_their_resolution() -> None:
    rng = random.Random(1)

    said = [tagged_dpi((204, 98), rng) for _ in range(400)]

    assert 5 < said.count((0, 0)) < 40
    assert said.count((204, 98)) > 340
