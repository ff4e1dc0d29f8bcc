"""Which way up a page is, where its image alone does not tell: the way in which its text reads better."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from worker.domain.reading import Word
from worker.ocr.cleanup import CleanPage
from worker.ocr.images import Pixels
from worker.ocr.lines import find_lines
from worker.ocr.tesseract import read_lines

#: Below this confidence (0 to 1) of the image, the text is asked.
SURE = 0.99
#: Lines read each way: the longest tell most, but in tables those hold figures only.
LINES_TO_COMPARE = 10
#: The picture is right more often than not: the other way must read so much better, as a factor and in letters more.
BETTER, LETTERS_MORE = 1.3, 4.0
SECONDS = 60.0
#: A word of fewer letters, or of which the engine is less sure, tells nothing about which way up it is.
LEAST_LETTERS, LEAST_CONFIDENCE = 3, 0.7


def settle_turns(pages: Sequence[CleanPage]) -> list[CleanPage]:
    """The pages, each turned by half where that reads better; only those are read whose image leaves a doubt."""
    doubtful = [page for page in pages if page.rotation_confidence < SURE and not page.is_blank]
    ways = [way for page in doubtful for way in (page, turned(page, to=page.rotation + 180))]
    samples = [_longest_lines(way.pixels) for way in ways]
    words = iter(read_lines([image for sample in samples for image in sample], timeout_s=SECONDS))
    scores = [sum(_sense(next(words)) for _ in sample) for sample in samples]
    better = {
        id(page): ways[2 * k + 1] if scores[2 * k + 1] > BETTER * scores[2 * k] + LETTERS_MORE else page
        for k, page in enumerate(doubtful)
    }
    return [better.get(id(page), page) for page in pages]


def turned(page: CleanPage, *, to: int) -> CleanPage:
    """The page turned so that its rotation from the stored page is `to` degrees clockwise."""
    quarters = (to - page.rotation) // 90 % 4
    if not quarters:
        return page
    pixels = np.ascontiguousarray(np.rot90(page.pixels, -quarters))
    return replace(page, pixels=pixels, rotation=to % 360)


def _longest_lines(pixels: Pixels) -> list[Pixels]:
    lines = sorted(find_lines(pixels), key=lambda line: -line.image.shape[1])
    return [line.image for line in lines[:LINES_TO_COMPARE]]


def _sense(words: Sequence[Word]) -> float:
    """How much a line reads like text: sure words, by their letters."""
    sure = [
        w for w in words if w.confidence >= LEAST_CONFIDENCE and sum(ch.isalpha() for ch in w.text) >= LEAST_LETTERS
    ]
    return sum(w.confidence * len(w.text) for w in sure)
