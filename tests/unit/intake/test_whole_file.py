"""Telling a finished scan from half of one by its skeleton."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders.bad_files import huge_tiff, office_file, picture
from tests.builders.scans import drawn_page, recoded_tiff, scanned_pdf, write_tiff
from worker.intake.watch_rules import Wholeness
from worker.intake.whole_file import look_whole

PAGES = [drawn_page(f"Page {n}", (850, 600)) for n in range(3)]


def multi_strip(path: Path) -> Path:
    return recoded_tiff(write_tiff(path.with_suffix(".one"), PAGES), path, "-c", "g3:1d", "-f", "lsb2msb", "-r", "50")


def big_endian(path: Path) -> Path:
    return recoded_tiff(write_tiff(path.with_suffix(".one"), PAGES), path, "-B", "-c", "g4")


def big_tiff(path: Path) -> Path:
    return recoded_tiff(write_tiff(path.with_suffix(".one"), PAGES), path, "-8", "-c", "g4")


def tiled(path: Path) -> Path:
    return recoded_tiff(write_tiff(path.with_suffix(".one"), PAGES), path, "-t", "-w", "128", "-l", "128", "-c", "none")


KINDS: list[Callable[[Path], Path]] = [
    lambda path: write_tiff(path, PAGES),
    multi_strip,
    big_endian,
    big_tiff,
    tiled,
    lambda path: scanned_pdf(path, PAGES),
    lambda path: picture(path, "PNG", PAGES[0]),
    lambda path: picture(path, "JPEG", PAGES[0]),
]


@pytest.mark.parametrize("build", KINDS)
def test_whole_and_cut_files_are_told_apart(tmp_path: Path, build: Callable[[Path], Path]) -> None:
    whole = build(tmp_path / "scan")
    data = whole.read_bytes()
    cuts = [round(len(data) * share) for share in (0.05, 0.3, 0.6, 0.9)] + [len(data) - 40]
    parts = [tmp_path / f"part{cut}" for cut in cuts]
    for cut, part in zip(cuts, parts, strict=True):
        part.write_bytes(data[:cut])

    looks = [look_whole(part) for part in parts]

    assert look_whole(whole) is Wholeness.WHOLE
    assert looks == [Wholeness.BROKEN] * len(cuts)


def test_a_pdf_that_was_saved_again_and_padded_is_whole(tmp_path: Path) -> None:
    path = scanned_pdf(tmp_path / "a.pdf", PAGES[:1])
    path.write_bytes(path.read_bytes() + b"\r\n" + bytes(900))

    assert look_whole(path) is Wholeness.WHOLE


def test_what_we_do_not_know_is_unknown(tmp_path: Path) -> None:
    office = office_file(tmp_path / "a.docx")

    assert look_whole(office) is Wholeness.UNKNOWN
    assert look_whole(tmp_path / "missing") is Wholeness.UNKNOWN


@pytest.mark.parametrize(
    "head", [b"II*\0", b"II*\0\x08\0\0\0", b"MM\0*\xff\xff\xff\xff", b"II+\0\x08\0\0\0", b"%PDF-1.7"]
)
def test_a_bare_beginning_is_broken(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(head)

    assert look_whole(path) is Wholeness.BROKEN


def test_a_directory_that_points_at_itself_ends(tmp_path: Path) -> None:
    path = huge_tiff(tmp_path / "a.tif", 10)
    data = bytearray(path.read_bytes())
    data[-4:] = data[4:8]
    path.write_bytes(data)

    assert look_whole(path) is Wholeness.WHOLE
