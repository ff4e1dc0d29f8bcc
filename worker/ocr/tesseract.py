"""Asks Tesseract for the words on line images, with boxes and confidence.

Of a process that stays, or inside this process (Engine); what these fail on is asked once more of a process of its
own, through pytesseract.
"""

import errno
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytesseract
from numpy.typing import NDArray

from worker.domain.reading import Box, Word
from worker.errors import MissingToolError, PigeonholeError
from worker.ocr.embedded import EmbeddedEngine
from worker.ocr.engines import Engine
from worker.ocr.resident import EngineLostError, ResidentEngine
from worker.storage.whole import cannot_write

#: One text line per image, taken as it is; the neural engine only.
SINGLE_LINE = ("--oem", "1", "--psm", "7")
#: No second try with the colours inverted: our lines are dark on white, and noise would cost twice.
AS_IT_IS = ("-c", "tessedit_do_invert=0")
WORD_LEVEL = "5"
_COLUMNS = ("level", "page_num", "block", "par", "line", "word", "left", "top", "width", "height", "conf", "text")


class EngineFailedError(PigeonholeError):
    """The OCR engine gave no answer: it crashed or took too long. The page says so; it never looks empty."""

    is_permanent = False


def read_lines(
    images: Sequence[NDArray[np.uint8]], *, timeout_s: float, engine: Engine = Engine.PROGRAM, language: str = "eng"
) -> tuple[tuple[Word, ...], ...]:
    """The words on each line image (H, W; uint8, 0 is ink), boxes in pixels of that image.

    The images are written to a private folder under TMPDIR and removed again. Raises EngineFailedError,
    MissingToolError and CannotWriteError.
    """
    if not images:
        return ()
    if engine is Engine.EMBEDDED:
        try:
            return tuple(_words_in(rows) for rows in _embedded(language).rows(images, timeout_s))
        except EngineLostError:
            pass  # it is asked again below, in a process that can be ended
    try:
        with tempfile.TemporaryDirectory(prefix="lines-") as folder:
            names = _write_images(images, Path(folder))
            return _words(names, Path(folder), timeout_s, language)
    except OSError as error:
        raise cannot_write(Path(tempfile.gettempdir()), error) from error


def _words(names: Sequence[Path], folder: Path, timeout_s: float, language: str) -> tuple[tuple[Word, ...], ...]:
    if ResidentEngine.is_possible():
        try:
            return tuple(_words_in(rows) for rows in _resident(language).rows(names, folder, timeout_s))
        except EngineLostError:
            pass  # whatever it stumbled over: it may have been what came before
    table = _ask_once(names, folder, timeout_s, language).splitlines()[1:]
    by_image: dict[int, list[str]] = defaultdict(list)
    for row in table:
        by_image[int(row.split("\t", 2)[1])].append(row)
    return tuple(_words_in(by_image[k]) for k in range(1, len(names) + 1))


@cache
def _embedded(language: str) -> EmbeddedEngine:
    return EmbeddedEngine(language)


@cache
def _resident(language: str) -> ResidentEngine:
    """This process's engine."""
    return ResidentEngine(language, (*SINGLE_LINE, *AS_IT_IS))


def _write_images(images: Sequence[NDArray[np.uint8]], folder: Path) -> list[Path]:
    names = [folder / f"{k}.pgm" for k in range(len(images))]
    for name, image in zip(names, images, strict=True):
        if not cv2.imwrite(str(name), image):
            raise OSError(errno.ENOSPC, "a line image could not be written")
    return names


def _ask_once(names: Sequence[Path], folder: Path, timeout_s: float, language: str) -> str:
    listing = folder / "images.txt"
    listing.write_text("\n".join(map(str, names)), encoding="utf-8")
    try:
        answer: str = pytesseract.image_to_data(
            str(listing),
            lang=language,
            config=" ".join((*SINGLE_LINE, *AS_IT_IS)),
            timeout=timeout_s,
            output_type=pytesseract.Output.STRING,
        )
    except pytesseract.TesseractNotFoundError as error:
        raise MissingToolError("tesseract") from error
    except (pytesseract.TesseractError, RuntimeError) as error:
        raise EngineFailedError(f"Tesseract gave no answer within {timeout_s:.0f} s or failed") from error
    return answer


def _words_in(rows: Iterable[str]) -> tuple[Word, ...]:
    cells = (dict(zip(_COLUMNS, row.split("\t"), strict=False)) for row in rows)
    return tuple(_word(cell) for cell in cells if cell["level"] == WORD_LEVEL and cell.get("text", "").strip())


def _word(cell: Mapping[str, str]) -> Word:
    box = Box(int(cell["left"]), int(cell["top"]), int(cell["width"]), int(cell["height"]))
    return Word(cell["text"].strip(), box, max(0.0, float(cell["conf"]) / 100))
