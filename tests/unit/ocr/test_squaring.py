"""Pages made smaller and straightened: what the short cuts leave out is not missed."""

import cv2
import numpy as np
import pytest

from tests.builders.pages import PROSE, paper, printed
from worker.ocr.images import Pixels
from worker.ocr.squaring import reduced, straighten


def turned_whole(pixels: Pixels, skew: float) -> Pixels:
    height, width = pixels.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    return np.asarray(cv2.warpAffine(pixels, matrix, (width, height), borderValue=255), np.uint8)


@pytest.mark.parametrize("skew", [-7.5, -0.4, 1.2, 6.0])
def test_straightening_the_print_alone_is_straightening_the_page(skew: float) -> None:
    page = np.asarray(printed(PROSE), np.uint8)

    straight = straighten(page, skew)

    assert int(cv2.absdiff(straight, turned_whole(page, skew)).max()) == 0


def test_print_up_to_the_edges_is_straightened_as_well() -> None:
    page = np.full((300, 200), 255, np.uint8)
    page[0, :] = page[-1, :] = page[:, 0] = page[:, -1] = 0

    straight = straighten(page, 2.0)

    assert int(cv2.absdiff(straight, turned_whole(page, 2.0)).max()) == 0


def test_an_empty_page_stays_empty() -> None:
    empty = np.asarray(paper(), np.uint8)

    assert (straighten(empty, 3.0) == 255).all()


@pytest.mark.parametrize(("across", "down"), [(2, 1), (3, 3), (4, 4), (8, 4)])
def test_a_reduced_page_has_the_means_of_its_cells(across: int, down: int) -> None:
    rng = np.random.default_rng(4)
    page = rng.integers(0, 256, (83, 61), np.uint8)
    height, width = 83 // down, 61 // across
    cells = page[: height * down, : width * across].reshape(height, down, width, across)

    small = reduced(page, across, down)

    assert small.shape == (height, width)
    assert np.abs(small - cells.mean(axis=(1, 3))).max() <= 1.0
