"""Recognises a document that came before: a fax sent again is other bytes, other noise and another header line.

A document is a repeat only if each of its pages with ink is the same page as one of a single earlier document, in the
same order. The same page looks alike and reads alike: forms of two patients look alike, copied notes read alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from worker.domain.reading import PageReading, TextReading
from worker.matching.judgment import Ground, Judgment
from worker.matching.look_alike import likeness
from worker.matching.look_over import look_over
from worker.matching.registry import Registry
from worker.matching.sightings import PageSightings

#: How alike two pictures of one page are at least, from 0 to 1, and how alike their words.
LOOKS_ALIKE, READS_ALIKE = 0.8, 0.7
#: A document of fewer pages with ink than this tells too little to be called a repeat.
FEWEST_PAGES = 2


@dataclass(frozen=True, slots=True)
class Earlier:
    """A document that was decided before; `source` is the name that people know it by.

    `filed_to` are the requests of each of its pages.
    """

    source: str
    readings: tuple[PageReading, ...]
    filed_to: tuple[tuple[str, ...], ...]


def mark_repeat(
    judgments: Sequence[Judgment], readings: Sequence[PageReading], earlier: Sequence[Earlier], registry: Registry
) -> tuple[Judgment, ...]:
    """The judgments, with every page set aside if the document came before."""
    for document in earlier:
        twins = _twins(judgments, readings, document, registry)
        if twins:
            return tuple(_repeated(j, twins.get(j.page.page), document.source) for j in judgments)
    return tuple(judgments)


def _twins(
    judgments: Sequence[Judgment], readings: Sequence[PageReading], earlier: Earlier, registry: Registry
) -> dict[int, int] | None:
    """For each page with ink its earlier twin; None unless all have one, in the same order."""
    twins: dict[int, int] = {}
    at = 0
    for judgment, reading in zip(judgments, readings, strict=True):
        if judgment.ground is Ground.BLANK:
            continue
        at = next(
            (k for k in range(at, len(earlier.readings)) if _is_same(judgment, reading, earlier, k, registry)), -1
        )
        if at < 0:
            return None
        twins[reading.number] = earlier.readings[at].number
        at += 1
    return twins if len(twins) >= FEWEST_PAGES else None


def _is_same(judgment: Judgment, reading: PageReading, earlier: Earlier, k: int, registry: Registry) -> bool:
    before = earlier.readings[k]
    filed_to, filed_before = {*judgment.decision.filed_to}, {*earlier.filed_to[k]}
    if filed_before and not filed_to <= filed_before:
        return False
    if likeness(reading.look, before.look) < LOOKS_ALIKE:
        return False
    words, words_before = _words(reading), _words(before)
    if not words or fuzz.ratio(words, words_before) < READS_ALIKE * 100:
        return False
    return not _names_others(judgment.page, look_over(before, registry))


def _words(reading: PageReading) -> str:
    first = next((part for part in reading.text if isinstance(part, TextReading)), None)
    return "\n".join(line.text for line in first.lines) if first else ""


def _names_others(page: PageSightings, before: PageSightings) -> bool:
    """An id, or a date of service or birth, was surely read on one page and surely otherwise on the other."""
    for kind in {s.kind for s in page.ids}:
        here, there = ({s.could_be for s in p.ids_of(kind)} for p in (page, before))
        if here and there and not here & there:
            return True
    for role in {d.role for d in page.dates if d.is_labelled}:
        here_days, there_days = ({d.days for d in p.dates_of(role) if d.is_labelled} for p in (page, before))
        if here_days and there_days and not here_days & there_days:
            return True
    return False


def _repeated(judgment: Judgment, twin: int | None, source: str) -> Judgment:
    if twin is None:
        return judgment
    reason = f"This page came before: it is page {twin} of {source}, sent again."
    return replace(judgment, ground=Ground.REPEATED, reason=reason)
