"""Compares a name on a page with a member's name, in any order and through OCR noise."""

from collections.abc import Sequence
from enum import Enum
from itertools import permutations

from rapidfuzz.distance import OSA

from worker.domain.request import Request
from worker.matching.confusions import GENERATIONS, SUFFIXES, fold_name
from worker.matching.nicknames import is_same_first_name
from worker.matching.registry import surnames


class NameMatch(Enum):
    """How a name on a page compares with a member's. Unclear is neither for nor against."""

    SAME = "the same"
    NEARLY = "nearly the same"
    UNCLEAR = "unclear"
    DIFFERENT = "different"


def compare_names(words: Sequence[str], request: Request) -> NameMatch:
    """The best reading of the words as this member's first name and surname."""
    if _are_generations_apart(words, request):
        return NameMatch.DIFFERENT
    folded = [f for f in (fold_name(w) for w in words) if f and f not in SUFFIXES]
    folded = _with_joined(folded, request)
    if len(folded) < 2:
        return NameMatch.UNCLEAR  # half of the name was not read: that never contradicts
    first = fold_name(request.member_first_name)
    matches = [
        _match(surname, given, last, first)
        for surname, given in permutations(folded, 2)
        for last in surnames(request.member_last_name)
    ]
    best = min(matches, key=_ORDER.index)
    is_given_alone = sum(len(word) > 1 for word in folded) == 1 and has_first_name(words, request)
    return NameMatch.UNCLEAR if best is NameMatch.DIFFERENT and is_given_alone else best


_ORDER = (NameMatch.SAME, NameMatch.NEARLY, NameMatch.UNCLEAR, NameMatch.DIFFERENT)


def has_first_name(words: Sequence[str], request: Request) -> bool:
    """One of the words is this member's first name, or commonly said for it: the surname may be a maiden name."""
    first = fold_name(request.member_first_name)
    return any(is_same_first_name(fold_name(word), first) for word in words)


def _are_generations_apart(words: Sequence[str], request: Request) -> bool:
    """Both names say which generation they are of, and not the same: Jr is not Sr."""
    written = f"{request.member_first_name} {request.member_last_name}".split()
    there, here = ({fold_name(word) for word in name} & GENERATIONS for name in (written, words))
    return bool(there and here and not there & here)


def _with_joined(folded: list[str], request: Request) -> list[str]:
    """Adds neighbours joined, so that `De La Cruz` or `Smith - Jones` can be one surname."""
    joined = ["".join(folded[k : k + n]) for n in (2, 3) for k in range(len(folded) - n + 1)]
    whole = surnames(request.member_last_name) | {fold_name(request.member_first_name)}
    parted = [word.removesuffix(g) for word in folded for g in GENERATIONS if word.endswith(g)]  # LEEJR
    return folded + [j for j in (*joined, *parted) if j in whole]


def _match(surname: str, given: str, last: str, first: str) -> NameMatch:
    surname_off, given_off = OSA.distance(surname, last), OSA.distance(given, first)
    if surname_off == 0 and given_off == 0:
        return NameMatch.SAME
    if surname_off <= _tolerated(last) and given_off <= _tolerated(first):
        return NameMatch.NEARLY
    if surname_off <= _tolerated(last) and is_same_first_name(given, first):
        return NameMatch.NEARLY
    if given_off == 0 and _is_fragment(surname, last):
        return NameMatch.UNCLEAR
    if surname_off <= _doubtful(last) and (given_off <= _doubtful(first) or _is_initial_of(given, first)):
        return NameMatch.UNCLEAR
    return NameMatch.DIFFERENT


def _is_fragment(read: str, name: str) -> bool:
    """Hardly more than the beginning of the name was read: that never contradicts."""
    return len(read) <= 2 < len(name) and read[:1] == name[:1]


def _tolerated(name: str) -> int:
    """Misread letters with which a name is still nearly the same."""
    return 0 if len(name) < 5 else 1 if len(name) < 9 else 2


def _doubtful(name: str) -> int:
    """Misread letters up to which nothing can be said."""
    return max(1, len(name) // 2)


def _is_initial_of(given: str, first: str) -> bool:
    return len(given) == 1 and first.startswith(given)
