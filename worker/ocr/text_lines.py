"""Which lines of a page to read, and words read on them brought back to their places on the page."""

from collections.abc import Sequence

import cv2
import numpy as np

from worker.domain.reading import Line, Region, Word
from worker.ocr.images import Pixels
from worker.ocr.lines import TextLine

#: Identity stands among the first lines of a page or the last: headers, letter fields, footers with name and counter.
HEAD_LINES, FOOT_LINES = 10, 3
#: A page of more lines than this is read no further: no form has them, noise does.
MOST_LINES = 150
#: Enlargement and blur of the second opinion: characters broken by noise grow together again.
SECOND_SCALE, SECOND_BLUR = 1.5, 0.8


def choose_lines(lines: Sequence[TextLine], region: Region) -> tuple[TextLine, ...]:
    """The lines of a region, top to bottom."""
    if region is Region.FULL:
        return tuple(lines[:MOST_LINES])
    return (*lines[:HEAD_LINES], *lines[HEAD_LINES:][-FOOT_LINES:])


def for_second_opinion(image: Pixels) -> Pixels:
    """A line image larger and softer, so that the engine does not make the same mistake twice."""
    larger = cv2.resize(image, None, fx=SECOND_SCALE, fy=SECOND_SCALE, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.GaussianBlur(larger, (0, 0), SECOND_BLUR), np.uint8)


def as_line(line: TextLine, words: Sequence[Word], *, scale: float = 1.0) -> Line:
    """The words of one line image with their boxes on the page; the image was enlarged by `scale`."""
    return Line(tuple(Word(w.text, line.on_page(w.box.scaled(1 / scale)), w.confidence) for w in words))
