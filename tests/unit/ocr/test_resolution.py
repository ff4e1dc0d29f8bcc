"""Resolutions in the tags, wrong in the tags, and absent."""

import numpy as np
import pytest

from tests.builders.pages import FINE, STANDARD, SUPERFINE, faxed, paper, printed
from worker.ocr.resolution import trusted_dpi

ABSENT = (0.0, 0.0)


@pytest.mark.parametrize("dpi", [STANDARD, FINE, SUPERFINE])
@pytest.mark.parametrize("tagged", [ABSENT, (72.0, 72.0), (204.0, 196.0), (204.0, 98.0), (1.0, 1.0)])
def test_a_whole_fax_sheet_gets_its_own_resolution(dpi: tuple[float, float], tagged: tuple[float, float]) -> None:
    page = faxed(printed(), dpi)

    trusted = trusted_dpi(page, tagged)

    assert trusted == dpi


def test_a_cut_fine_page_is_not_taken_for_a_standard_one() -> None:
    page = faxed(printed(), FINE)[:1203]

    trusted = trusted_dpi(page, FINE)

    assert trusted == FINE


@pytest.mark.parametrize("dpi", [STANDARD, FINE, SUPERFINE])
def test_an_empty_fax_sheet_goes_by_its_height(dpi: tuple[float, float]) -> None:
    page = faxed(paper(), dpi)

    trusted = trusted_dpi(page, ABSENT)

    assert trusted == dpi


def test_a_scanner_may_have_as_many_columns_as_a_fax() -> None:
    page = np.full((2200, 1728), 255, np.uint8)

    trusted = trusted_dpi(page, (200.0, 200.0))

    assert trusted == (200.0, 200.0)


@pytest.mark.parametrize(
    ("size", "tagged", "expected"),
    [
        ((2550, 3300), ABSENT, (300.0, 300.0)),
        ((3300, 2550), ABSENT, (300.0, 300.0)),
        ((2550, 3300), (72.0, 72.0), (300.0, 300.0)),
        ((2550, 3300), (300.0, 300.0), (300.0, 300.0)),
        ((1700, 2200), (5000.0, 5000.0), (200.0, 200.0)),
        ((1734, 2244), (204.0, 204.0), (204.0, 204.0)),
        ((850, 1400), (100.0, 100.0), (100.0, 100.0)),
    ],
)
def test_scans(size: tuple[int, int], tagged: tuple[float, float], expected: tuple[float, float]) -> None:
    page = np.full(size[::-1], 255, np.uint8)

    trusted = trusted_dpi(page, tagged)

    assert trusted == pytest.approx(expected, rel=0.01)
