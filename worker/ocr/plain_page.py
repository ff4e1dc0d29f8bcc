"""The page that stands where none can be shown: white, with a frame and the reason."""

import textwrap

import cv2
import numpy as np

from worker.ocr.images import Pixels
from worker.ocr.picture_bytes import as_png

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_LETTERS_A_LINE = 44


def plain_page(size: tuple[int, int], why: str) -> Pixels:
    """A page (H, W) of this width and height that says why there is nothing else on it; `why` is a clerk's clause."""
    width, height = size
    sheet = np.full((height, width), 255, np.uint8)
    edge = max(2, width // 60)
    cv2.rectangle(sheet, (edge, edge), (width - edge, height - edge), 170, max(1, width // 300))
    lines = ["This page cannot be shown.", "", *textwrap.wrap(f"{why[:1].upper()}{why[1:]}", _LETTERS_A_LINE)[:12]]
    scale = width / 1_000
    for k, line in enumerate(lines):
        place = (4 * edge, round(height * 0.3 + k * 52 * scale))
        text = line.encode("ascii", "replace").decode()  # the built-in letters know no others
        cv2.putText(sheet, text, place, _FONT, 1.15 * scale, 60, max(1, round(2 * scale)), cv2.LINE_AA)
    return sheet


def plain_picture(size: tuple[int, int], why: str) -> bytes:
    """The same as PNG."""
    return as_png(plain_page(size, why), bits=2)
