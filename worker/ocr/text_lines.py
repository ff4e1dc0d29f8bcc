"""Which lines of a page to read, and words read on them brought back to their places on the page."""

from collections.abc import Collection, Mapping, Sequence

import cv2
import numpy as np

from worker.domain.reading import Line, Region, Word
from worker.ocr.images import Pixels
from worker.ocr.lines import TextLine

#: Identity stands among the first lines of a page or the last: headers, letter fields, footers with name and counter.
HEAD_LINES, FOOT_LINES = 5, 2
#: A line is running text if it fills this share of the widest line without wide gaps. The head ends where two begin.
FULL_WIDTH = 0.8
#: Fields of letters and forms go on for so many lines more.
WIDER_LINES = 8
#: A page of more lines than this is read no further: no form has them, noise does.
MOST_LINES = 150
#: Height in pixels to which taller line images are reduced.
ENGINE_HEIGHT = 40
#: Enlargement and blur of the second opinion: characters broken by noise grow together again.
SECOND_SCALE, SECOND_BLUR = 1.5, 0.8


def choose_lines(lines: Sequence[TextLine], region: Region) -> tuple[TextLine, ...]:
    """The lines of a region, top to bottom. BANDS, WIDER, FULL and PROSE share none and make up the page.

    Running text is left out of the bands, and but for the first line of a paragraph out of what follows: identity does
    not stand in it, and long lines cost most.
    """
    read = lines[:MOST_LINES]
    is_running = _running(read)
    head = next((k for k in range(1, len(read) - 1) if is_running[k] and is_running[k + 1]), len(read))
    bands = set(range(min(head, HEAD_LINES)))
    bands |= {k for k in range(max(0, len(read) - FOOT_LINES), len(read)) if not is_running[k]}
    prose = {k for k in range(1, len(read)) if is_running[k - 1] and is_running[k]} - bands
    fields = [k for k in range(len(read)) if k not in bands and k not in prose]
    chosen: Mapping[Region, Collection[int]] = {
        Region.WIDER: fields[:WIDER_LINES],
        Region.FULL: fields[WIDER_LINES:],
        Region.PROSE: prose,
    }
    return tuple(read[k] for k in sorted(chosen.get(region, bands)))


def _running(lines: Sequence[TextLine]) -> list[bool]:
    """Which lines fill the page's width without wide gaps, as running text does."""
    width = max((line.box.width for line in lines), default=0)
    return [line.image.shape[1] >= FULL_WIDTH * width for line in lines]


def for_engine(image: Pixels, region: Region) -> tuple[Pixels, float]:
    """The line image as the engine reads it best and fastest, and by how much it was enlarged.

    The engine scales every line to 36 pixels in height: handing over more costs time and reads no better. A second
    opinion is asked of a larger and softer image, so that the same mistake is not made twice.
    """
    if region is Region.BANDS_AGAIN:
        larger = cv2.resize(image, None, fx=SECOND_SCALE, fy=SECOND_SCALE, interpolation=cv2.INTER_CUBIC)
        return np.asarray(cv2.GaussianBlur(larger, (0, 0), SECOND_BLUR), np.uint8), SECOND_SCALE
    scale = min(1.0, ENGINE_HEIGHT / image.shape[0])
    if scale == 1.0:
        return image, scale
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8), scale


def as_line(line: TextLine, words: Sequence[Word], *, scale: float) -> Line:
    """The words of one line image with their boxes on the page; the image was enlarged by `scale`."""
    return Line(tuple(Word(w.text, line.on_page(w.box.scaled(1 / scale)), w.confidence) for w in words))
