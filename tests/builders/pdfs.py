"""PDFs for tests: scans, changed objects, and how unlike two pictures are."""

import io
from pathlib import Path

import cv2
import img2pdf
import numpy as np
import pikepdf
from PIL import Image

from tests.builders.pages import Pixels, printed

DPI = 100
SHEET = printed(dpi=DPI, points=12)


def distance(first: Pixels, second: Pixels) -> float:
    """Mean difference in tone of two pictures seen from afar; an inverted or turned page is far above 10."""
    assert first.shape == second.shape
    return float(np.abs(cv2.blur(first, (7, 7)).astype(float) - cv2.blur(second, (7, 7))).mean())


def scan_pdf(path: Path, image: Image.Image, **options: object) -> Path:
    """A page that is this one image, as img2pdf writes it."""
    stream = io.BytesIO()
    image.save(stream, "PNG", dpi=(DPI, DPI))
    path.write_bytes(img2pdf.convert(stream.getvalue(), **options))
    return path


def edit(path: Path, change: str, value: object, *, on: str = "image") -> Path:
    """Sets one key of the first page's image, or of the page itself."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0].obj
        target = page if on == "page" else next(iter(page.Resources.XObject.values()))
        target[change] = value
        pdf.save(path)
    return path
