"""Renders one page of a PDF with Poppler: one page at a time, with a size in pixels and a time limit."""

import math
import tempfile
from pathlib import Path

import numpy as np
import pdf2image
import pikepdf
from pdf2image.exceptions import PDFInfoNotInstalledError, PDFPopplerTimeoutError

from worker.errors import BadPageError, MissingToolError
from worker.ocr.images import PageImage
from worker.ocr.limits import Limits
from worker.ocr.pdf_boxes import shown_box

POINTS_PER_INCH = 72.0
LETTER_POINTS = (612.0, 792.0)


def render(pdf: pikepdf.Pdf, path: Path, number: int, limits: Limits, *, is_repaired: bool) -> PageImage:
    """The page as grey pixels at the limits' resolution, coarser where the page box is huge.

    A repaired file is rendered from a copy of the page, for Poppler may count the pages of the damaged one
    differently. Raises BadPageError and MissingToolError.
    """
    if not is_repaired:
        return _render(path, number, number, _page_points(pdf.pages[number - 1]), limits)
    with tempfile.TemporaryDirectory(prefix="page-") as folder, pikepdf.new() as single:
        single.pages.append(pdf.pages[number - 1])
        copy = Path(folder) / "page.pdf"
        single.save(copy)
        return _render(copy, 1, number, _page_points(pdf.pages[number - 1]), limits)


def _page_points(page: pikepdf.Page) -> tuple[float, float]:
    """Width and height as shown, in points."""
    x0, y0, x1, y1 = shown_box(page)
    unit = float(page.obj.get("/UserUnit", 1))
    width, height = (x1 - x0) * unit, (y1 - y0) * unit
    if not (width >= 1 and height >= 1 and math.isfinite(width * height)):
        width, height = LETTER_POINTS
    return (height, width) if int(page.rotation) % 180 == 90 else (width, height)


def _render(path: Path, at: int, number: int, points: tuple[float, float], limits: Limits) -> PageImage:
    scale = limits.render_dpi / POINTS_PER_INCH
    scale = min(scale, math.sqrt(limits.max_render_pixels / (points[0] * points[1])))
    # The longer side only: whether width or height are meant before or after rotation changed among Poppler's versions.
    size = max(1, round(max(points) * scale))
    try:
        images = pdf2image.convert_from_path(
            path, first_page=at, last_page=at, size=size, grayscale=True, use_cropbox=True,
            timeout=max(1, round(limits.render_timeout_s)),
        )  # fmt: skip
    except PDFInfoNotInstalledError as error:
        raise MissingToolError("poppler-utils") from error
    except PDFPopplerTimeoutError as error:
        raise BadPageError(number, f"drawing it takes more than {limits.render_timeout_s:.0f} seconds") from error
    except (OSError, ValueError, SyntaxError, RuntimeError) as error:
        raise BadPageError(number, "the PDF is damaged here: ask for it to be sent again") from error
    if not images:
        raise BadPageError(number, "the PDF is damaged here: ask for it to be sent again")
    pixels = np.array(images[0].convert("L"), np.uint8)
    return PageImage(
        pixels, (pixels.shape[1] / points[0] * POINTS_PER_INCH, pixels.shape[0] / points[1] * POINTS_PER_INCH)
    )
