"""How large a page of pixels is on paper, when tags say it, say nonsense, or say nothing."""

from math import isfinite

Dpi = tuple[float, float]

#: Points (1/72 inch) are what PDF counts in.
POINTS_PER_INCH = 72.0
#: ITU-T T.30 line lengths (pixels) -> pixels per inch along the line.
FAX_DPI = {
    1728: 204, 2048: 204, 2432: 204,
    2592: 300, 3072: 300, 3648: 300,
    3456: 408, 4096: 408, 4864: 408,
}  # fmt: skip
#: Lines per inch of a fax: standard, fine, superfine (3.85, 7.7 and 15.4 lines/mm); 300 and 408 have one each.
FAX_LINES = {204: (98, 196, 391), 300: (300,), 408: (391,)}
#: The usual height of a faxed page, between Letter and A4, in inches.
USUAL_HEIGHT = 11.35
#: Nobody scans sheets whose short side is longer (A3 has 11.7 inches).
LONGEST_SHORT_SIDE = 12.5
SMALLEST_SIDE = 0.5
#: PDF 1.7, annex C.2: the largest page side, in points.
LARGEST_SIDE = 14_400.0
SMALLEST_POINTS = 3.0


def page_size(width: int, height: int, dpi: Dpi | None, *, is_bilevel: bool) -> tuple[float, float]:
    """Width and height in points of an image of `width` by `height` pixels.

    `dpi` is what the file says (across, down), or None. Non-square fax pixels (204x98) come out right; a
    file without usable tags is a fax page when its lines have a fax's length, else it is fitted to Letter.
    """
    if dpi and _is_believable(width, height, dpi, is_bilevel=is_bilevel):
        across, down = dpi
    else:
        across, down = _guess(width, height, dpi, is_bilevel=is_bilevel)
    return _in_points(width / across, height / down)


def _in_points(wide: float, high: float) -> tuple[float, float]:
    """Inches to points, within what a PDF page may measure."""
    scale = POINTS_PER_INCH * min(1.0, LARGEST_SIDE / POINTS_PER_INCH / max(wide, high))
    return _side(wide * scale), _side(high * scale)


def _side(points: float) -> float:
    return min(LARGEST_SIDE, max(SMALLEST_POINTS, points))


def _is_believable(width: int, height: int, dpi: Dpi, *, is_bilevel: bool) -> bool:
    if not all(isfinite(value) and value > 0 for value in dpi):
        return False
    wide, high = width / dpi[0], height / dpi[1]
    if is_bilevel and width in FAX_DPI and not 8 <= wide <= LONGEST_SHORT_SIDE:
        return False
    return SMALLEST_SIDE <= min(wide, high) <= LONGEST_SHORT_SIDE and _is_sane_ratio(dpi)


def _is_sane_ratio(dpi: Dpi) -> bool:
    return all(isfinite(value) and value > 0 for value in dpi) and 0.2 <= dpi[0] / dpi[1] <= 5


def _guess(width: int, height: int, dpi: Dpi | None, *, is_bilevel: bool) -> Dpi:
    if is_bilevel and width in FAX_DPI:
        across = FAX_DPI[width]
        return across, min(FAX_LINES[across], key=lambda lines: abs(height / lines - USUAL_HEIGHT))
    ratio = dpi[0] / dpi[1] if dpi and _is_sane_ratio(dpi) else 1.0
    square_height = height * ratio  # in pixels as wide as those across
    short, long = sorted((float(width), square_height))
    across_square = max(short / 8.5, long / 11)
    return across_square, across_square / ratio
