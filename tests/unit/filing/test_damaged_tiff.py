"""Damage in a TIFF: what can be decoded is kept, every chosen page has its page, and no page costs another."""

import shutil
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from tests.builders.scans import FAX_STANDARD, drawn_page, embedded_image, recoded_tiff, rendered, write_tiff
from worker.domain.document import DocumentKind
from worker.filing.copy import ChosenPage, CopiedPage, CopyMethod
from worker.filing.page_pdf import write_page_pdf

SHA = "cd" * 32


def copy_all(original: Path, pages: int) -> tuple[Path, tuple[CopiedPage, ...]]:
    target = original.parent / "copy.pdf"
    chosen = [ChosenPage(number) for number in range(1, pages + 1)]
    return target, write_page_pdf(original, DocumentKind.TIFF, chosen, target, sha256=SHA)


def pixels_of(target: Path, page: int) -> np.ndarray:
    return np.asarray(embedded_image(target, page).convert("1"))


@pytest.mark.parametrize("coding", ["g3:1d", "g3:2d", "zip"])
def test_rows_before_the_damage_are_kept(tmp_path: Path, coding: str, capfd: pytest.CaptureFixture[str]) -> None:
    plain = write_tiff(tmp_path / "p.tif", [drawn_page()], compression="raw", dpi=(204, 98))
    original = recoded_tiff(plain, tmp_path / "a.tif", "-c", coding, "-r", "1146")
    data = bytearray(original.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 60] = b"\x00\xff" * 30
    original.write_bytes(data)

    target, copied = copy_all(original, 1)

    expected = np.asarray(drawn_page())
    got = pixels_of(target, 1)
    assert copied[0].method is CopyMethod.RECODED
    assert got.shape == expected.shape
    assert np.array_equal(got[:200], expected[:200])
    assert capfd.readouterr().err == ""


def test_strip_of_which_nothing_can_be_decoded_is_not_a_black_page(tmp_path: Path) -> None:
    plain = write_tiff(tmp_path / "p.tif", [drawn_page()], compression="raw", dpi=(204, 98))
    original = recoded_tiff(plain, tmp_path / "a.tif", "-c", "lzw", "-r", "1146")
    data = bytearray(original.read_bytes())
    data[20:2000] = b"\xff" * 1980
    original.write_bytes(data)

    _, copied = copy_all(original, 1)

    assert copied[0].method is CopyMethod.MISSING


def test_cut_off_file_keeps_the_pages_before_the_cut(tmp_path: Path) -> None:
    pages = [drawn_page(f"page {number}") for number in range(1, 5)]
    whole = write_tiff(tmp_path / "w.tif", pages, compression="group3", dpi=(204, 98))
    original = tmp_path / "a.tif"
    original.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])

    target, copied = copy_all(original, 4)

    methods = [page.method for page in copied]
    assert methods[:2] == [CopyMethod.RECODED] * 2
    assert methods[-1] is CopyMethod.MISSING
    assert np.array_equal(pixels_of(target, 1), np.asarray(pages[0]))
    with pikepdf.open(target) as pdf:
        assert len(pdf.pages) == 4


def test_cut_off_group4_strip_goes_over_as_far_as_it_is_there(tmp_path: Path) -> None:
    whole = write_tiff(tmp_path / "w.tif", [drawn_page()], dpi=(204, 98), tags={278: FAX_STANDARD[1]})
    header_last = tmp_path / "a.tif"
    shutil.copy(whole, header_last)
    with header_last.open("r+b") as stream:
        stream.truncate(whole.stat().st_size // 2)

    _, copied = copy_all(header_last, 1)

    assert copied[0].method in {CopyMethod.COPIED, CopyMethod.MISSING}


@pytest.mark.parametrize("content", [b"", b"this is a letter, renamed to .tif", b"II*\x00\xff\xff\xff\xff"])
def test_page_that_cannot_be_copied_leaves_a_sheet_that_says_so(tmp_path: Path, content: bytes) -> None:
    original = tmp_path / "a.tif"
    original.write_bytes(content)

    target, copied = copy_all(original, 2)

    assert [page.method for page in copied] == [CopyMethod.MISSING] * 2
    with pikepdf.open(target) as pdf:
        text = pdf.pages[1].Contents.read_bytes()
    assert b"Page 2 of this document could not be copied." in text
    assert SHA.encode() in text
    assert sum(rendered(target, 2).histogram()[:128]) > 100


def test_page_number_beyond_the_end_is_missing_and_not_the_last_page_again(tmp_path: Path) -> None:
    original = write_tiff(tmp_path / "a.tif", [drawn_page()])

    _, copied = copy_all(original, 2)

    assert [page.method for page in copied][1] is CopyMethod.MISSING


@pytest.mark.parametrize("compression", ["tiff_lzw", "group4", "group3"])
def test_page_with_a_huge_header_costs_neither_memory_nor_the_other_page(tmp_path: Path, compression: str) -> None:
    pages = [drawn_page("one", (640, 480)), drawn_page("two", (650, 490))]
    original = write_tiff(tmp_path / "a.tif", pages, compression=compression)
    data = original.read_bytes()
    for tag in (256, 257):
        at = data.index(tag.to_bytes(2, "little") + b"\x03\x00\x01\x00\x00\x00")
        entry = tag.to_bytes(2, "little") + b"\x04\x00\x01\x00\x00\x00" + (100_000).to_bytes(4, "little")
        data = data[:at] + entry + data[at + 12 :]
    original.write_bytes(data)

    target, copied = copy_all(original, 2)

    assert [page.method is CopyMethod.MISSING for page in copied] == [True, False]
    assert np.array_equal(pixels_of(target, 2), np.asarray(pages[1]))
