"""A coarse picture of a page's ink in a few hundred characters, to recognise a page that came twice."""

import cv2
import numpy as np

from worker.ocr.images import Pixels

#: Cells across and down. Two of the 16 tones of hex are never told apart by noise alone.
COLUMNS, ROWS = 32, 42


def look(pixels: Pixels) -> str:
    """The ink density of each cell of a clean page (H, W; 0 is ink), row by row, one hex digit a cell.

    Margins are cut away first, so that a shifted copy looks alike. An empty page has an empty look.
    """
    dark = (255 - cv2.resize(pixels, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)).astype(np.float32)
    rows, columns = dark.max(axis=1) > 64, dark.max(axis=0) > 64
    if not rows.any() or not columns.any():
        return ""
    top, bottom = int(np.argmax(rows)), len(rows) - int(np.argmax(rows[::-1]))
    left, right = int(np.argmax(columns)), len(columns) - int(np.argmax(columns[::-1]))
    cells = cv2.resize(dark[top:bottom, left:right], (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    tones = np.clip(np.sqrt(cells / 255.0) * 20.0, 0, 15).astype(np.uint8)
    return "".join(f"{tone:x}" for tone in tones.ravel())
