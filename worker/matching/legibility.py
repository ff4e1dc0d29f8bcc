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
#: The same where of a line at the head less than this share of the letters is sure; where none is, nothing is enough: a
#: name may stand there.
DIM_LINE, LEAST_SHARE_OF_DIM = 1 / 3, 0.6
#: A word has so many letters or digits; a line of fewer bears no name.
_WORD_LETTERS, _NAME_LETTERS = 2, 6
#: Names stand in so many lines of the head.
_HEAD_LINES, _NAME_WORDS = 5, 2


@dataclass(frozen=True, slots=True)
class Legibility:
    """How many of a page's words are sure, of how many, and how many lines were read as nothing.

    `darkest` is the least share of sure letters on a line at the head that could bear a name.
    """

    sure: int = 0
    words: int = 0
    unread: int = 0
    darkest: float = 1.0

    @property
    def is_enough(self) -> bool:
        """Only then does it mean something that the page names nobody."""
        if self.unread or not self.darkest:
            return False
        of_many = LEAST_SHARE_OF_DIM if self.darkest < DIM_LINE else LEAST_SHARE
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
    head = [
        (_letters(words), _letters(known))
        for words, known in zip(read[:_HEAD_LINES], sure, strict=False)
        if len(words) >= _NAME_WORDS
    ]
    darkest = min((known / letters for letters, known in head if letters >= _NAME_LETTERS), default=1.0)
    return Legibility(sum(map(len, sure)), sum(map(len, read)), unread, darkest)


def _letters(words: Sequence[Token]) -> int:
    return sum(len(plain(token.text)) for token in words)


def _whole(line: Sequence[Token]) -> str:
    return fold_id("".join(token.text for token in line))
