"""Calls Tesseract through pytesseract: many line images in one process, words with boxes and confidence back."""

import csv
import errno
import io
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytesseract
from numpy.typing import NDArray

from worker.domain.reading import Box, Word
from worker.errors import MissingToolError, PigeonholeError
from worker.storage.whole import cannot_write

#: One text line per image, taken as it is; the neural engine only.
SINGLE_LINE = "--oem 1 --psm 7"
WORD_LEVEL = "5"


class EngineFailedError(PigeonholeError):
    """The OCR engine gave no answer: it crashed or took too long. The page says so; it never looks empty."""

    is_permanent = False


def read_lines(
    images: Sequence[NDArray[np.uint8]], *, timeout_s: float, language: str = "eng"
) -> tuple[tuple[Word, ...], ...]:
    """The words on each line image (H, W; uint8, 0 is ink), boxes in pixels of that image.

    One process reads all images: starting it costs as much as reading ten lines. The images are written to a
    private folder under TMPDIR and removed again. Raises EngineFailedError, MissingToolError and CannotWriteError.
    """
    if not images:
        return ()
    try:
        with tempfile.TemporaryDirectory(prefix="lines-") as folder:
            listing = _write_images(images, Path(folder))
            table = _ask(listing, timeout_s, language)
    except OSError as error:
        raise cannot_write(Path(tempfile.gettempdir()), error) from error
    words = _words_by_image(table)
    return tuple(tuple(words.get(k, ())) for k in range(1, len(images) + 1))


def _write_images(images: Sequence[NDArray[np.uint8]], folder: Path) -> Path:
    names = []
    for k, image in enumerate(images):
        name = folder / f"{k:05d}.pgm"
        if not cv2.imwrite(str(name), image):
            raise OSError(errno.ENOSPC, "a line image could not be written")
        names.append(str(name))
    listing = folder / "images.txt"
    listing.write_text("\n".join(names), encoding="utf-8")
    return listing


def _ask(listing: Path, timeout_s: float, language: str) -> str:
    try:
        answer: str = pytesseract.image_to_data(
            str(listing),
            lang=language,
            config=SINGLE_LINE,
            timeout=timeout_s,
            output_type=pytesseract.Output.STRING,
        )
    except pytesseract.TesseractNotFoundError as error:
        raise MissingToolError("tesseract") from error
    except (pytesseract.TesseractError, RuntimeError) as error:
        raise EngineFailedError(f"Tesseract gave no answer within {timeout_s:.0f} s or failed") from error
    return answer


def _words_by_image(table: str) -> dict[int, list[Word]]:
    words: dict[int, list[Word]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row["text"] or "").strip()
        if row["level"] == WORD_LEVEL and text:
            box = Box(int(row["left"]), int(row["top"]), int(row["width"]), int(row["height"]))
            words[int(row["page_num"])].append(Word(text, box, max(0.0, float(row["conf"]) / 100)))
    return words
