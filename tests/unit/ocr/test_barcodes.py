"""Barcodes are read at any angle, several a page and damaged; print, dirt and broken symbols give none."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import barcode_pages as draw
from worker.domain.reading import Barcode, Box
from worker.ocr.barcodes import find_barcodes
from worker.ocr.barcodes_merge import merge
from worker.ocr.barcodes_payload import clean_payload
from worker.ocr.barcodes_regions import find_regions

SYMBOLOGIES = sorted(draw.FORMATS)
PAYLOAD = "HMR-2036743"


def page_with(symbology: str, *, module: int = 4, left: int = 700, top: int = 400) -> draw.Pixels:
    symbol = draw.draw_symbol(PAYLOAD, symbology, module=module)
    return draw.place(draw.text_page(), symbol, left, top)


def payloads(barcodes: tuple[Barcode, ...]) -> list[str]:
    return [barcode.payload for barcode in barcodes]


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
def test_each_symbology_is_read_with_its_name_and_place(symbology: str) -> None:
    symbol = draw.draw_symbol(PAYLOAD, symbology)
    page = draw.place(draw.text_page(), symbol, 700, 400)

    (barcode,) = find_barcodes(page)

    assert (barcode.payload, barcode.symbology, barcode.reader) == (PAYLOAD, symbology, "zxing")
    assert abs(barcode.box.left - 700) < 20
    assert abs(barcode.box.top - 400) < 50
    assert abs(barcode.box.width - symbol.shape[1]) < 20


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_quarter_turns(symbology: str, turns: int) -> None:
    page = np.ascontiguousarray(np.rot90(page_with(symbology), turns))

    found = find_barcodes(page)

    assert payloads(found) == [PAYLOAD]


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
@pytest.mark.parametrize("degrees", [-45, -20, -5, 3, 33])
def test_any_angle(symbology: str, degrees: float) -> None:
    blank = np.full((1400, 1400), 255, np.uint8)
    page = draw.skew(draw.place(blank, draw.draw_symbol(PAYLOAD, symbology), 400, 600), degrees)

    found = find_barcodes(page)

    assert payloads(found) == [PAYLOAD]


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
@pytest.mark.parametrize("share", [0.01, 0.03])
def test_fax_noise(symbology: str, share: float) -> None:
    page = draw.salt_and_pepper(page_with(symbology), share)

    found = find_barcodes(page)

    assert payloads(found) == [PAYLOAD]


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
def test_a_skewed_fax_of_standard_resolution(symbology: str) -> None:
    page = draw.standard_resolution(draw.skew(page_with(symbology), 2.0))

    found = find_barcodes(page)

    assert payloads(found) == [PAYLOAD]


@pytest.mark.parametrize("symbology", ["Code128", "Code39", "PDF417"])
def test_lines_lost_in_the_call(symbology: str) -> None:
    page = draw.burst_lines(page_with(symbology), 380, 520)

    found = find_barcodes(page)

    assert payloads(found) == [PAYLOAD]


@pytest.mark.parametrize("symbology", ["Code128", "DataMatrix", "PDF417", "QRCode"])
def test_faint_print(symbology: str) -> None:
    page = draw.faint(page_with(symbology), 0.2)

    found = find_barcodes(page)

    assert payloads(found) == [PAYLOAD]


def test_specks_in_the_quiet_zone() -> None:
    page = draw.specks(page_with("Code128"), 4000)

    found = find_barcodes(page)

    assert payloads(found) == [PAYLOAD]


def test_several_symbols_come_in_reading_order() -> None:
    page = draw.text_page()
    for k, symbology in enumerate(SYMBOLOGIES):
        page = draw.place(page, draw.draw_symbol(f"NUMBER-{k}", symbology), 300 + 60 * k, 80 + 200 * k)

    found = find_barcodes(page)

    assert payloads(found) == [f"NUMBER-{k}" for k in range(5)]


def test_two_symbols_close_together_are_two() -> None:
    page = draw.place(draw.text_page(), draw.draw_symbol("FIRST-1", "Code128", module=3), 200, 300)
    page = draw.place(page, draw.draw_symbol("SECOND-2", "Code128", module=3), 200, 395, quiet=10)

    found = find_barcodes(page)

    assert payloads(found) == ["FIRST-1", "SECOND-2"]


def test_the_same_payload_twice_is_two_symbols() -> None:
    page = draw.place(page_with("Code128"), draw.draw_symbol(PAYLOAD, "Code128"), 300, 800)

    found = find_barcodes(page)

    assert payloads(found) == [PAYLOAD, PAYLOAD]


def test_print_and_dirt_have_no_barcodes() -> None:
    page = draw.salt_and_pepper(draw.text_page(), 0.02)

    found = find_barcodes(page)

    assert found == ()


def test_print_has_no_places_to_search() -> None:
    assert find_regions(draw.text_page()) == ()


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
def test_the_place_to_search_holds_the_whole_symbol(symbology: str) -> None:
    symbol = draw.draw_symbol(PAYLOAD, symbology)
    page = draw.salt_and_pepper(draw.place(draw.text_page(), symbol, 700, 400), 0.03)

    (region,) = find_regions(page)

    assert region.box.left <= 690
    assert region.box.top <= 390
    assert region.box.left + region.box.width >= 710 + symbol.shape[1]
    assert region.box.top + region.box.height >= 410 + symbol.shape[0]


def test_a_symbol_beyond_repair_is_no_result() -> None:
    page = page_with("Code128")
    page[:, 760:900] = 0
    page[:, 1000:1100] = 255

    found = find_barcodes(page)

    assert found == ()


def test_the_second_opinion_is_asked_only_where_the_first_reads_nothing() -> None:
    asked: list[draw.Pixels] = []

    def second_opinion(crop: draw.Pixels) -> tuple[Barcode, ...]:
        asked.append(crop)
        return (Barcode("RESCUED", "Code128", Box(48, 48, 10, 10), "zbar"),)

    broken = page_with("Code128")
    broken[:, 760:900] = 0
    broken[:, 1000:1100] = 255
    of_a_good_page = find_barcodes(page_with("Code128"), second_opinion)
    calls_for_a_good_page = len(asked)
    of_a_broken_page = find_barcodes(broken, second_opinion)

    assert payloads(of_a_good_page) == [PAYLOAD]
    assert calls_for_a_good_page == 0
    assert "RESCUED" in payloads(of_a_broken_page)
    assert all(barcode.box.left > 100 for barcode in of_a_broken_page)


def test_binary_payloads_are_text_without_control_characters() -> None:
    symbol = draw.draw_symbol(bytes(range(256)), "QRCode", module=4)
    page = draw.place(np.full((900, 900), 255, np.uint8), symbol, 200, 200)

    (barcode,) = find_barcodes(page)

    assert barcode.payload.isprintable()
    assert "0123456789" in barcode.payload


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (30, 30), (44, 44), (45, 3000)])
@pytest.mark.parametrize("grey", [0, 127, 255])
def test_small_and_plain_images_have_none(shape: tuple[int, int], grey: int) -> None:
    assert find_barcodes(np.full(shape, grey, np.uint8)) == ()


def test_a_view_of_a_larger_image_is_read() -> None:
    wide = np.zeros((1100, 1728, 2), np.uint8)
    wide[:, :, 0] = page_with("QRCode")

    found = find_barcodes(wide[:, :, 0])

    assert payloads(found) == [PAYLOAD]


def reading(payload: str, left: int = 100, reader: str = "zxing") -> Barcode:
    return Barcode(payload, "Code128", Box(left, 100, 300, 60), reader)


def test_two_readers_of_one_symbol_make_one_barcode() -> None:
    merged = merge([reading("A-1"), reading("A-1", 104, "zbar")])

    assert merged == (reading("A-1"),)


def test_where_readings_differ_the_majority_stands_and_a_tie_is_nothing() -> None:
    majority = merge([reading("A-2"), reading("A-1"), reading("A-1", 102)])
    tie = merge([reading("A-2"), reading("A-1")])

    assert payloads(majority) == ["A-1"]
    assert tie == ()


def unchecked(payload: str) -> Barcode:
    return Barcode(payload, "Code39", Box(100, 100, 300, 60), "zxing")


def test_a_symbol_without_check_character_must_be_read_twice_and_never_otherwise() -> None:
    once = merge([unchecked("20260274439")])
    twice = merge([unchecked("20260274438"), unchecked("20260274438")])
    otherwise = merge([unchecked("20260274438"), unchecked("20260274438"), unchecked("20260274439")])

    assert once == ()
    assert payloads(twice) == ["20260274438"]
    assert otherwise == ()


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(st.text())
def test_a_clean_payload_is_printable_and_stays_as_it_is(text: str) -> None:
    clean = clean_payload(text)

    assert all(c.isprintable() for c in clean)
    assert clean_payload(clean) == clean
    assert clean == clean.strip()
