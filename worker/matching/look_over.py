"""Looks over one page reading and notes all sightings on it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from worker.domain.decision import DocumentType
from worker.domain.reading import Line, PageReading, Region, TextReading, Unreadable
from worker.matching.document_types import document_type
from worker.matching.find_dates import dates_in_line
from worker.matching.find_ids import id_texts, ids_in_barcodes, ids_in_line, payload_parts
from worker.matching.find_numbers import chart_numbers_below, chart_numbers_in_line, npis_in, phones_in
from worker.matching.find_people import known_pairs, labelled_names, name_below, name_pairs
from worker.matching.identity_marks import marks_identity
from worker.matching.labels import Label, Role, labels_in
from worker.matching.legibility import legibility
from worker.matching.record_kinds import record_kind
from worker.matching.registry import IdKind, Questions, Registry
from worker.matching.sightings import (
    Certainty,
    Counter,
    DateSighting,
    EdgeLine,
    IdSighting,
    NameSighting,
    NumberSighting,
    PageSightings,
)
from worker.matching.tokens import Token, tokens_of

_COUNTER = re.compile(
    r"\b(?i:page|pg|p)\W{0,2}([0-9lIiSO|]{1,3})\s*(?i:of|ot|/|0f|af)\s*([0-9lIiSO|]{1,3})\b", re.ASCII
)
#: `2/3` alone at the end of a short line at the foot.
_BARE_COUNTER = re.compile(r"(?:^|\s)([0-9]{1,2})\s?/\s?([0-9]{1,2})\W*$", re.ASCII)
#: `Page 3` alone on a line at the foot: of how many is not said.
_LONE_COUNTER = re.compile(r"\W*(?i:page|pg)\W{0,2}([0-9]{1,3})\W*", re.ASCII)
_FOOT_LINES, _SHORT_LINE = 2, 5
#: What stands on a page that was left blank on purpose.
_LEFT_BLANK = re.compile(
    r"\W*this page (?:is |was |has been )?(?:intentionally |deliberately )(?:left )?blank\W*", re.IGNORECASE
)
_A_WORD = re.compile(r"\w\w")
#: Names without a label stand in the first lines, or in the last.
_NAME_HEAD_LINES = 8
#: What may be a page of a chart: those it says it is, and those that do not say what they are.
_MAY_BE_RECORD = (DocumentType.MEDICAL_RECORD, DocumentType.OTHER)
#: A page without a title that bears a birth date or a date of service is most likely a page of a chart.
_CHART_DATES, _LIKELY_RECORD = (Role.BIRTH, Role.SERVICE), 0.5
#: How a fax machine counts the pages of a call, which are not those of a record.
_CALL_COUNTER = re.compile(r"\bP\W{0,2}0\d{2}\s?/\s?0?\d{2,3}", re.IGNORECASE)
_COUNTER_DIGITS = str.maketrans("lIi|SO", "111150")
#: Of a page that is nothing else: blank, or a separator.
_CERTAIN = 0.99
#: A page that carries both of these is a letter, whatever its words.
_LETTER_IDS = (IdKind.REQUEST, IdKind.CLAIM)


@dataclass(frozen=True, slots=True)
class _ReadLine:
    """One line of text made ready: its tokens and what of them are labels."""

    line: Line
    tokens: tuple[Token, ...]
    labels: tuple[Label, ...]

    @property
    def is_heading(self) -> bool:
        """Nothing but a label stands on it: its value is below."""
        return len(self.labels) == 1 and self.labels[0].start == 0 and self.labels[0].end == len(self.tokens)


def look_over(reading: PageReading, registry: Registry) -> PageSightings:
    """All sightings of a page: of its barcodes and of every text reading it has."""
    texts = [part for part in reading.text if isinstance(part, TextReading)]
    lines = [[_ready(line) for line in text] for text in _as_read(texts)]
    every = [line for text in lines for line in text]
    registry.expect(_questions(reading, every))
    ids = [*ids_in_barcodes(reading.barcodes, registry), *_ids(every, registry)]
    plain_lines = [line.line.text for line in lines[0]] if lines else []
    chart_numbers = tuple(number for text in lines for number in _chart_numbers(text))
    dates = _not_at(chart_numbers, [date for text in lines for date in _dates(text)])
    is_blank = _is_blank(reading)
    kind, sure = (DocumentType.BLANK, _CERTAIN) if is_blank else _type_of(reading, plain_lines, ids)
    finer = record_kind(plain_lines) if kind in _MAY_BE_RECORD and not reading.is_separator else None
    if kind is DocumentType.OTHER and (finer or any(date.role in _CHART_DATES for date in dates)):
        kind, sure = DocumentType.MEDICAL_RECORD, finer[1] if finer else _LIKELY_RECORD
    return PageSightings(
        page=reading.number,
        document_type=kind,
        type_confidence=sure,
        record_kind=finer[0] if finer else None,
        ids=tuple(ids),
        names=tuple(name for text in lines for name in _names(text, registry)),
        dates=dates,
        edges=tuple(EdgeLine(line.tokens, line.labels) for text in lines for line in _edges(text)),
        counter=_counter(plain_lines),
        chart_numbers=chart_numbers,
        npis=npis_in(line.line for text in lines[:1] for line in text),
        sender_phones=phones_in(reading.sender_line),
        has_identity_marks=any(_marks_identity(text) for text in lines),
        is_blank=is_blank,
        is_separator=reading.is_separator,
        is_readable=not any(isinstance(part, Unreadable) for part in reading.text),
        is_damaged=bool(reading.damage),
        legibility=legibility(*_first_and_again(lines), unread=sum(text.unread for text in texts)),
    )


def _questions(reading: PageReading, lines: Sequence[_ReadLine]) -> Questions:
    ids = chain(
        (part for barcode in reading.barcodes for part in payload_parts(barcode)),
        (text for line in lines for text in id_texts(line.tokens)),
    )
    return Questions(ids, (pair for line in lines for pair in name_pairs(line.tokens)))


def _is_blank(reading: PageReading) -> bool:
    """Nothing is on it, or nothing but the sentence that says so."""
    if reading.is_blank or reading.barcodes or not reading.has_tried(Region.PROSE):
        return reading.is_blank
    lines = [line.text for part in reading.text if isinstance(part, TextReading) for line in part.lines]
    said = [line for line in lines if _A_WORD.search(line)]  # the rest is dirt
    return bool(said) and all(_LEFT_BLANK.fullmatch(line) for line in said)


def _first_and_again(lines: Sequence[Sequence[_ReadLine]]) -> tuple[list[tuple[Token, ...]], list[tuple[Token, ...]]]:
    return [line.tokens for line in lines[0]] if lines else [], [line.tokens for text in lines[1:] for line in text]


def _as_read(texts: Sequence[TextReading]) -> list[list[Line]]:
    """The lines of the page from its regions, top to bottom, and apart from them those of a second opinion."""
    first = [line for text in texts if text.region is not Region.BANDS_AGAIN for line in text.lines]
    again = [list(text.lines) for text in texts if text.region is Region.BANDS_AGAIN]
    return [sorted(first, key=_top), *again] if first else again


def _top(line: Line) -> int:
    return min((word.box.top for word in line.words), default=0)


def _ready(line: Line) -> _ReadLine:
    tokens = tokens_of(line)
    return _ReadLine(line, tokens, labels_in(tokens))


def _ids(lines: Iterable[_ReadLine], registry: Registry) -> list[IdSighting]:
    return [sighting for line in lines for sighting in ids_in_line(line.tokens, line.labels, registry)]


def _names(lines: Sequence[_ReadLine], registry: Registry) -> list[NameSighting]:
    found: list[NameSighting] = []
    for k, line in enumerate(lines):
        found += labelled_names(line.tokens, line.labels)
        if k + 1 < len(lines) and not lines[k + 1].labels:
            found += name_below(line.tokens, line.labels, lines[k + 1].tokens)
        found += known_pairs(line.tokens, registry)
    return found


def _chart_numbers(lines: Sequence[_ReadLine]) -> list[NumberSighting]:
    found = [number for line in lines for number in chart_numbers_in_line(line.tokens, line.labels)]
    for heads, line in pairwise(lines):
        if not line.labels:
            found += chart_numbers_below(heads.tokens, heads.labels, line.tokens)
    return found


def _marks_identity(lines: Sequence[_ReadLine]) -> bool:
    """Something at the head or foot of the page is an identity, or may be what is left of one."""
    edges = _edges(lines)
    above = ((), *(line.labels if line.is_heading else () for line in edges))
    return any(marks_identity(line.tokens, line.labels, over) for line, over in zip(edges, above, strict=False))


def _edges(lines: Sequence[_ReadLine]) -> list[_ReadLine]:
    return [*lines[:_NAME_HEAD_LINES], *lines[_NAME_HEAD_LINES:][-_FOOT_LINES:]]


def _dates(lines: Sequence[_ReadLine]) -> list[DateSighting]:
    found: list[DateSighting] = []
    for k, line in enumerate(lines):
        above = lines[k - 1] if k else None
        found += dates_in_line(line.tokens, line.labels, above.labels if above else (), above.tokens if above else ())
    return found


def _not_at(numbers: Sequence[NumberSighting], dates: Sequence[DateSighting]) -> tuple[DateSighting, ...]:
    """The dates but for those that are a chart's number: `20091925` may be read as the 20th of September."""
    places = {number.box for number in numbers}
    return tuple(date for date in dates if date.box not in places)


def _type_of(reading: PageReading, lines: Sequence[str], ids: Sequence[IdSighting]) -> tuple[DocumentType, float]:
    if reading.is_separator:
        return DocumentType.OTHER, _CERTAIN
    kinds = {sighting.kind for sighting in ids if sighting.kind in _LETTER_IDS}
    coded = any(s.kind is IdKind.REQUEST and s.certainty is Certainty.BARCODE for s in ids)
    return document_type(lines, id_kinds=len(kinds), has_request_barcode=coded)


def _counter(lines: Sequence[str]) -> Counter | None:
    """The last `Page n of m` on the page: records count themselves at the foot more often than at the head."""
    for k, line in enumerate(reversed(lines)):
        if _CALL_COUNTER.search(line):
            continue
        match = _COUNTER.search(line)
        if not match and k < _FOOT_LINES and len(line.split()) <= _SHORT_LINE:
            match = _BARE_COUNTER.search(line)
        if match:
            page, of = (int(group.translate(_COUNTER_DIGITS)) for group in match.groups())
            if 1 <= page <= of:
                return Counter(page, of)
    return next(
        (Counter(int(m[1]), None) for m in map(_LONE_COUNTER.fullmatch, reversed(lines[-_FOOT_LINES:])) if m), None
    )
