"""Says whether a page is blank: nothing on it that could be print or writing.

Punch holes, staple marks, black scanner edges, specks and shadows of the other side are not content. One short
typed or written line is: when in doubt the page is not blank, for a blank page is never looked at again.
"""

import numpy as np

from worker.ocr.boxes import Boxes, Flags, Floats

#: Inches: strokes of writing are longer than this in one direction, letters of print are higher than the second.
LEAST_STROKE_IN, LEAST_LETTER_IN = 0.09, 0.045
#: Two letters this near to each other (inches) are a word.
WORD_REACH_IN = 0.3
#: Holes are this wide (inches), nearly as high, and stand within the second distance of an edge.
HOLE_IN = (0.15, 0.36)
HOLE_EDGE_IN = 0.9


def is_blank(boxes: Boxes) -> bool:
    """Nothing among the blobs of ink (boxes in inches) could have been written.

    Specks, streaks and what touches the edge must have been removed before.
    """
    wide, tall = boxes.wide, boxes.tall
    marks = ~_is_hole(boxes) & (np.maximum(wide, tall) >= LEAST_LETTER_IN)
    if (marks & (np.maximum(wide, tall) >= 2.5 * LEAST_STROKE_IN)).any():
        return False
    letters = np.flatnonzero(marks)
    return not _have_neighbours(boxes.left[letters], boxes.top[letters])


def _is_hole(boxes: Boxes) -> Flags:
    wide, tall = boxes.wide, boxes.tall
    is_round = (np.abs(wide - tall) < 0.25 * np.maximum(wide, tall)) & (wide >= HOLE_IN[0]) & (wide <= HOLE_IN[1])
    to_side = np.minimum(boxes.left, boxes.width - boxes.right)
    to_end = np.minimum(boxes.top, boxes.height - boxes.bottom)
    return np.asarray(is_round & (np.minimum(to_side, to_end) < HOLE_EDGE_IN))


def _have_neighbours(left: Floats, top: Floats) -> bool:
    """Two of these points lie within reach of each other."""
    if len(left) > 200:
        return True
    across, down = np.abs(left[:, None] - left), np.abs(top[:, None] - top)
    near = (across < WORD_REACH_IN) & (down < WORD_REACH_IN)
    return int(near.sum()) > len(left)
