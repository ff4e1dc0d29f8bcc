"""Text lines found on drawn pages and cut out with the way back to the page."""

import cv2
import numpy as np
import pytest

from tests.builders.pages import FINE, NUMBERS, PROSE, faxed, paper, printed, speckled, write
from worker.domain.reading import Box, Region
from worker.ocr.images import Pixels
from worker.ocr.lines import GAP_KEPT, MARGIN, TextLine, find_lines
from worker.ocr.text_lines import (
    ENGINE_HEIGHT,
    FOOT_LINES,
    HEAD_LINES,
    MOST_LINES,
    SECOND_SCALE,
    choose_lines,
    for_engine,
)


def pixels_of(sheet: object) -> Pixels:
    return np.asarray(sheet, np.uint8)


def test_every_line_of_prose_is_one_line_in_order() -> None:
    lines = find_lines(pixels_of(printed(PROSE)))

    assert len(lines) == len(PROSE)
    assert [line.box.top for line in lines] == sorted(line.box.top for line in lines)


def test_a_label_and_its_value_across_a_wide_gap_are_one_line() -> None:
    sheet = paper()
    write(sheet, ["Request ID:"], at_in=(1.0, 1.0))
    write(sheet, ["20261100017"], at_in=(5.5, 1.0))

    (line,) = find_lines(pixels_of(sheet))

    assert len(line.pieces) == 2
    assert line.image.shape[1] < line.box.width / 2


def test_a_place_in_the_cut_line_is_found_again_on_the_page() -> None:
    sheet = paper()
    write(sheet, ["Request ID:"], at_in=(1.0, 1.0))
    write(sheet, ["20261100017"], at_in=(5.5, 1.0))
    (line,) = find_lines(pixels_of(sheet))
    value = line.pieces[1]

    place = line.on_page(Box(value.cut_left + 10, MARGIN + 3, 50, 20))

    assert (place.left, place.top) == (value.box.left + 10, line.box.top + 3)
    assert abs(value.box.left - 5.5 * 204) < 30


def test_rules_and_frames_are_not_in_the_cut_lines() -> None:
    sheet = printed(["Resident: Brown, Janet", "DOB: 03/04/1951"])
    plain = find_lines(pixels_of(sheet))
    framed = pixels_of(sheet).copy()
    framed[190:192, 150:1400] = framed[330:332, 150:1400] = 0
    framed[190:332, 150:152] = framed[190:332, 1398:1400] = 0

    found = find_lines(framed)

    assert len(found) == len(plain) == 2
    assert [line.image.shape for line in found] == [line.image.shape for line in plain]


def test_pieces_of_a_broken_frame_do_not_join_the_lines_beside_them() -> None:
    pixels = pixels_of(printed(PROSE)).copy()
    bottom = find_lines(pixels)[-1].box.top + 20
    for top in range(200, bottom, 60):
        pixels[top : top + 50, 190:194] = 0

    assert len(find_lines(pixels)) == len(PROSE)


def test_a_table_whose_rules_are_broken_is_read_row_by_row() -> None:
    pixels = pixels_of(printed(NUMBERS)).copy()
    rows = [(line.box.top, line.box.top + line.box.height) for line in find_lines(pixels)]
    for edge in [rows[0][0] - 8, *(bottom + 4 for _, bottom in rows)]:
        pixels[edge : edge + 3, 150:1500] = 0
    for column in (150, 700, 1100, 1500):
        pixels[rows[0][0] - 8 : rows[-1][1] + 6, column : column + 3] = 0
    pixels[:, 300:1500:97] = pixels[rows[0][0] :: 83, :] = 255

    found = find_lines(pixels)

    assert [line.box.top for line in found] == pytest.approx([top for top, _ in rows], abs=4)
    assert [line.box.top + line.box.height for line in found] == pytest.approx([end for _, end in rows], abs=4)


def test_a_tracing_on_a_grid_is_no_text() -> None:
    pixels = pixels_of(printed(["44 bpm 25 mm/s"])).copy()
    (title,) = find_lines(pixels)
    pixels[600:1001:80, 200:1400] = pixels[600:1000, 200:1400:80] = 0
    beats = [(x, 800 - (0, 12, -10, 150, -40, 20)[k % 6]) for k, x in enumerate(range(200, 1400, 20))]
    cv2.polylines(pixels, [np.array(beats)], isClosed=False, color=(0,), thickness=4)

    assert [line.box for line in find_lines(pixels)] == [title.box]


def test_an_empty_page_and_one_of_specks_have_no_lines() -> None:
    empty = pixels_of(paper())

    assert find_lines(empty) == ()
    assert find_lines(speckled(empty, 0.001)) == ()


def test_a_fax_of_figures_keeps_its_rows() -> None:
    lines = find_lines(faxed(printed(NUMBERS), FINE))

    assert len(lines) == len(NUMBERS)


def short_lines(count: int) -> tuple[TextLine, ...]:
    """Short lines but for one, as in a letter."""
    return find_lines(
        pixels_of(printed([f"line {'x' * 30 if k == 1 else ''} number {k}" for k in range(count)], points=9))
    )


def test_bands_are_the_first_lines_and_the_last() -> None:
    lines = short_lines(30)

    bands = choose_lines(lines, Region.BANDS)

    assert len(bands) == HEAD_LINES + FOOT_LINES
    assert bands[0] is lines[0]
    assert bands[-1] is lines[-1]


def test_running_text_is_not_in_the_bands() -> None:
    lines = find_lines(pixels_of(printed([*PROSE, "Electronically signed R Hill", "Page 1 of 2"])))

    bands = choose_lines(lines, Region.BANDS)

    assert [line.box.top for line in bands] == [lines[k].box.top for k in (0, 1, 2, -2, -1)]


@pytest.mark.parametrize("count", [0, 1, 2, 6, 7, 8, 15, 16, 40])
def test_the_regions_share_no_line_and_make_up_the_page(count: int) -> None:
    lines = short_lines(count) if count else ()

    parts = [choose_lines(lines, region) for region in (Region.BANDS, Region.WIDER, Region.FULL, Region.PROSE)]

    tops = sorted(line.box.top for part in parts for line in part)
    assert tops == [line.box.top for line in lines]


def test_a_page_of_noise_is_not_read_for_ever() -> None:
    lines = short_lines(3) * 100

    assert (
        sum(len(choose_lines(lines, region)) for region in (Region.BANDS, Region.WIDER, Region.FULL, Region.PROSE))
        == MOST_LINES
    )


def test_tall_lines_are_handed_over_small_and_a_second_opinion_gets_them_large() -> None:
    line = short_lines(1)[0]

    small, by = for_engine(line.image, Region.BANDS)
    large, times = for_engine(line.image, Region.BANDS_AGAIN)

    assert small.shape[0] == ENGINE_HEIGHT
    assert by == pytest.approx(ENGINE_HEIGHT / line.image.shape[0])
    assert large.shape[0] > line.image.shape[0]
    assert times == SECOND_SCALE


def test_wide_gaps_shrink_to_about_the_size_of_a_blank() -> None:
    sheet = paper()
    write(sheet, ["left"], at_in=(1.0, 1.0))
    write(sheet, ["right"], at_in=(6.0, 1.0))

    (line,) = find_lines(pixels_of(sheet))

    between = line.pieces[1].cut_left - (line.pieces[0].cut_left + line.pieces[0].box.width)
    assert 0 < between < 60 * GAP_KEPT
