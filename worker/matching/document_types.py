"""Says what a page is (letter, cover sheet, bill, record, ...) by the phrases and rows that such pages carry."""

import re
from collections.abc import Sequence

from worker.domain.decision import DocumentType
from worker.matching.phrases import add_points, cues_of, fold
from worker.matching.rows import add_rows, rows
from worker.matching.type_phrases import PHRASES

#: A page says what it is in one of so many lines, of at most so many words.
_TITLE_LINES, _TITLE_WORDS = 6, 8
#: A line that begins so goes on with a sentence, and is no title.
_GOES_ON = re.compile(r"\W*[a-z]{2}")
#: Below this many points nothing is clear.
_CLEAR = 2.0
#: A diagnosis code in a box, as OCR reads it: its letter can look like a digit.
_CODE = r"[A-Z0-9$]\d[0-9A-Z][.,]?\d{0,4}"
_ROWS = (
    # A cover sheet is a list of these fields; records and letters have one or two of them.
    rows(DocumentType.COVER_SHEET, 4, 6.0, r"\W*(to|from|attn|fax|phone|date|pages|re|subject|sender|company)\b\W"),
    # A letter has its date alone on a line near the head; what stands on record pages has a label.
    rows(DocumentType.LETTER, 1, 1.5, r"\W* [a-z]{3,9} \W{1,3} [0-9il|]{1,2} \W{1,3} 20\d\d \W*$", among=_TITLE_LINES),
    # Charges by the day: date, what for, amount.
    rows(
        DocumentType.ITEMIZED_BILL,
        4,
        3.0,
        r"\W* \d{1,2}[/-]\d{1,2}[/-]\d{2,4} \s .* [a-z]{3} .* \s \$?[\d,]+[.]\d\d\W*$",
    ),
    # An institutional claim: revenue code, what for, date, units, charge; tax number and period; codes and an NPI.
    rows(DocumentType.CLAIM_FORM, 2, 3.0, r"\W* \d{3,4} \s [a-z][a-z/&. -]+ \s \d{6} \s \d+ \s [\d,]+[.\s]\d\d \W*$"),
    rows(DocumentType.CLAIM_FORM, 1, 2.0, r"\W* \d{9} \s+ [01]\d[0-3]\d{3} \s+ [01]\d[0-3]\d{3} \W*$"),
    rows(DocumentType.CLAIM_FORM, 1, 2.0, rf"\W* ({_CODE}\W+){{3,}} \d{{10}} \W*$"),
)
#: A page that names both a request and its claim is the payer's letter.
_LETTER_POINTS = 6.0
_BARCODE_POINTS = 4.0

_CUES = cues_of(PHRASES)


def document_type(
    lines: Sequence[str], *, id_kinds: int, has_request_barcode: bool = False
) -> tuple[DocumentType, float]:
    """The type of a page from its lines of text, top to bottom, and how sure that is (0 to 1).

    `id_kinds` counts which of request id and claim number the page carries; a request id in a barcode is the payer's
    own print. A page with words but no cue is OTHER.
    """
    points = dict.fromkeys(DocumentType, 0.0)
    title = [line for line in lines[:_TITLE_LINES] if len(line.split()) <= _TITLE_WORDS and not _GOES_ON.match(line)]
    add_points(points, _CUES, fold("\n".join(title)), fold("\n".join(lines)))
    add_rows(points, _ROWS, lines)
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
