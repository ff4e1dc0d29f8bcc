"""Which way up a page is, where its image alone does not tell: the way in which its text reads better."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from worker.domain.reading import Word
from worker.ocr.cleanup import CleanPage

#: Below this confidence (0 to 1) of the image, the text is asked.
SURE = 0.99
#: A word of fewer letters, or of which the engine is less sure, tells nothing about which way up it is.
LEAST_LETTERS, LEAST_CONFIDENCE = 3, 0.7
#: Letters in sure words, and their share of all letters, from which on text is surely the right way up.
ENOUGH_LETTERS, ENOUGH_SHARE = 40.0, 0.6
#: The picture is right more often than not: the other way must read so much better, as a factor and in letters more.
BETTER, LETTERS_MORE = 1.3, 4.0


def is_doubtful(page: CleanPage) -> bool:
    """The image leaves a doubt whether the page stands on its head."""
    return page.rotation_confidence < SURE and not page.is_blank


def reads_well(lines: Iterable[Sequence[Word]]) -> bool:
    """So much of it is text that it is surely the right way up."""
    words = [word for line in lines for word in line]
    letters = sum(len(word.text) for word in words if _letters(word) >= LEAST_LETTERS)
    return sense(words) >= ENOUGH_LETTERS and sense(words) >= ENOUGH_SHARE * letters


def reads_better(turned_over: Iterable[Sequence[Word]], as_it_is: Iterable[Sequence[Word]]) -> bool:
    """The page turned over reads clearly better than as it is."""
    over, now = (sense(word for line in lines for word in line) for lines in (turned_over, as_it_is))
    return over > BETTER * now + LETTERS_MORE


def sense(words: Iterable[Word]) -> float:
    """How much of it reads like text: the letters of sure words, weighed by how sure they are."""
    sure = [w for w in words if w.confidence >= LEAST_CONFIDENCE and _letters(w) >= LEAST_LETTERS]
    return sum(w.confidence * len(w.text) for w in sure)


def turned(page: CleanPage, *, to: int) -> CleanPage:
    """The page turned so that its rotation from the stored page is `to` degrees clockwise."""
    quarters = (to - page.rotation) // 90 % 4
    if not quarters:
        return page
    pixels = np.ascontiguousarray(np.rot90(page.pixels, -quarters))
    return replace(page, pixels=pixels, rotation=to % 360)


def _letters(word: Word) -> int:
    return sum(ch.isalpha() for ch in word.text)
