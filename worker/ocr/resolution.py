"""Which resolution to believe: what the tags say is often absent or wrong, and fax pixels are not square.

Fax machines write 1728 pixels over 8.46 inches (204 dpi) and 98, 196 or 391 rows an inch (ITU-T T.4, T.30).
"""

import cv2
import numpy as np

from worker.ocr.images import Pixels

#: Widths of a fax row and their resolution across, in dots per inch (A4/Letter, B4, A3; 408 dpi for the doubles).
FAX_WIDTHS = {1728: 204.0, 2048: 204.0, 2432: 204.0, 3456: 408.0, 4096: 408.0, 4864: 408.0}
FAX_ROWS = (98.0, 196.0, 391.0)
#: Inches between which the longer and the shorter side of a sheet are believed.
SHORTEST_SIDE, LONGEST_SIDE = 3.5, 24.0
#: Page heights of a whole fax sheet in inches: Letter with the sender's line or margins cut off, up to Legal.
WHOLE_SHEET = (10.0, 14.4)
LETTER_WIDTH, LETTER_HEIGHT = 8.5, 11.0
LOWEST_DPI, HIGHEST_DPI = 50.0, 1_300.0


def trusted_dpi(pixels: Pixels, tagged: tuple[float, float]) -> tuple[float, float]:
    """The resolution (across, down) in dots per inch of a stored page (H, W); `tagged` may be zeros."""
    height, width = pixels.shape
    if width in FAX_WIDTHS and not _is_square(tagged, width):
        return FAX_WIDTHS[width], _fax_rows(pixels, tagged[1])
    return tagged if _is_plausible(tagged, width, height) else _guess(width, height)


def _is_square(tagged: tuple[float, float], width: int) -> bool:
    """A scanner's page that happens to be as wide as a fax: 1728 dots at 200 x 200 are legal as well."""
    across, down = tagged
    near_fax = abs(across - FAX_WIDTHS[width]) <= 0.05 * FAX_WIDTHS[width]
    return across > 0 and abs(across - down) < 0.01 * across and near_fax


def _fax_rows(pixels: Pixels, tagged: float) -> float:
    """Rows an inch. A height that makes a whole sheet of the tagged value decides, else the shape of the letters."""
    height = pixels.shape[0]
    nearest = min(FAX_ROWS, key=lambda rows: abs(rows - tagged))
    is_fax_value = abs(nearest - tagged) < 0.06 * nearest
    if is_fax_value and WHOLE_SHEET[0] <= height / nearest <= WHOLE_SHEET[1]:
        return tagged
    by_shape = _rows_by_letters(pixels)
    if is_fax_value and by_shape in (None, nearest):
        return tagged
    whole = [rows for rows in FAX_ROWS if WHOLE_SHEET[0] <= height / rows <= WHOLE_SHEET[1]]
    if by_shape is not None and not (whole and not is_fax_value):
        return by_shape
    return whole[0] if whole else _nearest_sheet(height)


def _nearest_sheet(height: int) -> float:
    return min(FAX_ROWS, key=lambda rows: abs(np.log(height / rows / LETTER_HEIGHT)))


def _rows_by_letters(pixels: Pixels) -> float | None:
    """Rows an inch that make letters as wide as high; None when there are too few letters to tell."""
    ink = (pixels < 128).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    widths, heights = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    letters = (widths >= 8) & (widths <= 40) & (heights >= 4) & (heights <= 100)
    if int(letters.sum()) < 40:
        return None
    shape = float(np.median(heights[letters] / widths[letters]))
    # Letters of print are about 1.15 times as high as wide in the median.
    rows = 204.0 * shape / 1.15
    return min(FAX_ROWS, key=lambda known: abs(np.log(known / rows)))


def _is_plausible(tagged: tuple[float, float], width: int, height: int) -> bool:
    across, down = tagged
    if not (LOWEST_DPI <= across <= HIGHEST_DPI and LOWEST_DPI <= down <= HIGHEST_DPI):
        return False
    sides = sorted((width / across, height / down))
    is_stretched = max(across, down) > 4.5 * min(across, down)
    return sides[0] >= SHORTEST_SIDE and sides[1] <= LONGEST_SIDE and not is_stretched


def _guess(width: int, height: int) -> tuple[float, float]:
    """Square pixels, as if the image were a whole Letter sheet, upright or lying."""
    short, long = sorted((width, height))
    dpi = max(short / LETTER_WIDTH, long / LETTER_HEIGHT)
    dpi = min(max(round(dpi, 1), LOWEST_DPI), HIGHEST_DPI)
    return dpi, dpi
