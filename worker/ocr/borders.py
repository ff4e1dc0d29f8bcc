"""Finds the black edges that a scanner leaves around a sheet: they are not ink."""

import numpy as np

from worker.ocr.boxes import Boxes, Flags

#: Inches from the edge within which a border begins, and how long it is at least along the edge.
EDGE_IN, LENGTH_IN = 0.06, 0.8
#: Inches: what reaches further into the sheet than this is print that runs off it.
DEPTH_IN = 1.2


def find_borders(boxes: Boxes) -> Flags:
    """Marks the blobs (N,) that are a scanner's black edge or a rest of one."""
    to_side = np.minimum(boxes.left, boxes.width - boxes.right)
    to_end = np.minimum(boxes.top, boxes.height - boxes.bottom)
    at_side = (to_side < EDGE_IN) & (boxes.tall > LENGTH_IN) & (boxes.wide < DEPTH_IN)
    at_end = (to_end < EDGE_IN) & (boxes.wide > LENGTH_IN) & (boxes.tall < DEPTH_IN)
    around = (to_side < EDGE_IN) & (to_end < EDGE_IN) & (boxes.wide > 0.9 * boxes.width)
    return np.asarray(at_side | at_end | (around & (boxes.tall > 0.9 * boxes.height)))
