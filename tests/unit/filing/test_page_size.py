"""How large a page of pixels is on paper."""

import pytest

from worker.filing.page_size import page_size

LETTER_WIDE = 1728 / 204 * 72


@pytest.mark.parametrize(
    ("pixels", "dpi", "inches"),
    [
        ((1728, 1146), (204.0, 98.0), (8.47, 11.69)),
        ((1728, 2292), (204.0, 196.0), (8.47, 11.69)),
        ((1728, 4584), (204.0, 391.0), (8.47, 11.72)),
        ((2550, 3300), (300.0, 300.0), (8.5, 11.0)),
        ((1728, 600), (204.0, 196.0), (8.47, 3.06)),
        ((1728, 7000), (204.0, 196.0), (8.47, 35.71)),
        ((600, 300), (200.0, 200.0), (3.0, 1.5)),
    ],
)
def test_believable_tags_are_believed(
    pixels: tuple[int, int], dpi: tuple[float, float], inches: tuple[float, float]
) -> None:
    size = page_size(*pixels, dpi, is_bilevel=True)

    assert size == pytest.approx([inch * 72 for inch in inches], abs=0.5)


@pytest.mark.parametrize("dpi", [None, (72.0, 72.0), (96.0, 96.0), (1.0, 1.0), (0.0, 0.0), (float("nan"), 98.0)])
@pytest.mark.parametrize(("height", "lines"), [(1078, 98), (1146, 98), (2156, 196), (2292, 196), (4584, 391)])
def test_lines_of_a_fax_without_usable_tags_make_a_fax_page(
    dpi: tuple[float, float] | None, height: int, lines: int
) -> None:
    wide, high = page_size(1728, height, dpi, is_bilevel=True)

    assert wide == pytest.approx(LETTER_WIDE)
    assert high == pytest.approx(height / lines * 72)


@pytest.mark.parametrize("dpi", [None, (72.0, 72.0), (float("inf"), 1.0), (-200.0, 200.0)])
def test_photo_without_usable_tags_fits_letter(dpi: tuple[float, float] | None) -> None:
    wide, high = page_size(3000, 4000, dpi, is_bilevel=False)

    assert high == pytest.approx(792)
    assert wide == pytest.approx(594)


def test_tags_that_only_give_the_shape_of_a_pixel_keep_it() -> None:
    wide, high = page_size(1700, 1100, (2.0, 1.0), is_bilevel=False)

    assert wide / high == pytest.approx(1700 / 2200)


def test_grey_picture_of_a_fax_line_length_is_not_a_fax() -> None:
    wide, high = page_size(1728, 1117, None, is_bilevel=False)

    assert wide / high == pytest.approx(1728 / 1117)


def test_no_page_is_larger_than_pdf_allows() -> None:
    wide, high = page_size(2000, 10_000_000, (200.0, 200.0), is_bilevel=True)

    assert high <= 14_400
    assert wide >= 3
