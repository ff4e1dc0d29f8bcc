"""Finds names of patients among the tokens of a page: behind a label, or because the registry knows the pair."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from worker.matching.columns import columns_below
from worker.matching.confusions import SUFFIXES, fold_name
from worker.matching.labels import Label, Role
from worker.matching.registry import Registry
from worker.matching.sightings import NameSighting
from worker.matching.tokens import Token, around, is_far

#: Words behind `Patient` in headings, where no name follows.
HEADINGS = frozenset(
    re.findall(
        r"\w+",
        """
        summary information instructions education services assessment record records history data care portal rights
        bill statement chart demographics registration discharge plan report reports notes note status copy account
        visit encounter evaluation medical health intake consent profile safety satisfaction financial responsibility
        """,
    )
)
_MOST_WORDS = 5
_NAME_LINE_WORDS = 6
_LONGEST_CREDENTIAL = 4
_LEAST_LETTERS = 2
#: A name ends where the gap to the next word is wider than this many times the word's height.
_WIDE_GAP = 2.5
_ARTICLES = frozenset({"the", "this", "that", "each", "every", "our"})
_NOT_NAMES = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "and",
        "or",
        "is",
        "was",
        "has",
        "with",
        "for",
        "to",
        "in",
        "on",
        "at",
        "by",
        "from",
        "his",
        "her",
        "their",
        "this",
        "that",
        "male",
        "female",
        "sex",
        "age",
        "yo",
        "year",
        "old",
        "years",
        "admitted",
        "presents",
        "seen",
        "phone",
        "address",
        "page",
        "date",
        "denies",
        "reports",
        "record",
        "records",
        "medical",
        "information",
        "health",
        "plan",
        "group",
        "insurance",
        "if",
        "please",
        "not",
        "you",
        "your",
        "are",
        "will",
        "no",
        "signature",
        "relationship",
        "services",
    ]
)


def labelled_names(tokens: Sequence[Token], labels: Sequence[Label]) -> tuple[NameSighting, ...]:
    """The names that stand right behind a patient label on this line."""
    found = []
    for k, label in enumerate(labels):
        if label.role is Role.PATIENT and not _is_prose(tokens[: label.start]):
            end = labels[k + 1].start if k + 1 < len(labels) else len(tokens)
            name = _name_from(tokens[label.end : end])
            if name:
                found.append(_sighting(name, is_labelled=True))
    return tuple(found)


def _is_prose(before: Sequence[Token]) -> bool:
    """`The patient tolerated transfer training` names nobody, in capitals either."""
    return bool(before) and before[-1].text.lower() in _ARTICLES


def name_below(
    label_tokens: Sequence[Token], labels: Sequence[Label], below: Sequence[Token]
) -> tuple[NameSighting, ...]:
    """The name that stands under a patient label which has nothing behind it, as in the boxes of a form."""
    columns = columns_below(label_tokens, labels, below)
    names = [_name_from(column) for label, column in columns if label.role is Role.PATIENT]
    return tuple(_sighting(name, is_labelled=True) for name in names if len(name) > 1)


def known_pairs(tokens: Sequence[Token], registry: Registry) -> tuple[NameSighting, ...]:
    """Neighbouring words that are the names of a member, in either order, an initial between them or not."""
    return tuple(
        _sighting(pair, is_labelled=False)
        for pair in _neighbours(tokens)
        if any(registry.named(last, first) for last, first in _both_ways(pair))
    )


def name_pairs(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """What on a line the registry may be asked for as surname and first name, folded."""
    for pair in _neighbours(tokens):
        yield from _both_ways(pair)


def _neighbours(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Two words that could be the names of one member."""
    words = [token for token in tokens if fold_name(token.text) not in SUFFIXES]
    for at, first in enumerate(words[:-1]):
        following = [words[at + 1]]
        if len(words) > at + 2 and len(fold_name(words[at + 1].text)) == 1:
            following.append(words[at + 2])
        for second in following:
            if min(len(fold_name(first.text)), len(fold_name(second.text))) >= _LEAST_LETTERS:
                yield first, second


def _both_ways(pair: tuple[Token, Token]) -> tuple[tuple[str, str], tuple[str, str]]:
    a, b = (fold_name(token.text) for token in pair)
    return (a, b), (b, a)


def is_name_line(tokens: Sequence[Token]) -> bool:
    """A short line written `Last, First`: somebody's name, well read or not. `J Smith, RN` is who signed."""
    words = [t for t in tokens if len(fold_name(t.text)) > 1]
    pairs = [(a, b) for a, b in pairwise(words) if a.raw.endswith(",") and a.text[0].isupper() and b.text[0].isupper()]
    named = [b for a, b in pairs if not _is_credential(b.text) and not any(ch.isdigit() for ch in a.text)]
    return bool(named) and len(tokens) <= _NAME_LINE_WORDS


def _is_credential(word: str) -> bool:
    letters = word.replace("-", "").replace(".", "")
    return letters.isupper() and len(letters) <= _LONGEST_CREDENTIAL


def _name_from(tokens: Sequence[Token]) -> list[Token]:
    """The leading tokens that can be words of a name. Names are written with capitals; prose about a patient is not."""
    name: list[Token] = []
    for token in tokens[:_MOST_WORDS]:
        if not (_can_be_name(token) or (name and len(token.text) == 1)) or (
            name and is_far(name[-1], token, _WIDE_GAP)
        ):
            break
        name.append(token)
    written_as_name = any(token.text[0].isupper() and len(token.text) > 1 for token in name[:2])
    is_heading = all(token.text.lower() in HEADINGS for token in name)
    return name if written_as_name and not is_heading else []


def _can_be_name(token: Token) -> bool:
    digits = sum(ch.isdigit() for ch in token.text)
    return bool(fold_name(token.text)) and digits * 4 <= len(token.text) and token.text.lower() not in _NOT_NAMES


def _sighting(tokens: Sequence[Token], *, is_labelled: bool) -> NameSighting:
    confidence = sum(t.confidence for t in tokens) / len(tokens)
    return NameSighting(tuple(t.text for t in tokens), is_labelled, confidence, around(tokens))
