"""What cleanup does to a page: square, upright, straight, free of dirt, and nothing of the print lost."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.builders.pages import (
    FINE,
    MONO,
    NUMBERS,
    PROSE,
    SANS,
    SERIF,
    STANDARD,
    SUPERFINE,
    faxed,
    paper,
    printed,
    speckled,
    streaked,
    tilted,
    write,
)
from worker.matching.look_alike import likeness
from worker.ocr.cleanup import CleanPage, clean
from worker.ocr.images import PageImage, Pixels

SURE = 0.98


def fax(sheet: Image.Image, dpi: tuple[float, float] = FINE, noise: float = 0.0) -> PageImage:
    return PageImage(speckled(faxed(sheet, dpi), noise), dpi, is_bitonal=True)


def scan(sheet: Image.Image) -> PageImage:
    return PageImage(np.asarray(sheet), (204.0, 204.0))


def ink_in_common(page: CleanPage, original: Image.Image) -> float:
    """Share of the clean page's ink that stands on or beside the original's ink, and the other way round."""
    sheet = np.asarray(original.resize(page.pixels.shape[::-1]))
    here, there = page.pixels < 128, sheet < 160
    return min(float((near(there) & here).sum() / here.sum()), float((near(here) & there).sum() / there.sum()))


def near(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Ink grown by three pixels on each side."""
    return np.asarray(cv2.dilate(ink.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0)


@pytest.mark.parametrize("dpi", [STANDARD, FINE, SUPERFINE])
def test_fax_pixels_become_square(dpi: tuple[float, float]) -> None:
    image = fax(printed(), dpi)

    page = clean(image)

    assert page.dpi == 204.0
    assert page.pixels.shape[1] == 1728
    assert abs(page.pixels.shape[0] - 11.0 * 204) <= 2
    assert ink_in_common(page, printed()) > 0.97


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("dpi", [STANDARD, FINE])
def test_pages_are_brought_upright(rotation: int, dpi: tuple[float, float]) -> None:
    lying = printed().rotate(rotation, expand=True, fillcolor=255)
    if rotation % 180:
        sheet = paper()
        sheet.paste(lying.crop((0, 0, sheet.width, lying.height)))
        lying = sheet

    page = clean(fax(lying, dpi, noise=0.002))

    assert page.rotation == rotation
    assert page.rotation_confidence > SURE


@pytest.mark.parametrize("lines", [PROSE, NUMBERS], ids=["prose", "numbers"])
@pytest.mark.parametrize("font", [SANS, SERIF, MONO], ids=["sans", "serif", "mono"])
@pytest.mark.parametrize("degrees", [0.0, 2.5, -5.0])
@pytest.mark.parametrize("is_on_its_head", [False, True])
def test_a_confident_answer_is_right(
    lines: tuple[str, ...], font: object, degrees: float, is_on_its_head: bool
) -> None:
    sheet = tilted(printed(lines, font=font), degrees)  # type: ignore[arg-type]  # the fonts are paths
    sheet = sheet.rotate(180) if is_on_its_head else sheet

    page = clean(fax(sheet, STANDARD, noise=0.003))

    assert page.rotation in (0, 180)
    assert page.rotation == (180 if is_on_its_head else 0) or page.rotation_confidence < SURE


@pytest.mark.parametrize("degrees", [-7.0, -3.2, -0.8, 0.0, 0.6, 2.0, 6.5])
def test_skew_is_measured_and_straightened(degrees: float) -> None:
    image = scan(tilted(printed(), degrees))

    page = clean(image)

    assert page.skew == pytest.approx(degrees, abs=0.2)
    assert ("straightened" in page.steps) == (abs(degrees) > 0.3)
    assert abs(clean(PageImage(page.pixels, (204.0, 204.0))).skew) <= 0.3


def test_a_clean_upright_scan_keeps_its_pixels() -> None:
    sheet = printed()

    page = clean(scan(sheet))

    assert page.rotation == 0
    assert page.skew == 0.0
    assert np.array_equal(page.pixels < 128, np.asarray(sheet) < 128)


def test_specks_go_and_points_stay() -> None:
    sheet = printed(("10.6  7.3  0.25  1,204.50", "e.g. i.e. J. R. Marlow, Jr."), font=MONO, points=10)
    noisy = fax(sheet, STANDARD, noise=0.005)

    page = clean(noisy)

    clean_one = clean(fax(sheet, STANDARD))
    lost = (clean_one.pixels < 128) & ~near(page.pixels < 128)
    assert lost.sum() == 0
    assert (page.pixels[1000:] < 128).mean() < 0.0005


def test_a_streak_goes_and_the_digits_it_crosses_stay() -> None:
    sheet = printed(NUMBERS, font=MONO, points=10)
    column = 1.0 * 204 + 13 * 10 * 204 / 72 * 0.6 + 30
    image = PageImage(streaked(faxed(sheet, STANDARD), round(column), 3), STANDARD, is_bitonal=True)

    page = clean(image)

    assert "streaks removed" in page.steps
    assert (page.pixels[:150] < 128).sum() == 0
    assert ink_in_common(page, sheet) > 0.97


def test_rules_of_a_table_are_no_reason_to_lose_its_digits() -> None:
    sheet = printed(NUMBERS, font=MONO, points=10)
    boxed = np.asarray(sheet).copy()
    for x in (190, 420, 800, 1300):
        boxed[190:850, x : x + 3] = 0
    for y in range(190, 851, 60):
        boxed[y : y + 3, 190:1300] = 0

    page = clean(fax(Image.fromarray(boxed), FINE))

    missed = (np.asarray(sheet.resize(page.pixels.shape[::-1])) < 100) & ~near(page.pixels < 128)
    assert missed.sum() == 0


def lit_from_one_side(sheet: Image.Image) -> Pixels:
    light = np.linspace(1.0, 0.45, sheet.width)
    return np.asarray(np.asarray(sheet, np.float64) * light * 0.9 + 10, np.uint8)


def test_uneven_light_is_evened_out() -> None:
    sheet = printed()

    page = clean(PageImage(lit_from_one_side(sheet), (204.0, 204.0)))

    assert page.pixels[:180].min() > 230
    assert ink_in_common(page, sheet) > 0.97


def test_faint_print_is_kept() -> None:
    faint = np.where(np.asarray(printed()) < 128, np.uint8(180), np.uint8(250))

    page = clean(PageImage(faint, (204.0, 204.0)))

    assert (page.pixels < 200).mean() > 0.8 * (np.asarray(printed()) < 128).mean()
    assert not page.is_blank


def test_black_borders_of_a_scanner_go() -> None:
    framed = np.asarray(printed()).copy()
    framed[:, :40], framed[-30:, :] = 0, 0

    page = clean(PageImage(framed, (204.0, 204.0)))

    assert "borders removed" in page.steps
    assert ink_in_common(page, printed()) > 0.97


SENDER = ("11/14/2026 09:47  Lakeshore Family Medicine   492-916-1106   P.003/017",)


@pytest.mark.parametrize("dpi", [STANDARD, FINE])
@pytest.mark.parametrize("is_on_its_head", [False, True])
def test_the_senders_line_is_cut_out_upright(dpi: tuple[float, float], is_on_its_head: bool) -> None:
    sheet = printed().rotate(180) if is_on_its_head else printed()
    write(sheet, SENDER, at_in=(0.3, 0.05), points=9, font=MONO)
    alone = paper()
    write(alone, SENDER, at_in=(0.3, 0.05), points=9, font=MONO)

    page = clean(fax(sheet, dpi, noise=0.001))

    assert page.sender_strip is not None
    expected = np.asarray(alone)[: len(page.sender_strip)] < 128
    assert (expected & ~near(page.sender_strip < 128)).sum() < 0.02 * expected.sum()
    assert page.rotation == (180 if is_on_its_head else 0)
    assert ink_in_common(page, printed()) > 0.97


def test_a_heading_is_no_senders_line() -> None:
    sheet = paper()
    write(sheet, PROSE, at_in=(1.0, 0.4), points=11)

    page = clean(fax(sheet, STANDARD))

    assert page.sender_strip is None
    assert ink_in_common(page, sheet) > 0.97


def test_scans_have_no_senders_line() -> None:
    sheet = paper()
    write(sheet, PROSE, at_in=(0.5, 0.05), points=11)

    page = clean(scan(sheet))

    assert page.sender_strip is None


def test_a_sheet_fed_twice_looks_the_same() -> None:
    sheet = printed()
    again = Image.new("L", sheet.size, 255)
    again.paste(sheet, (14, 9))

    first, second, other = (
        clean(image) for image in (fax(sheet, FINE), fax(again, STANDARD, noise=0.002), fax(printed(NUMBERS), FINE))
    )

    assert likeness(first.look, second.look) > 0.9
    assert likeness(first.look, other.look) < 0.8
