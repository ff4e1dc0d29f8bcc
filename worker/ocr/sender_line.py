"""Cuts out the line that a sending fax machine prints above a page: date, name, number, page of the call.

It is upright even where the sheet below was fed upside down, and it speaks of the sender, never of the patient.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from worker.ocr.images import PageImage, Pixels
from worker.ocr.resolution import FAX_WIDTHS

#: In inches: where the line begins at the latest, how tall it may be, and how much white parts it from the sheet.
LATEST_TOP_IN = 0.16
TALLEST_IN, LEAST_TALL_IN = 0.22, 0.05
LEAST_GAP_IN = 0.03
#: The line has letters over at least this share of the width, and no row of it is mostly black.
LEAST_SPREAD, MOST_ROW_INK = 0.12, 0.45
#: Pixels a row may have and still count as white: noise and streaks.
NOISE_SHARE = 0.012


def find_sender_rows(image: PageImage, ink: Pixels) -> int:
    """How many rows at the top of the ink mask (H, W) hold a fax machine's line; 0 when there is none."""
    height, width = ink.shape
    if width not in FAX_WIDTHS or not image.is_bitonal:
        return 0
    rows_per_inch = image.dpi[1]
    looked_at = min(height, int((LATEST_TOP_IN + TALLEST_IN + 0.2) * rows_per_inch))
    inked = _text_rows(ink[:looked_at])
    top = int(np.argmax(inked)) if inked.any() else looked_at
    if top > LATEST_TOP_IN * rows_per_inch:
        return 0
    gap = max(2, round(LEAST_GAP_IN * rows_per_inch))
    end = _end_of_line(inked, top, gap)
    tall = end - top
    if not LEAST_TALL_IN * rows_per_inch <= tall <= TALLEST_IN * rows_per_inch:
        return 0
    return min(end + gap // 2, height) if _is_text(ink[top:end]) else 0


def _text_rows(top: Pixels) -> NDArray[np.bool_]:
    """Rows with more ink than noise; columns that are black all the way down (streaks, borders) do not count."""
    free = top[:, top.mean(axis=0) < 0.8]
    return np.asarray(free.sum(axis=1) > max(3.0, NOISE_SHARE * free.shape[1]))


def _end_of_line(inked: NDArray[np.bool_], top: int, gap: int) -> int:
    """The first row after `top` that starts a gap of at least `gap` white rows; the length when there is none."""
    white = 0
    for row in range(top, len(inked)):
        white = 0 if inked[row] else white + 1
        if white == gap:
            return row - gap + 1
    return len(inked)


def _is_text(band: Pixels) -> bool:
    """Letters spread over part of the width, rather than a rule, a border or a barcode."""
    columns = band.any(axis=0)
    share = float(columns.mean())
    if not LEAST_SPREAD <= share <= 0.9 or float(band.mean(axis=1).max()) > MOST_ROW_INK:
        return False
    count, _ = cv2.connectedComponents(band, connectivity=8)
    return count > 12
