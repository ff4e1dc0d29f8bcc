"""Finds numbers that are no ids of the registry: the provider's own for a chart, NPIs, and who sent the fax."""

import re
from collections.abc import Iterable, Sequence

from worker.domain.reading import Line
from worker.matching.columns import columns_below
from worker.matching.confusions import plain
from worker.matching.labels import Label, Role
from worker.matching.sightings import NumberSighting
from worker.matching.tokens import Token, around

_CHART_NUMBER = re.compile(r"[A-Z0-9-]{4,14}")
_LEAST_DIGITS = 4
_NPI = re.compile(r"(?<!\d)\d{10}(?!\d)")
_PHONE = re.compile(r"(\d{3})\D{0,2}(\d{3})\D{0,2}(\d{4})(?!\d)")


def chart_numbers_in_line(tokens: Sequence[Token], labels: Sequence[Label]) -> tuple[NumberSighting, ...]:
    """The numbers that stand right behind a label for a chart, an account or a stay on this line."""
    ends = [label.end for label in labels if label.role is Role.CHART]
    return tuple(NumberSighting(plain(t.text), t.box) for end in ends for t in tokens[end : end + 1] if _is_number(t))


def chart_numbers_below(
    label_tokens: Sequence[Token], labels: Sequence[Label], below: Sequence[Token]
) -> tuple[NumberSighting, ...]:
    """The numbers that stand under such a label which has nothing behind it."""
    columns = columns_below(label_tokens, labels, below)
    first = [column[0] for label, column in columns if label.role is Role.CHART and column]
    return tuple(NumberSighting(plain(token.text), token.box) for token in first if _is_number(token))


def npis_in(lines: Iterable[Line]) -> tuple[NumberSighting, ...]:
    """Every number of ten digits, which an NPI is."""
    return tuple(number for line in lines for number in _matches(_NPI, line))


def phones_in(line: Line | None) -> tuple[NumberSighting, ...]:
    """The ten-digit telephone numbers of the sender's line, without what parts their digits."""
    return () if line is None else _matches(_PHONE, line)


def _is_number(token: Token) -> bool:
    digits = sum(ch.isdigit() for ch in token.text)
    return digits >= _LEAST_DIGITS and _CHART_NUMBER.fullmatch(token.text.upper()) is not None


def _matches(pattern: re.Pattern[str], line: Line) -> tuple[NumberSighting, ...]:
    found = []
    for match in pattern.finditer(line.text):
        text = "".join(match.groups()) or match.group()
        found.append(NumberSighting(text, around(_words_at(line, match.start(), match.end()))))
    return tuple(found)


def _words_at(line: Line, start: int, end: int) -> list[Token]:
    """The words that these characters of the line's text belong to."""
    words, at = [], 0
    for word in line.words:
        if at < end and at + len(word.text) > start:
            words.append(Token(word.text, word.text, word.box, word.confidence))
        at += len(word.text) + 1
    return words
