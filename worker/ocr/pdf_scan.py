"""Recognises a PDF page that is exactly one scanned image, and takes that image out undistorted.

Rendering such a page costs 10 times more and blurs it. Exactness goes first: anything on the page that could
show, any colour space, mask or filter beyond the plain ones, and the page is rendered instead.
"""

from dataclasses import dataclass

import numpy as np
import pikepdf

from worker.ocr.images import PageImage
from worker.ocr.limits import Limits
from worker.ocr.pdf_boxes import shown_box
from worker.ocr.pdf_image import take_image

#: A page with longer instructions than this is a drawing, or has a text layer not worth parsing.
MOST_CONTENT_BYTES = 400_000
POINTS_PER_INCH = 72.0
#: The image must cover this share of the page, each way.
LEAST_COVER = 0.8
#: Points by which an image may stick out of the page: rounding by the scanner's software.
MOST_OUTSIDE = 3.0
#: Instructions that leave no mark and do not move anything.
_HARMLESS = frozenset({"q", "Q", "BMC", "BDC", "EMC", "MP", "DP", "BX", "EX", "i", "ri", "j", "J", "M", "d", "w",
                       "g", "G", "rg", "RG", "k", "K", "cs", "CS", "sc", "SC", "scn", "SCN"})  # fmt: skip
_TEXT = frozenset({"Tc", "Tw", "Tz", "TL", "Tf", "Ts", "Td", "TD", "Tm", "T*"})
_SHOW_TEXT = frozenset({"Tj", "TJ", "'", '"'})
_INVISIBLE = 3
_HARMLESS_STATE = frozenset({"/Type", "/OP", "/op", "/OPM", "/SA", "/AIS", "/FL", "/SM", "/LW", "/RI", "/TK"})
_SILENT_ANNOTATIONS = frozenset({"/Link", "/Popup"})

Matrix = tuple[float, float, float, float, float, float]
_UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Scan:
    """The one image of a page: `turns` are quarter turns counter-clockwise to show it; dpi as shown."""

    image: pikepdf.Object
    turns: int
    dpi: tuple[float, float]


@dataclass(slots=True)
class _Walk:
    """What the instructions of a page did so far."""

    matrix: Matrix
    stack: list[Matrix]
    is_text_hidden: bool = False
    placed: tuple[pikepdf.Object, Matrix] | None = None


def find_scan(page: pikepdf.Page, limits: Limits) -> Scan | None:
    """The scanned image that this page is, or None when it must be rendered."""
    if page.obj.get("/UserUnit", 1) != 1 or _has_visible_annotations(page):
        return None
    placed = _only_image(page)
    if placed is None:
        return None
    image, matrix = placed
    if int(image.Width) * int(image.Height) > limits.max_pixels:
        return None
    return _placed_scan(page, image, matrix)


def take_scan(scan: Scan) -> PageImage | None:
    """The scanned image as the page shows it; None when its encoding must be left to a renderer."""
    taken = take_image(scan.image)
    if taken is None:
        return None
    pixels = np.ascontiguousarray(np.rot90(taken[0], scan.turns)) if scan.turns else taken[0]
    is_bitonal = int(scan.image.get("/BitsPerComponent", 8)) == 1
    return PageImage(pixels, scan.dpi, taken[1], is_bitonal)


def _has_visible_annotations(page: pikepdf.Page) -> bool:
    annotations = page.obj.get("/Annots", ())
    return any(str(annotation.get("/Subtype", "")) not in _SILENT_ANNOTATIONS for annotation in annotations)


def _only_image(page: pikepdf.Page) -> tuple[pikepdf.Object, Matrix] | None:
    contents = page.obj.get("/Contents")
    if contents is None:
        return None
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    if sum(int(stream.get("/Length", 0)) for stream in streams) > MOST_CONTENT_BYTES:
        return None
    walk = _Walk(_UNIT, [])
    for instruction in pikepdf.parse_content_stream(page):
        operands = [*instruction.operands]
        if not _step(walk, page, operands, str(instruction.operator)):
            return None
    return walk.placed


def _step(walk: _Walk, page: pikepdf.Page, operands: list[pikepdf.Object], operator: str) -> bool:
    """Follows one instruction; False when it may leave a mark of its own."""
    match operator:
        case "q":
            walk.stack.append(walk.matrix)
        case "Q":
            walk.matrix = walk.stack.pop() if walk.stack else walk.matrix
        case "cm":
            walk.matrix = _times(_matrix(operands), walk.matrix)
        case "Do":
            return _place(walk, page, operands[0])
        case "gs":
            return _is_harmless_state(page, operands[0])
        case "Tr":
            walk.is_text_hidden = int(operands[0]) == _INVISIBLE
        case "BT" | "ET":
            pass
        case _ if operator in _SHOW_TEXT:
            return walk.is_text_hidden
        case _:
            return operator in _HARMLESS or operator in _TEXT
    return True


def _place(walk: _Walk, page: pikepdf.Page, name: pikepdf.Object) -> bool:
    image = page.obj.Resources.XObject[str(name)]
    if walk.placed is not None or image.get("/Subtype") != pikepdf.Name.Image:
        return False
    walk.placed = (image, walk.matrix)
    return True


def _is_harmless_state(page: pikepdf.Page, name: pikepdf.Object) -> bool:
    state = page.obj.Resources.ExtGState[str(name)]
    return all(key in _HARMLESS_STATE for key in state)


def _matrix(operands: list[pikepdf.Object]) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in operands)
    return a, b, c, d, e, f


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _placed_scan(page: pikepdf.Page, image: pikepdf.Object, matrix: Matrix) -> Scan | None:
    a, b, c, d, *_ = matrix
    slack = 0.001 * max(abs(value) for value in (a, b, c, d))
    is_upright, is_lying = abs(b) <= slack and abs(c) <= slack, abs(a) <= slack and abs(d) <= slack
    # A negative determinant mirrors the image.
    if not (is_upright or is_lying) or a * d - b * c <= 0 or not _covers(page, matrix):
        return None
    turns = (0 if a > 0 else 2) if is_upright else (1 if b > 0 else 3)
    width_in, height_in = (abs(a) + abs(b)) / POINTS_PER_INCH, (abs(c) + abs(d)) / POINTS_PER_INCH
    dpi = (int(image.Width) / width_in, int(image.Height) / height_in)
    turns = (turns - int(page.rotation) // 90) % 4
    return Scan(image, turns, dpi if turns % 2 == 0 else (dpi[1], dpi[0]))


def _covers(page: pikepdf.Page, matrix: Matrix) -> bool:
    a, b, c, d, e, f = matrix
    left, right = sorted((e, e + a + c))
    bottom, top = sorted((f, f + b + d))
    x0, y0, x1, y1 = shown_box(page)
    is_inside = left >= x0 - MOST_OUTSIDE and right <= x1 + MOST_OUTSIDE
    is_inside &= bottom >= y0 - MOST_OUTSIDE and top <= y1 + MOST_OUTSIDE
    return is_inside and right - left >= LEAST_COVER * (x1 - x0) and top - bottom >= LEAST_COVER * (y1 - y0)
