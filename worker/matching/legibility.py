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
#: The same where a line at the head was read without a single sure word: a name may have stood there.
LEAST_SHARE_OF_DARK = 0.6
#: A word has so many letters or digits; a line of fewer bears no name.
_WORD_LETTERS, _NAME_LETTERS = 2, 6
#: Names stand in so many lines of the head.
_HEAD_LINES, _NAME_WORDS = 5, 2


@dataclass(frozen=True, slots=True)
class Legibility:
    """How many of a page's words are sure, of how many, and how many lines were read as nothing.

    `is_dark`: of a line at the head nothing is sure.
    """

    sure: int = 0
    words: int = 0
    unread: int = 0
    is_dark: bool = False

    @property
    def is_enough(self) -> bool:
        """Only then does it mean something that the page names nobody."""
        if self.unread:
            return False
        of_many = LEAST_SHARE_OF_DARK if self.is_dark else LEAST_SHARE
        least = of_many if self.sure >= FEWEST_WORDS else LEAST_SHARE_OF_FEW
        return self.sure >= FEWEST_OF_FEW and self.sure >= least * self.words


NOTHING_READ = Legibility()


def legibility(lines: Sequence[Sequence[Token]], again: Sequence[Sequence[Token]], *, unread: int = 0) -> Legibility:
    """Of the lines of a page, what was read of some of them again at another scale, and how many were not read.

    A word is sure if the engine says so, if it was read letter for letter the same both times, or if its whole line was
    but for blanks and look-alike letters: noise is not.
    """
    twice = {plain(token.text) for line in again for token in line}
    lines_twice = {_whole(line) for line in again}
    read = [[token for token in line if len(plain(token.text)) >= _WORD_LETTERS] for line in lines]
    sure = [
        [t for t in words if t.confidence >= SURE_WORD or plain(t.text) in twice or _whole(line) in lines_twice]
        for line, words in zip(lines, read, strict=True)
    ]
    head = zip(read[:_HEAD_LINES], sure, strict=False)
    is_dark = any(not known and _holds_a_name(words) for words, known in head)
    return Legibility(sum(map(len, sure)), sum(map(len, read)), unread, is_dark)


def _holds_a_name(words: Sequence[Token]) -> bool:
    return len(words) >= _NAME_WORDS and sum(len(plain(t.text)) for t in words) >= _NAME_LETTERS


def _whole(line: Sequence[Token]) -> str:
    return fold_id("".join(token.text for token in line))
