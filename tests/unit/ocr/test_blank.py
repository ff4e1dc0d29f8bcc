"""Blank backs of every kind, and pages with so little on them that a careless rule would lose them."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.builders.pages import (
    FINE,
    MONO,
    PROSE,
    STANDARD,
    Pixels,
    faxed,
    paper,
    printed,
    punched,
    speckled,
    streaked,
    write,
)
from worker.ocr.cleanup import clean
from worker.ocr.images import PageImage

SENDER = ("11/14/2026 09:47  Lakeshore Family Medicine   492-916-1106   P.003/017",)


def fax(sheet: Image.Image, dpi: tuple[float, float]) -> PageImage:
    return PageImage(faxed(sheet, dpi), dpi, is_bitonal=True)


def scan(pixels: Pixels) -> PageImage:
    return PageImage(pixels, (204.0, 204.0))


def with_sender(sheet: Image.Image) -> Image.Image:
    write(sheet, SENDER, at_in=(0.3, 0.05), points=9, font=MONO)
    return sheet


def with_edges(sheet: Image.Image) -> Image.Image:
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, 0, 30, sheet.height), fill=0)
    pen.polygon([(0, sheet.height), (sheet.width, sheet.height), (sheet.width, sheet.height - 40)], fill=0)
    return sheet


def bled_through() -> Pixels:
    """The other side's print, mirrored and faint, on paper with grain."""
    other = np.asarray(printed())[:, ::-1].astype(float)
    grain = np.random.default_rng(4).normal(0, 5, other.shape)
    seen = cv2.GaussianBlur(238 - (255 - other) * 0.09, (0, 0), 2) + grain
    return np.clip(seen, 0, 255).astype(np.uint8)


def grainy(tone: int) -> Pixels:
    sheet = np.asarray(paper(tone=tone)).astype(float)
    return np.clip(sheet + np.random.default_rng(3).normal(0, 8, sheet.shape), 0, 255).astype(np.uint8)


BLANKS: dict[str, Callable[[], PageImage]] = {
    "white": lambda: fax(paper(), FINE),
    "noise, standard": lambda: PageImage(speckled(faxed(paper(), STANDARD), 0.004), STANDARD, is_bitonal=True),
    "noise, fine": lambda: PageImage(speckled(faxed(paper(), FINE), 0.004), FINE, is_bitonal=True),
    "punch holes": lambda: fax(punched(paper()), FINE),
    "punch holes, standard": lambda: fax(punched(paper()), STANDARD),
    "black edges": lambda: fax(with_edges(paper()), FINE),
    "a streak": lambda: PageImage(streaked(faxed(paper(), STANDARD), 700), STANDARD, is_bitonal=True),
    "only the sender's line": lambda: fax(with_sender(paper()), STANDARD),
    "only the sender's line, fine": lambda: fax(with_sender(paper()), FINE),
    "grey paper": lambda: scan(grainy(215)),
    "bleed-through": lambda: scan(bled_through()),
    "holes, streak, noise and sender": lambda: PageImage(
        speckled(streaked(faxed(with_sender(punched(paper())), STANDARD), 900), 0.002), STANDARD, is_bitonal=True
    ),
}


@pytest.mark.parametrize("name", BLANKS)
def test_nothing_written_is_blank(name: str) -> None:
    image = BLANKS[name]()

    page = clean(image)

    assert page.is_blank
    assert page.look == ""


def one_line(text: str, at_in: tuple[float, float] = (3.0, 5.0), points: float = 10) -> Image.Image:
    sheet = paper()
    write(sheet, (text,), at_in=at_in, points=points)
    return sheet


def scribbled() -> Image.Image:
    """A signature: one unbroken thin line."""
    sheet = paper()
    points = [(900 + 6 * k, 1400 + 25 * np.sin(k / 2.0) + 10 * np.sin(k / 5.0)) for k in range(40)]
    ImageDraw.Draw(sheet).line([(float(x), float(y)) for x, y in points], fill=40, width=4)
    return sheet


WRITTEN: dict[str, Callable[[], PageImage]] = {
    "one line": lambda: fax(one_line("Continued on next page"), STANDARD),
    "N/A": lambda: fax(one_line("N/A"), STANDARD),
    "ok": lambda: fax(one_line("ok"), FINE),
    "page number": lambda: fax(one_line("Page 3 of 5", at_in=(0.9, 10.4), points=8), STANDARD),
    "at the edge": lambda: fax(one_line("DOB 03/04/1951", at_in=(0.15, 10.6), points=8), FINE),
    "a signature": lambda: fax(scribbled(), STANDARD),
    "noise over one line": lambda: PageImage(
        speckled(faxed(one_line("see attached"), STANDARD), 0.004), STANDARD, is_bitonal=True
    ),
    "faint": lambda: scan(np.where(np.asarray(one_line("see attached")) < 128, np.uint8(165), np.uint8(240))),
    "prose": lambda: fax(printed(PROSE), STANDARD),
    "sender and a line": lambda: fax(with_sender(one_line("Continued")), STANDARD),
    "holes and a line": lambda: fax(punched(one_line("Continued")), FINE),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_little_writing_is_not_blank(name: str) -> None:
    image = WRITTEN[name]()

    page = clean(image)

    assert not page.is_blank
    assert page.look
