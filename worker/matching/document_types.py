"""Says what a page is (letter, cover sheet, bill, record, ...) by the phrases that such pages carry."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.domain.decision import DocumentType
from worker.matching.type_phrases import PHRASES

#: A page says what it is in one of so many lines, of at most so many words.
_TITLE_LINES, _TITLE_WORDS = 6, 8
#: Below this many points nothing is clear.
_CLEAR = 2.0
#: A cover sheet is a list of these fields; records and letters have one or two of them.
_COVER_FIELD = re.compile(r"^\W*(to|from|attn|fax|phone|date|pages|re|subject|sender|company)\b\W", re.IGNORECASE)
_COVER_FIELDS, _COVER_POINTS = 4, 6.0
#: A page that names both a request and its claim is the payer's letter.
_LETTER_POINTS = 6.0
_BARCODE_POINTS = 4.0


@dataclass(frozen=True, slots=True)
class _Cue:
    """A phrase that speaks for a document type, by so many points in the title and elsewhere."""

    document_type: DocumentType
    in_title: float
    in_body: float
    pattern: re.Pattern[str]


def _cue(document_type: DocumentType, in_title: float, in_body: float, phrase: str) -> _Cue:
    """Phrases match whatever stands between their words, so that OCR noise and line ends do not matter."""
    pattern = re.compile(r"\b" + r"\W*".join(phrase.split()) + r"\b", re.IGNORECASE)
    return _Cue(document_type, in_title, in_body, pattern)


_CUES = tuple(_cue(group.document_type, group.in_title, group.in_body, phrase) for group in PHRASES for phrase in group)


def document_type(
    lines: Sequence[str], *, id_kinds: int, has_request_barcode: bool = False
) -> tuple[DocumentType, float]:
    """The type of a page from its lines of text, top to bottom, and how sure that is (0 to 1).

    `id_kinds` counts which of request id and claim number the page carries; a request id in a barcode is the payer's
    own print. A page with words but no cue is OTHER.
    """
    points = dict.fromkeys(DocumentType, 0.0)
    title = "\n".join(line for line in lines[:_TITLE_LINES] if len(line.split()) <= _TITLE_WORDS)
    body = "\n".join(lines)
    for cue in _CUES:
        if cue.pattern.search(title):
            points[cue.document_type] += cue.in_title
        elif cue.pattern.search(body):
            points[cue.document_type] += cue.in_body
    if sum(bool(_COVER_FIELD.match(line)) for line in lines) >= _COVER_FIELDS:
        points[DocumentType.COVER_SHEET] += _COVER_POINTS
    points[DocumentType.LETTER] += _BARCODE_POINTS if has_request_barcode else 0.0
    points[DocumentType.LETTER] += _LETTER_POINTS * (id_kinds - 1) if id_kinds else 0.0
    points[DocumentType.MEDICAL_RECORD] = min(points[DocumentType.MEDICAL_RECORD], 9.0)
    return _decided(points)


def _decided(points: dict[DocumentType, float]) -> tuple[DocumentType, float]:
    best = max(points, key=lambda kind: points[kind])
    if points[best] < _CLEAR:
        return (DocumentType.MEDICAL_RECORD, 0.4) if points[DocumentType.MEDICAL_RECORD] else (DocumentType.OTHER, 0.3)
    second = max(score for kind, score in points.items() if kind is not best)
    return best, round(points[best] / (points[best] + second + 1.0), 3)
