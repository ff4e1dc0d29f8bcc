"""Damaged files never raise anything but our own errors, whatever was damaged."""

import io
import random
from pathlib import Path

import img2pdf
import numpy as np
import pytest

from tests.builders.pages import black_and_white, printed, save_tiff
from worker.errors import BadDocumentError, BadPageError
from worker.ocr.cleanup import clean
from worker.ocr.limits import Limits
from worker.ocr.open_document import open_document

SHEET = printed(dpi=40)
BITONAL = black_and_white(np.asarray(SHEET))
LIMITS = Limits(max_pixels=4_000_000, max_render_pixels=100_000, render_timeout_s=5)
MUTANTS = 40


def as_tiff(folder: Path, compression: str) -> bytes:
    page = BITONAL if compression in {"group3", "group4", "packbits"} else SHEET
    return save_tiff(folder / "seed.tif", [page] * 2, compression=compression).read_bytes()


def as_picture(kind: str) -> bytes:
    stream = io.BytesIO()
    SHEET.save(stream, kind)
    return stream.getvalue()


def damaged(content: bytes, dice: random.Random) -> bytes:
    """Some bytes overwritten, a piece cut out, or the end cut off."""
    changed = bytearray(content)
    match dice.randrange(4):
        case 0:
            del changed[dice.randrange(1, len(changed)) :]
        case 1:
            at = dice.randrange(len(changed))
            del changed[at : at + dice.randrange(200)]
        case _:
            for _ in range(dice.choice((1, 3, 20))):
                changed[-dice.randrange(1, len(changed))] = dice.randrange(256)
    return bytes(changed)


@pytest.mark.parametrize("kind", ["group3", "group4", "packbits", "tiff_lzw", "jpeg", "PNG", "JPEG", "PDF"])
def test_damage_is_told_and_nothing_else_happens(tmp_path: Path, kind: str) -> None:
    is_picture = kind in {"PNG", "JPEG"}
    content = as_picture(kind) if is_picture else img2pdf.convert(as_picture("PNG")) if kind == "PDF" else b""
    content = content or as_tiff(tmp_path, kind)
    dice, path = random.Random(7), tmp_path / "mutant"
    told = 0

    for _ in range(MUTANTS):
        path.write_bytes(damaged(content, dice))
        try:
            with open_document(path, LIMITS) as document:
                for number in range(1, min(document.page_count, 3) + 1):
                    page = document.page(number)
                    clean(page)
                    told += bool(page.damage or document.damage)
        except (BadDocumentError, BadPageError) as error:
            told += len(error.reason) > 10

    assert told > 0
