"""Whether so much of a page was read that a name on it, had there been one, would have been seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from worker.matching.confusions import fold_id, plain
from worker.matching.tokens import Token

#: The engine is sure of a word from this confidence on (0 to 1).
SURE_WORD = 0.75
#: Of a legible page so many words are sure, and this share of them.
FEWEST_WORDS, LEAST_SHARE = 10, 0.45
#: Where few words were read (headings, the one line of a tracing), nearly all of them: so many at least, since an
#: empty page's dirt reads like a word or two.
FEWEST_OF_FEW, LEAST_SHARE_OF_FEW = 3, 0.8
#: A word has so many letters or digits.
_WORD_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Legibility:
    """How many of a page's words are sure, of how many, and how many lines were read as nothing."""

    sure: int = 0
    words: int = 0
    unread: int = 0

    @property
    def is_enough(self) -> bool:
        """Only then does it mean something that the page names nobody."""
        if self.unread:
            return False
        least = LEAST_SHARE if self.sure >= FEWEST_WORDS else LEAST_SHARE_OF_FEW
        return self.sure >= FEWEST_OF_FEW and self.sure >= least * self.words


NOTHING_READ = Legibility()


def legibility(lines: Sequence[Sequence[Token]], again: Sequence[Sequence[Token]], *, unread: int = 0) -> Legibility:
    """Of the lines of a page, what was read of some of them again at another scale, and how many were not read.

    A word is sure if the engine says so, if it was read letter for letter the same both times, or if its whole line was
    but for blanks and look-alike letters: noise is not.
    """
    twice = {plain(token.text) for line in again for token in line}
    lines_twice = {_whole(line) for line in again}
    words = [(token, _whole(line) in lines_twice) for line in lines for token in line]
    words = [(token, is_twice) for token, is_twice in words if len(plain(token.text)) >= _WORD_LETTERS]
    sure = sum(token.confidence >= SURE_WORD or plain(token.text) in twice or is_twice for token, is_twice in words)
    return Legibility(sure, len(words), unread)


def _whole(line: Sequence[Token]) -> str:
    return fold_id("".join(token.text for token in line))
