"""Finds the dates on a line of tokens and says by their labels what they are."""

from collections.abc import Sequence

from worker.matching.dates import dates_in
from worker.matching.labels import Label, Role
from worker.matching.sightings import DateSighting
from worker.matching.tokens import Token, around

_DATE_ROLES = frozenset({Role.BIRTH, Role.SERVICE, Role.OTHER_DATE})
#: A label speaks for a date at most this many tokens further on.
_REACH = 6


def dates_in_line(
    tokens: Sequence[Token], labels: Sequence[Label], labels_above: Sequence[Label], above: Sequence[Token]
) -> tuple[DateSighting, ...]:
    """The dates of one line. A date without a label on its line takes that of the column head above it."""
    text, starts = _text_with_offsets(tokens)
    found: list[DateSighting] = []
    for seen in dates_in(text):
        places = [k for k, start in enumerate(starts) if start < seen.end and start + len(tokens[k].text) > seen.start]
        covered, first = [tokens[k] for k in places], places[0]
        role = _role_before(labels, first, found) or _role_above(covered[0], labels_above, above)
        confidence = min(t.confidence for t in covered)
        written = text[seen.start : seen.end]
        found.append(
            DateSighting(role or Role.OTHER_DATE, seen.days, role is not None, confidence, around(covered), written)
        )
    return tuple(found)


def _text_with_offsets(tokens: Sequence[Token]) -> tuple[str, list[int]]:
    starts, text = [], ""
    for token in tokens:
        starts.append(len(text))
        text += token.text + " "
    return text, starts


def _role_before(labels: Sequence[Label], first: int, found: Sequence[DateSighting]) -> Role | None:
    """The role of the nearest date label before the token; a range takes its first date's role."""
    before = [label for label in labels if label.end <= first and label.role in _DATE_ROLES]
    if not before:
        return None
    if first - before[-1].end > _REACH:
        return found[-1].role if found and found[-1].is_labelled else None
    return before[-1].role


def _role_above(token: Token, labels: Sequence[Label], above: Sequence[Token]) -> Role | None:
    """The role of the label that stands over this token, where the line above is a row of column heads."""
    for label in labels:
        head = around(above[label.start : label.end])
        near = (
            head.left - head.height <= token.box.left + token.box.width // 2 <= head.left + head.width + 2 * head.height
        )
        if label.role in _DATE_ROLES and near:
            return label.role
    return None
