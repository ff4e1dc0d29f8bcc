"""A line of OCR words as tokens: labels parted from values, each with its place on the page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.domain.reading import Box, Line, Word

#: A label may also follow a full stop without a space: `Jerry.Birthdate`.
_PARTS = re.compile(r"(?:[^:#=_;.]|\.(?!(?<=[a-z]{2}\.)[A-Z][a-z]{2}))+")
#: Pixels; the box of a dash is lower than its line's words.
_LOWEST_WORD = 12
_EDGE = " .,;:'\"`*~_(){}[]<>«»“”‘’—–=°|\\^?"


@dataclass(frozen=True, slots=True)
class Token:
    """Part of a word: `DOB:03/04/1951` is two tokens. `text` has no punctuation at its ends, `raw` keeps it."""

    text: str
    raw: str
    box: Box
    confidence: float


def tokens_of(line: Line) -> tuple[Token, ...]:
    """The tokens of a line, left to right."""
    return tuple(token for word in line.words for token in _split(word))


def _split(word: Word) -> list[Token]:
    tokens = []
    for part in _PARTS.finditer(word.text):
        text = part.group().strip(_EDGE)
        if text:
            tokens.append(Token(text, part.group(), _share(word, part.start(), part.end()), word.confidence))
    return tokens


def _share(word: Word, start: int, end: int) -> Box:
    """The part of the word's box that these characters take, all characters taken as equally wide."""
    per_character = word.box.width / max(1, len(word.text))
    left = word.box.left + round(per_character * start)
    return Box(left, word.box.top, max(1, round(per_character * (end - start))), word.box.height)


def is_far(before: Token, token: Token, heights: float) -> bool:
    """The gap between two words of a line is wider than so many times the height of the first."""
    gap = token.box.left - (before.box.left + before.box.width)
    return gap > heights * max(before.box.height, _LOWEST_WORD)


def around(tokens: Sequence[Token]) -> Box:
    """The smallest box around tokens (at least one)."""
    left, top = min(t.box.left for t in tokens), min(t.box.top for t in tokens)
    right = max(t.box.left + t.box.width for t in tokens)
    bottom = max(t.box.top + t.box.height for t in tokens)
    return Box(left, top, right - left, bottom - top)
