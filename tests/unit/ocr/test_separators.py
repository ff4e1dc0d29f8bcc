"""A separator sheet carries a patch code and little else; talk of patches is no patch code."""

import pytest

from worker.domain.reading import Barcode, Box
from worker.ocr.separators import is_separator

SHEET = ("SEPARATOR SHEET", "PATCHT", "Do not remove. Place between documents.", "PATCHT")
RECORD = (
    "Patient: DOE, JANE   DOB 03/04/1951   MRN 445566   Page 1 of 4",
    "The fentanyl patch was changed on Tuesday and the skin below it looked fine and dry",
    "Nicotine patch continued. Follow up in two weeks with the primary care physician, sooner if fever",
)


def barcode(payload: str, symbology: str = "Code39") -> Barcode:
    return Barcode(payload, symbology, Box(10, 10, 300, 60), "zxing")


@pytest.mark.parametrize("payload", ["PATCHT", "PATCH T", "patcht", "PATCH1", "PATCH 6", "PATCH-IV", "PATCH CODE 2"])
def test_a_sheet_with_a_patch_code_is_a_separator(payload: str) -> None:
    barcodes = [barcode(payload), barcode(payload, "Code128")]

    answer = is_separator(barcodes, SHEET)

    assert answer


@pytest.mark.parametrize("payload", ["PATCH", "PATCHT7", "PATCH5", "DISPATCHT", "PATCHTEST", "20265224360", ""])
def test_other_payloads_are_no_patch_codes(payload: str) -> None:
    assert not is_separator([barcode(payload)], SHEET)


def test_a_record_with_a_patch_sticker_is_no_separator() -> None:
    assert not is_separator([barcode("PATCHT")], RECORD)


def test_a_page_with_another_barcode_is_no_separator() -> None:
    assert not is_separator([barcode("PATCHT"), barcode("HMR-2036743", "Code128")], SHEET)


def test_words_alone_are_no_separator() -> None:
    assert not is_separator([], SHEET)


def test_a_patch_code_in_another_symbology_is_no_separator() -> None:
    assert not is_separator([barcode("PATCHT", "QRCode")], SHEET)
