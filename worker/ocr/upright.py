"""Where a place on the sheet as it was fed comes to lie once the page is upright and straight."""

import cv2
import numpy as np

from worker.domain.reading import Box


def upright_box(box: Box, rotation: int, skew: float, size: tuple[int, int]) -> Box:
    """The smallest box on the upright page of this size (width, height) around a box on the sheet before it was turned.

    `rotation` and `skew` as in CleanPage. What skew moves off the page is cut off.
    """
    width, height = size
    corners = np.array([[box.left, box.top], [box.left + box.width, box.top + box.height]], np.float64)
    fed = (height, width) if rotation in (90, 270) else (width, height)
    for _ in range(rotation // 90):
        corners = np.column_stack((fed[1] - corners[:, 1], corners[:, 0]))
        fed = fed[1], fed[0]
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    points = np.array([(x, y, 1.0) for x in (left, right) for y in (top, bottom)]) @ np.asarray(matrix).T
    low = np.clip(np.floor(points.min(axis=0)), 0, (width - 1, height - 1))
    high = np.clip(np.ceil(points.max(axis=0)), low + 1, (width, height))
    return Box(int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1]))
