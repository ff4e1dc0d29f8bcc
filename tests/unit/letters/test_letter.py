"""The request letter: complete, the same every time, and never wider than its page."""

from dataclasses import replace

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from numpy.typing import NDArray

from worker.domain.request import Request
from worker.letters import Payer, render_letter


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return str(document[0].get_textpage().get_text_range())


def raster(pdf: bytes, dpi: int) -> NDArray[np.uint8]:
    document = pypdfium2.PdfDocument(pdf)
    pixels: NDArray[np.uint8] = document[0].render(scale=dpi / 72, grayscale=True).to_numpy()
    return np.ascontiguousarray(pixels.reshape(pixels.shape[:2]))


def symbols(pdf: bytes, dpi: int = 200) -> dict[str, str]:
    found = zxingcpp.read_barcodes(raster(pdf, dpi))
    return {item.format.name: item.text for item in found}


def test_every_field_of_the_request_is_on_the_page(request_row: Request, payer: Payer) -> None:
    pdf = render_letter(request_row, payer)

    text = text_of(pdf)

    for value in (
        "MRR-4820193",
        "826439859742",
        "Beatriz Okonkwo",
        "H78227425",
        "03/04/1951",
        "08/23/2025 - 08/26/2025",
        "Cedar Fork Family Practice",
        "NPI 1252914290",
        "October 29, 2026",
        "11/28/2031",
        "Cardinal Health Plan",
        "866-555-0155",
        "800-555-0185",
    ):
        assert value in text


def test_asked_records_replace_the_standard_ones(request_row: Request, payer: Payer) -> None:
    pdf = render_letter(request_row, payer, asked=("Dialysis run sheets",))

    text = text_of(pdf)

    assert "Dialysis run sheets" in text
    assert "Discharge summary" not in text


def test_both_symbols_hold_the_request_id(request_row: Request, payer: Payer) -> None:
    pdf = render_letter(request_row, payer)

    found = symbols(pdf)

    assert found == {"Code128": "MRR-4820193", "QRCode": "MRR-4820193"}


def test_the_same_request_gives_the_same_bytes(request_row: Request, payer: Payer) -> None:
    first = render_letter(request_row, payer)

    second = render_letter(request_row, payer)

    assert first == second


def test_the_narrowest_bar_has_thirty_mils(request_row: Request, payer: Payer) -> None:
    page = raster(render_letter(request_row, payer), 1000)
    code = zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.Code128))[0]

    row = page[(code.position.top_left.y + code.position.bottom_left.y) // 2] < 128
    edges = np.flatnonzero(np.diff(row.astype(np.int8)))

    assert np.diff(edges).min() >= 29


def test_long_ids_and_names_stay_on_the_page(request_row: Request, payer: Payer) -> None:
    long = replace(
        request_row,
        request_id="MRR-2026-0000012345678",
        member_last_name="Wolfeschlegelsteinhausen-Bergerdorff-Featherstonehaugh",
        provider_name="The Regional Medical Center of the Upper Valley and all its Surrounding Townships, Inc.",
        claim_number="8" * 60,
    )

    page = raster(render_letter(long, payer), 100)

    assert page.shape == (1100, 850)
    assert page[:, :25].min() == 255
    assert page[:, -25:].min() == 255
    assert page[-25:].min() == 255


def test_an_id_too_long_for_a_fax_keeps_the_square_symbol_alone(request_row: Request, payer: Payer) -> None:
    long = replace(request_row, request_id="REQUEST-FOR-RECORDS-2026-ABCDEFGHIJ")

    found = symbols(render_letter(long, payer))

    assert found == {"QRCode": "REQUEST-FOR-RECORDS-2026-ABCDEFGHIJ"}


@pytest.mark.parametrize("request_id", ["X1", "20261234567", "RQ/77.001-K"])
def test_ids_of_any_format_are_read_back(request_row: Request, payer: Payer, request_id: str) -> None:
    pdf = render_letter(replace(request_row, request_id=request_id), payer)

    found = symbols(pdf)

    assert set(found.values()) == {request_id}


def test_markup_in_a_name_is_printed_as_it_stands(request_row: Request, payer: Payer) -> None:
    sly = replace(request_row, member_last_name="<b>Bold</b> &amp;")

    text = text_of(render_letter(sly, payer))

    assert "<b>Bold</b> &amp;" in text
