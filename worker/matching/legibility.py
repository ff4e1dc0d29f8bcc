"""Whether so much of a page was read that a name on it, had there been one, would have been seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from worker.matching.confusions import fold_id, plain
from worker.matching.tokens import Token, around, is_far

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
#: A line that was read twice may differ in one character of so many.
ALIKE_BUT_FOR = 12
#: Names stand in so many lines of the head.
_HEAD_LINES, _NAME_WORDS = 5, 2
#: A piece of a line ends where the gap is so many times as wide as its words are high.
_WIDE_GAP = 1.5


@dataclass(frozen=True, slots=True)
class Legibility:
    """How many of a page's words are sure, of how many, and how many lines were read as nothing.

    `darkest` is the least share of sure letters on a piece of a line at the head that could bear a name.
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
    but for blanks, look-alike letters and one character in twelve: noise is not.
    """
    twice = {plain(token.text) for line in again for token in line}
    lines_twice = [_whole(line) for line in again]
    read = [[token for token in line if len(plain(token.text)) >= _WORD_LETTERS] for line in lines]
    sure = [
        [t for t in words if t.confidence >= SURE_WORD or plain(t.text) in twice or is_alike]
        for words, is_alike in zip(read, (_is_alike(_whole(line), lines_twice) for line in lines), strict=True)
    ]
    pieces = [(piece, known) for line, known in zip(read[:_HEAD_LINES], sure, strict=False) for piece in _pieces(line)]
    shares = [max(_share(p, known), _share_again(p, again)) for p, known in pieces if _holds_a_name(p)]
    darkest = min(shares, default=1.0)
    return Legibility(sum(map(len, sure)), sum(map(len, read)), unread, darkest)


def _holds_a_name(words: Sequence[Token]) -> bool:
    return len(words) >= _NAME_WORDS and _letters(words) >= _NAME_LETTERS


def _pieces(line: Sequence[Token]) -> list[list[Token]]:
    """The words of a line, parted where the gap is wide: a name may stand beside the provider's."""
    pieces: list[list[Token]] = []
    for token in line:
        if pieces and not is_far(pieces[-1][-1], token, _WIDE_GAP):
            pieces[-1].append(token)
        else:
            pieces.append([token])
    return pieces


def _share(words: Sequence[Token], known: Sequence[Token]) -> float:
    return _letters([token for token in words if token in known]) / max(1, _letters(words))


def _share_again(words: Sequence[Token], again: Sequence[Sequence[Token]]) -> float:
    """How much of the line was sure when it was read again."""
    box = around(words)
    there = [token for line in again for token in line if box.holds_middle_of(token.box)]
    return _share(there, [token for token in there if token.confidence >= SURE_WORD]) if _holds_a_name(there) else 0.0


def _is_alike(line: str, others: Sequence[str]) -> bool:
    """One of the others is the same line but for a character in so many: noise never comes out the same."""
    most = len(line) // ALIKE_BUT_FOR
    return any(OSA.distance(line, other, score_cutoff=most) <= most for other in others)


def _letters(words: Sequence[Token]) -> int:
    return sum(len(plain(token.text)) for token in words)


def _whole(line: Sequence[Token]) -> str:
    return fold_id("".join(token.text for token in line))
