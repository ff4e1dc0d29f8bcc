"""Whether a line says that an identity stands there, read or not: only where nothing does is a page silent."""

import re
from collections.abc import Collection, Sequence

from rapidfuzz.distance import Hamming

from worker.matching.find_people import HEADINGS, is_name_line
from worker.matching.labels import Label, Role
from worker.matching.legibility import SURE_WORD
from worker.matching.tokens import Token

#: Labels behind which a number or a date stands.
_VALUE_ROLES = frozenset({Role.BIRTH, Role.CHART, Role.MEMBER_ID})
#: Labels of what is no patient's name or birth date: whoever wrote or signed, and when.
_OTHERS = frozenset({Role.OTHER_PERSON, Role.OTHER_DATE})
_DATED = frozenset({Role.SERVICE, Role.OTHER_DATE})
#: A date has so many digits at least; words are longer than so many letters.
_DATE_DIGITS, _WORD_LETTERS = 6, 2
#: Labels too short to be known with a letter misread, and how many digits the value behind has at least.
_SHORT_LABELS, _LABEL_AND_VALUE, _NUMBER_DIGITS = ("MRN", "DOB"), 2, 5
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def marks_identity(tokens: Sequence[Token], labels: Sequence[Label], above: Sequence[Label] = ()) -> bool:
    """A label of an identity stands on the line, with a value behind it or room for one; or a line like a name; or
    nothing but digits with a year among them, as dates leave behind whose labels and names were lost.

    `above` are the labels of the line above: of a value below `Service Date` it is known what it is.
    """
    is_name = is_name_line(tokens) and not _starts_with(labels, _OTHERS)
    is_value = _is_bare_value(tokens) and not _starts_with(above, _DATED)
    return is_name or is_value or _is_misread_number(tokens, labels) or any(_is_mark(tokens, label) for label in labels)


def _starts_with(labels: Sequence[Label], roles: Collection[Role]) -> bool:
    """All that is labelled on the line is of these roles, from its first word on."""
    return bool(labels) and labels[0].start == 0 and all(label.role in roles for label in labels)


def _is_bare_value(tokens: Sequence[Token]) -> bool:
    digits = sum(ch.isdigit() for token in tokens for ch in token.text)
    has_word = any(sum(ch.isalpha() for ch in token.text) > _WORD_LETTERS for token in tokens)
    has_year = any(_YEAR.search(token.text) for token in tokens)
    return digits >= _DATE_DIGITS and has_year and not has_word


def _is_misread_number(tokens: Sequence[Token], labels: Sequence[Label]) -> bool:
    """`MEN 780510` at the beginning of a line: a chart number whose short label was misread."""
    if labels or len(tokens) < _LABEL_AND_VALUE:
        return False
    label, value = tokens[0].text.upper(), tokens[1].text
    is_near = any(len(label) == len(short) and Hamming.distance(label, short) <= 1 for short in _SHORT_LABELS)
    return is_near and sum(ch.isdigit() for ch in value) >= _NUMBER_DIGITS


def _is_mark(tokens: Sequence[Token], label: Label) -> bool:
    following = tokens[label.end] if label.end < len(tokens) else None
    if label.role is Role.PATIENT:
        return _marks_a_patient(tokens[: label.start], tokens[label.start], following)
    if label.role not in _VALUE_ROLES:
        return False
    if following is None:
        return label.start == 0 or label.is_exact
    is_prose = following.text.isalpha() and following.text.islower() and following.confidence >= SURE_WORD
    return not (is_prose and len(following.text) > 1)


def _marks_a_patient(before: Sequence[Token], label: Token, following: Token | None) -> bool:
    """A patient label is followed by a name or by nothing; in prose small letters follow, in headings a noun.

    `A Villalobos, PT` is a physical therapist who signed.
    """
    if not label.text[0].isupper():
        return False
    if following is None:
        return not (before and before[-1].raw.endswith(","))
    is_heading = following.text.lower() in HEADINGS and following.confidence >= SURE_WORD
    return not following.text[0].islower() and not is_heading
