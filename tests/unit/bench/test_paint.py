"""The same sheet on paper of any resolution and as a digital page."""

import random

import numpy as np
import pypdfium2
import pytest

from bench.drawing.paint import paint_grey, paint_pdf
from bench.drawing.papers import blank_back
from bench.drawing.sheet import HEIGHT, WIDTH, Face, Ghost, Sheet, wrapped
from bench.drawing.symbols import Symbol, stamp

FACE = Face("Liberation Serif", 12)


def sheet() -> Sheet:
    made = Sheet(left=72, y=72)
    made.line("Consultation", FACE)
    made.block(72, 396, 72, 36, 0)
    made.rule(72, 500, 300, 500, 2)
    return made


@pytest.mark.parametrize("dpi", [100, 200, 300])
def test_marks_stand_at_their_place_at_any_resolution(dpi: int) -> None:
    page = paint_grey(sheet(), dpi)

    rows, columns = np.nonzero(page[dpi * 5 :] == 0)

    assert page.shape == (11 * dpi, round(8.5 * dpi))
    assert abs((rows.min() + dpi * 5) / dpi - 5.5) < 0.02
    assert abs(columns.min() / dpi - 1.0) < 0.02


def test_a_digital_page_looks_like_the_painted_one() -> None:
    made = sheet()
    stamp(made, 300, 300, Symbol("MRR-4820193", "qr", 50))

    document = pypdfium2.PdfDocument(paint_pdf([made, sheet()]))

    rendered = document[0].render(scale=100 / 72, grayscale=True).to_numpy().squeeze()
    painted = paint_grey(made, 100)
    assert len(document) == 2
    assert "Consultation" in document[0].get_textpage().get_text_range()
    assert ((rendered < 128) != (painted < 128)).mean() < 0.01


def test_ink_shows_through_mirrored_and_faint() -> None:
    back = Sheet(marks=[Ghost(sheet())])

    page = paint_grey(back, 100)

    block = page[555:595, -195:-105]
    assert 190 < np.median(block) < 235
    assert np.median(page[555:595, 105:195]) == 255


def test_a_blank_back_has_next_to_no_ink() -> None:
    backs = [blank_back(sheet(), random.Random(seed)) for seed in range(12)]

    ink = [(paint_grey(back, 100) < 100).mean() for back in backs]

    assert max(ink) < 0.004
    assert max(ink) > 0


def test_lines_break_between_words() -> None:
    text = "Denies chest pain, shortness of breath, fever or night sweats."

    lines = wrapped(text, FACE, 120)

    assert " ".join(lines) == text
    assert all(FACE.width(line) <= 120 for line in lines)
    assert (WIDTH, HEIGHT) == (612, 792)
