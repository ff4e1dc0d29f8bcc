"""Loads an image through Pillow as far as it goes: what is there of a truncated image is worth reading."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import ImageFile

from worker.ocr.gray import to_gray
from worker.ocr.images import Pixels

#: What Pillow raises on hostile or damaged images, as its own fuzzing found.
DECODE_ERRORS = (OSError, ValueError, SyntaxError, LookupError, TypeError, ArithmeticError, MemoryError, EOFError)


def load_gray(image: ImageFile.ImageFile) -> tuple[Pixels, tuple[str, ...]]:
    """The grey pixels (H, W) of an opened image and sentences about damage.

    Rows that are missing are white. Raises one of DECODE_ERRORS when nothing could be decoded.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image.load()
        except DECODE_ERRORS:
            return _rest_whitened(_load_leniently(image))
        return to_gray(image), ()


def _load_leniently(image: ImageFile.ImageFile) -> Pixels:
    with _truncated_allowed():
        image.seek(image.tell())
        try:
            image.load()
        except DECODE_ERRORS:
            # What libtiff decoded before it gave up stands in the image; without tiles Pillow does not try again.
            image.tile = []
        return to_gray(image)


@contextmanager
def _truncated_allowed() -> Iterator[None]:
    kept = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = kept


def _rest_whitened(pixels: Pixels) -> tuple[Pixels, tuple[str, ...]]:
    """Decoders leave the rows they did not reach in one flat tone: black, grey (JPEG) or white."""
    flat = np.ptp(pixels, axis=1) == 0
    same = flat & (pixels[:, 0] == pixels[-1, 0])
    missing = int(np.argmin(same[::-1])) if not same.all() else len(same)
    height = len(same)
    if missing == height:
        raise OSError("nothing of the image could be decoded")
    if missing == 0:
        return pixels, ("part of the image data is damaged",)
    whole = pixels.copy()
    whole[height - missing :] = 255
    return whole, (f"about {missing} of {height} lines are missing",)
