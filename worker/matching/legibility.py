"""Whether so much of a page was read that a name on it, had there been one, would have been seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from worker.matching.confusions import plain
from worker.matching.tokens import Token

#: The engine is sure of a word from this confidence on (0 to 1).
SURE_WORD = 0.75
#: Of a legible page so many words are sure, and this share of them.
FEWEST_WORDS, LEAST_SHARE = 10, 0.45
#: A page of so few lines (a tracing, a stamp) has not more to read: there nearly all words must be sure, so many at
#: least (an empty page's dirt reads like a word or two).
FEW_LINES, LEAST_SHARE_OF_FEW, FEWEST_OF_FEW = 4, 0.8, 3
#: A word has so many letters or digits.
_WORD_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Legibility:
    """How many of a page's words are sure, of how many, in how many lines of text, and how many lines are unread."""

    sure: int = 0
    words: int = 0
    lines: int = 0
    unread: int = 0

    @property
    def is_enough(self) -> bool:
        """Only then does it mean something that the page names nobody."""
        if self.unread:
            return False
        if self.lines <= FEW_LINES and self.sure >= FEWEST_OF_FEW:
            return self.sure >= LEAST_SHARE_OF_FEW * self.words
        return self.sure >= FEWEST_WORDS and self.sure >= LEAST_SHARE * self.words


NOTHING_READ = Legibility()


def legibility(lines: Sequence[Sequence[Token]], again: Sequence[Sequence[Token]], *, unread: int = 0) -> Legibility:
    """Of the lines of a page, what was read of some of them again at another scale, and how many were not read.

    A word is sure if the engine says so, or if it was read letter for letter the same both times: noise is not.
    """
    twice = {plain(token.text) for line in again for token in line}
    words = [t for line in lines for t in line if len(plain(t.text)) >= _WORD_LETTERS]
    sure = sum(token.confidence >= SURE_WORD or plain(token.text) in twice for token in words)
    return Legibility(sure, len(words), len(lines), unread)
