"""A place on the sheet as it was fed is found again on the upright page."""

import numpy as np
import pytest

from worker.domain.reading import Box
from worker.ocr.squaring import straighten, turn
from worker.ocr.upright import upright_box

#: A sheet as it was fed, and a black mark on it.
FED_HEIGHT, FED_WIDTH = 900, 600
MARK = Box(60, 20, 200, 40)
#: Pixels that straightening may blur away or add.
SLACK = 3


@pytest.mark.parametrize("skew", [0.0, 2.5, -2.5])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_box_lies_around_the_mark(rotation: int, skew: float) -> None:
    sheet = np.full((FED_HEIGHT, FED_WIDTH), 255, np.uint8)
    sheet[MARK.top : MARK.top + MARK.height, MARK.left : MARK.left + MARK.width] = 0
    upright = turn(sheet, rotation)
    page = straighten(upright, skew) if skew else upright

    box = upright_box(MARK, rotation, skew, (page.shape[1], page.shape[0]))

    rows, columns = np.nonzero(page < 128)
    found = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert np.abs(np.array(found) - (box.left, box.top, box.left + box.width, box.top + box.height)).max() <= SLACK


def test_what_leaves_the_page_is_cut_off() -> None:
    box = upright_box(Box(0, 0, FED_WIDTH, 12), 0, 3.0, (FED_WIDTH, FED_HEIGHT))

    assert (box.left, box.top) == (0, 0)
    assert 0 < box.width <= FED_WIDTH
