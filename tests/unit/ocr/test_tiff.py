"""TIFF pages of every kind that scanners and fax servers write, sound and damaged."""

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from tests.builders.pages import (
    FINE,
    STANDARD,
    black_and_white,
    faxed,
    printed,
    recode,
    save_tiff,
)
from worker.errors import BadDocumentError, BadPageError
from worker.ocr.images import PageImage
from worker.ocr.limits import Limits
from worker.ocr.open_document import open_document

FAX = faxed(printed(), FINE)


def only_page(path: Path) -> PageImage:
    with open_document(path) as document:
        assert document.page_count == 1
        assert document.damage == ()
        return document.page(1)


@pytest.mark.parametrize(
    "options",
    [
        ("-c", "g3:1d"), ("-c", "g3:2d"), ("-c", "g3:2d:fill"), ("-c", "g4"), ("-c", "g4", "-f", "lsb2msb"),
        ("-c", "g3:2d", "-f", "lsb2msb", "-r", "100"), ("-c", "g4", "-r", "151"), ("-c", "lzw"), ("-c", "zip"),
        ("-c", "packbits"), ("-c", "none"), ("-c", "none", "-B"), ("-c", "g4", "-B"), ("-c", "none", "-8"),
        ("-c", "lzw", "-t", "-w", "256", "-l", "256"), ("-c", "g4", "-t", "-w", "256", "-l", "256"),
        ("-c", "none", "-f", "lsb2msb"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("photometric", [0, 1])
def test_bitonal_pages_come_out_exactly(tmp_path: Path, options: tuple[str, ...], photometric: int) -> None:
    written = save_tiff(tmp_path / "fax.tif", [black_and_white(FAX)], compression="raw")
    if photometric == 0:
        black_and_white(FAX).save(written, tiffinfo={262: 0}, dpi=FINE)

    page = only_page(recode(written, *options))

    assert np.array_equal(page.pixels, FAX)
    assert page.damage == ()
    assert page.is_bitonal


@pytest.mark.parametrize("mode", ["L", "P", "RGB", "CMYK", "RGBA", "LA", "I;16"])
@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate"])
def test_tones_and_colours_become_grey(tmp_path: Path, mode: str, compression: str) -> None:
    sheet = printed(dpi=60)
    if mode == "I;16":
        image = Image.fromarray(np.asarray(sheet).astype(np.uint16) * 257)
    elif mode == "P":
        image = sheet.convert("RGB").quantize(256)
    else:
        image = sheet.convert("RGB").convert(mode) if mode in {"CMYK", "RGBA"} else sheet.convert(mode)

    page = only_page(save_tiff(tmp_path / "scan.tif", [image], compression=compression, dpi=(60, 60)))

    assert np.abs(page.pixels.astype(int) - np.asarray(sheet).astype(int)).max() <= 3
    assert not page.is_bitonal


def test_what_is_transparent_is_paper(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (600, 800), (0, 0, 0, 0))

    page = only_page(save_tiff(tmp_path / "clear.tif", [clear], compression="tiff_lzw", dpi=(72, 72)))

    assert page.pixels.min() == 255


def test_jpeg_inside_tiff(tmp_path: Path) -> None:
    sheet = printed(dpi=100).convert("RGB")

    page = only_page(save_tiff(tmp_path / "scan.tif", [sheet], compression="jpeg", dpi=(100, 100)))

    assert np.abs(page.pixels.astype(int) - np.asarray(sheet.convert("L")).astype(int)).mean() < 3


def test_pages_of_mixed_size_and_mode(tmp_path: Path) -> None:
    grey = printed(dpi=100)
    standard = faxed(printed(), STANDARD)
    path = tmp_path / "mixed.tif"
    with TiffImagePlugin.AppendingTiffWriter(str(path), True) as writer:
        for image, compression, dpi in ((black_and_white(standard), "group3", STANDARD),
                                        (grey, "tiff_lzw", (100, 100)),
                                        (black_and_white(FAX), "group4", FINE)):  # fmt: skip
            image.save(writer, "TIFF", compression=compression, dpi=dpi)
            writer.newFrame()

    with open_document(path) as document:
        pages = [document.page(number) for number in range(1, document.page_count + 1)]

    assert [page.pixels.shape for page in pages] == [standard.shape, grey.size[::-1], FAX.shape]
    assert [page.dpi for page in pages] == [STANDARD, (100.0, 100.0), FINE]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("compression", ["raw", "group4"])
def test_the_orientation_tag_is_obeyed(tmp_path: Path, orientation: int, compression: str) -> None:
    shown = np.full((120, 80), 255, np.uint8)
    shown[5:15, 5:40] = 0
    shown[5:60, 5:10] = 0
    undo = {
        1: shown, 2: shown[:, ::-1], 3: shown[::-1, ::-1], 4: shown[::-1],
        5: shown.T, 6: np.rot90(shown, 1), 7: np.rot90(shown, 2).T, 8: np.rot90(shown, -1),
    }  # fmt: skip
    path = tmp_path / "turned.tif"
    stored = black_and_white(np.ascontiguousarray(undo[orientation]))
    stored.save(path, compression=compression, tiffinfo={274: orientation}, dpi=(20, 20))

    page = only_page(path)

    assert np.array_equal(page.pixels, shown)


def cut_to(path: Path, share: float) -> Path:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def test_a_truncated_file_keeps_the_pages_before_the_cut(tmp_path: Path) -> None:
    path = cut_to(save_tiff(tmp_path / "cut.tif", [black_and_white(FAX)] * 5), 0.7)

    with open_document(path) as document:
        pages = [document.page(number) for number in range(1, document.page_count + 1)]

    assert 2 <= len(pages) <= 4
    assert all(np.array_equal(page.pixels, FAX) for page in pages[:3])
    assert "missing" in " ".join((*document.damage, *pages[-1].damage))


def rewrite_tag(path: Path, tag: int, value: int, *, page: int = 1) -> Path:
    """Overwrites the value of a tag of a little-endian TIFF where it stands."""
    content = bytearray(path.read_bytes())
    (offset,) = struct.unpack_from("<I", content, 4)
    for _ in range(page - 1):
        (count,) = struct.unpack_from("<H", content, offset)
        (offset,) = struct.unpack_from("<I", content, offset + 2 + 12 * count)
    (count,) = struct.unpack_from("<H", content, offset)
    for entry in range(offset + 2, offset + 2 + 12 * count, 12):
        if struct.unpack_from("<H", content, entry)[0] == tag:
            struct.pack_into("<HII", content, entry + 2, 4, 1, value)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("compression", ["group3", "group4"])
def test_fax_data_that_end_early_are_counted(tmp_path: Path, compression: str) -> None:
    path = recode(save_tiff(tmp_path / "fax.tif", [black_and_white(FAX)], compression=compression), "-r", "3000")
    with Image.open(path) as image:
        size = image.tag_v2[279][0]  # type: ignore[attr-defined]  # TIFF images have tags
    whole = only_page(path).pixels
    rewrite_tag(path, 279, size // 2)

    page = only_page(path)

    missing = [int(sentence.split()[1]) for sentence in page.damage if "lines are missing" in sentence]
    assert len(missing) == 1
    arrived = len(whole) - missing[0] - 1
    assert 0.1 * len(whole) < missing[0] < 0.9 * len(whole)
    assert np.array_equal(page.pixels[:arrived], whole[:arrived])
    assert page.pixels[arrived + 2 :].min() == 255


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_a_scan_with_a_hole_in_its_data_says_so(tmp_path: Path, compression: str) -> None:
    path = recode(save_tiff(tmp_path / "scan.tif", [printed(dpi=100)], compression=compression), "-r", "50")
    content = path.read_bytes()
    (directory,) = struct.unpack_from("<I", content, 4)
    path.write_bytes(content[: directory // 2] + b"\xfe" * (directory - directory // 2) + content[directory:])

    page = only_page(path)

    assert page.damage
    assert page.pixels[:200].min() < 100


def test_a_scan_whose_data_end_early_says_so(tmp_path: Path) -> None:
    path = recode(save_tiff(tmp_path / "scan.tif", [printed(dpi=100)], compression="raw"), "-r", "5000")
    with Image.open(path) as image:
        size = image.tag_v2[279][0]  # type: ignore[attr-defined]  # TIFF images have tags
    rewrite_tag(rewrite_tag(path, 279, size // 2), 273, path.stat().st_size - size // 2)

    page = only_page(path)

    assert page.damage


def test_a_page_that_cannot_be_decoded_costs_only_itself(tmp_path: Path) -> None:
    path = save_tiff(tmp_path / "fax.tif", [black_and_white(FAX)] * 3)
    rewrite_tag(path, 279, 0, page=2)

    with open_document(path) as document:
        with pytest.raises(BadPageError) as refused:
            document.page(2)
        others = [document.page(1), document.page(3)]

    assert refused.value.page == 2
    assert all(np.array_equal(page.pixels, FAX) for page in others)


def test_absurd_dimensions_are_refused_before_memory_is_taken(tmp_path: Path) -> None:
    path = save_tiff(tmp_path / "bomb.tif", [black_and_white(FAX)] * 2)
    rewrite_tag(rewrite_tag(path, 256, 100_000), 257, 100_000)

    with open_document(path) as document:
        with pytest.raises(BadPageError, match="100,000 x 100,000"):
            document.page(1)
        second = document.page(2)

    assert np.array_equal(second.pixels, FAX)


def test_a_circle_of_pages_ends(tmp_path: Path) -> None:
    path = save_tiff(tmp_path / "circle.tif", [black_and_white(FAX)] * 2)
    content = bytearray(path.read_bytes())
    (first,) = struct.unpack_from("<I", content, 4)
    (count,) = struct.unpack_from("<H", content, first)
    (second,) = struct.unpack_from("<I", content, first + 2 + 12 * count)
    (count,) = struct.unpack_from("<H", content, second)
    struct.pack_into("<I", content, second + 2 + 12 * count, first)
    path.write_bytes(content)

    with open_document(path) as document:
        count, damage = document.page_count, document.damage

    assert count == 2
    assert "circle" in damage[0]


def test_too_many_pages_are_to_be_split(tmp_path: Path) -> None:
    path = save_tiff(tmp_path / "long.tif", [Image.new("1", (64, 64), 1)] * 6)

    with pytest.raises(BadDocumentError, match="split it"):
        open_document(path, Limits(max_pages=5))

    with open_document(path, Limits(max_pages=6)) as document:
        assert document.page_count == 6


def test_a_header_alone_is_no_document(tmp_path: Path) -> None:
    path = tmp_path / "header.tif"
    path.write_bytes(b"II*\x00\x08\x00\x00\x00")

    with pytest.raises(BadDocumentError, match="cut off"):
        open_document(path)


def test_a_page_number_that_does_not_exist(tmp_path: Path) -> None:
    path = save_tiff(tmp_path / "fax.tif", [black_and_white(FAX)])

    with open_document(path) as document, pytest.raises(BadPageError):
        document.page(2)
