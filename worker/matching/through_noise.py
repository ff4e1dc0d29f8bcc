"""Identities that are written on a page but were misread: compared letter by letter with the one that is expected.

Reading a name first and comparing it then gives up where half its letters are wrong. Asked the other way round, whether
*this* member's name, birth date or chart number may stand there, the letters that came through still speak: the more of
them, and the rarer, the more. What was found so is a hint; it never files a page by itself, and never contradicts.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from rapidfuzz.distance import OSA

from worker.domain.request import Request
from worker.matching.confusions import SUFFIXES, fold_name, plain
from worker.matching.labels import Role
from worker.matching.legibility import SURE_WORD
from worker.matching.sightings import EdgeLine
from worker.matching.tokens import Token

#: What a letter is worth that came through, and what one that did not; natural log-odds.
LETTER_KEPT, LETTER_LOST = 1.5, 1.5
#: Of all pairs of words at the edges of a page some are like a name by accident.
LOOKED_AT = 4.0
#: Of a word that the engine is sure of at most so many letters are misread.
MOST_LOST_OF_SURE = 1
#: At most so many characters of a birth date may be misread.
MOST_LOST = 2
#: How birth dates are written, letters and digits alone.
STYLES = ("%m%d%Y", "%d%b%Y", "%b%d%Y", "%B%d%Y", "%d%B%Y", "%Y%m%d", "%m%d%y")
#: Behind its label a date stands within so many tokens.
REACH = 4
#: A number of fewer characters is a misread other number by accident.
LONG_ENOUGH = 6

#: A word folded, and as it was read.
_Word = tuple[str, Token]


def name_in_noise(request: Request, lines: Iterable[EdgeLine]) -> tuple[float, Sequence[Token]] | None:
    """What the letters of this member's name that came through are worth, and where; None for nothing."""
    last, first = fold_name(request.member_last_name), fold_name(request.member_first_name)
    found = [(_letters_kept(pair, last, first), pair) for line in lines for pair in _pairs(line.tokens)]
    worth, pair = max(found, key=lambda one: one[0], default=(0.0, None))
    return (worth, [token for _, token in pair]) if pair and worth > 0 else None


def _letters_kept(pair: tuple[_Word, _Word], last: str, first: str) -> float:
    ways = [(_lost(a, last), _lost(b, first)) for a, b in (pair, pair[::-1])]
    # A relative has the surname as well: half of the first name must have come through.
    lost = min((sum(way) for way in ways if 2 * way[1] <= len(first)), default=len(last) + len(first))
    kept = max(0, len(last) + len(first) - lost)
    return kept * LETTER_KEPT - lost * LETTER_LOST - LOOKED_AT


def _lost(word: _Word, name: str) -> int:
    """How many letters of the name are misread on this word: all, where the engine is sure of another word."""
    text, token = word
    lost = OSA.distance(text, name)
    return lost if lost <= MOST_LOST_OF_SURE or token.confidence < SURE_WORD else len(name)


def _pairs(tokens: Sequence[Token]) -> Iterator[tuple[_Word, _Word]]:
    """Words that stand side by side, or with an initial between them, folded."""
    words = [(fold_name(t.text) if _is_word(t) else "", t) for t in tokens]
    words = [(text, t) for text, t in words if text not in SUFFIXES]
    for at, (a, one) in enumerate(words):
        for b, other in words[at + 1 : at + 3]:
            if len(a) > 1 and len(b) > 1:
                yield (a, one), (b, other)


def _is_word(token: Token) -> bool:
    """More letters than digits and signs: numbers and dates stand between words, and part them."""
    return 2 * sum(map(str.isalpha, token.text)) >= len(token.text)


def birth_date_in_noise(born: date, lines: Iterable[EdgeLine]) -> tuple[int, Sequence[Token]] | None:
    """How many characters of this birth date are misread behind its label, and where; None where it is not there."""
    wanted = {plain(born.strftime(style)) for style in STYLES}
    wanted |= {plain(f"{born.month}{born.day}{born.year}"), plain(f"{born:%B}{born.day}{born.year}")}
    found: list[tuple[int, Sequence[Token]]] = []
    for line in lines:
        for label in line.labels:
            if label.role is Role.BIRTH:
                behind = line.tokens[label.end : label.end + REACH]
                found += [(_least_lost(behind[:n], wanted), behind[:n]) for n in range(1, len(behind) + 1)]
    lost, place = min(found, key=lambda one: one[0], default=(MOST_LOST + 1, ()))
    return (lost, place) if lost <= MOST_LOST else None


def _least_lost(tokens: Sequence[Token], wanted: Iterable[str]) -> int:
    text = "".join(plain(token.text) for token in tokens)
    return min(OSA.distance(text, style) for style in wanted)


def number_in_noise(wanted: str, lines: Iterable[EdgeLine]) -> tuple[int, Sequence[Token]] | None:
    """How many characters (0 or 1) of a long number are misread, and where, whatever stands before it."""
    if len(wanted) < LONG_ENOUGH:
        return None
    found = [
        (OSA.distance(text, wanted, score_cutoff=1), token)
        for line in lines
        for text, token in ((plain(t.text), t) for t in line.tokens)
        if abs(len(text) - len(wanted)) <= 1
    ]
    lost, token = min(found, key=lambda one: one[0], default=(2, None))
    return (lost, (token,)) if token is not None and lost <= 1 else None
