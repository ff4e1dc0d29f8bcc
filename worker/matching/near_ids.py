"""Texts one typing mistake away from an id, to be looked for instead of keeping every id under many keys."""

from collections.abc import Iterable

from worker.matching.confusions import fold_id
from worker.matching.registry import left_out_once

_DIGITS = "0123456789"
#: Letters that are not folded into digits.
_LETTERS = "".join(ch for ch in map(chr, range(ord("A"), ord("Z") + 1)) if fold_id(ch) == ch)
#: Ids longer than this are no ids.
LONGEST = 24


def near_ids(typed: str) -> tuple[tuple[str, ...], ...]:
    """The folded ids of which `typed` is one mistake away: first those with other digits, then with other letters.

    A mistake: one character wrong, missing, too many, or swapped with its neighbour. What lacks a character comes last
    since it is the least telling as a beginning of an id.
    """
    if len(typed) > LONGEST:
        return ()
    first = dict.fromkeys((*_swapped(typed), *_changed(typed, _DIGITS), *left_out_once(typed)))
    first.pop(typed, None)
    return tuple(first), tuple(dict.fromkeys(_changed(typed, _LETTERS)))


def _swapped(typed: str) -> Iterable[str]:
    return (typed[:k] + typed[k + 1] + typed[k] + typed[k + 2 :] for k in range(len(typed) - 1))


def _changed(typed: str, alphabet: str) -> Iterable[str]:
    """One character replaced, or one put in; not behind the last: those all begin with what was typed."""
    for k in range(len(typed)):
        yield from (typed[:k] + ch + typed[k + 1 :] for ch in alphabet if ch != typed[k])
        yield from (typed[:k] + ch + typed[k:] for ch in alphabet)
