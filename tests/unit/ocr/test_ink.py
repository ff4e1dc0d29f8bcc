"""Blobs of ink: where they stand, holes and nested ones, and taking some away."""

import numpy as np

from worker.ocr.images import Pixels
from worker.ocr.ink import Blobs, find_blobs, without


def page(rows: str) -> Pixels:
    return np.array([[int(sign == "#") for sign in row] for row in rows.split()], np.uint8)


def boxes(blobs: Blobs) -> set[tuple[int, ...]]:
    return set(zip(*(side.tolist() for side in (blobs.left, blobs.top, blobs.width, blobs.height)), strict=True))


def test_a_page_without_ink_has_no_blobs() -> None:
    blobs = find_blobs(np.zeros((9, 7), np.uint8))

    assert (len(blobs), blobs.seed.shape, blobs.shape) == (0, (0, 2), (9, 7))


def test_corners_that_touch_connect() -> None:
    blobs = find_blobs(page("#..... .#...# ..#..#"))

    assert boxes(blobs) == {(0, 0, 3, 3), (5, 1, 1, 2)}


def test_a_hole_is_no_blob_and_what_stands_in_it_is_one() -> None:
    blobs = find_blobs(page("##### #...# #.#.# #...# #####"))

    assert boxes(blobs) == {(0, 0, 5, 5), (2, 2, 1, 1)}


def test_the_seed_of_each_blob_takes_it_away_alone() -> None:
    ink = page("##..#. ##..#. ...... .#####")
    blobs = find_blobs(ink)

    for k in range(len(blobs)):
        rest = without(ink, blobs, np.arange(len(blobs)) == k)

        box = np.s_[blobs.top[k] : blobs.top[k] + blobs.height[k], blobs.left[k] : blobs.left[k] + blobs.width[k]]
        assert not rest[box].any()
        assert int(rest.sum()) == int(ink.sum()) - int(ink[box].sum())
