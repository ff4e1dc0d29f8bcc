"""Says which kind of medical record a page is (progress note, laboratory, ...), where the page makes it clear."""

import re
from collections.abc import Sequence

from worker.domain.decision import RecordKind
from worker.matching.phrases import Cue, add_points, cues_of, fold
from worker.matching.record_phrases import HEADINGS, TITLES, WORDS
from worker.matching.rows import add_rows, rows

#: A record says what it is in one of so many lines, of at most so many words.
_TITLE_LINES, _TITLE_WORDS = 12, 10
#: Below this many points, or with less than this much more than the next kind, nothing is clear.
_CLEAR, _AHEAD = 3.0, 1.5
#: The first title is the page's own; further ones are what the page lists or quotes.
_FURTHER_TITLES = 0.5
#: Words that may follow a title without a capital.
_GOES_ON = frozenset({"page", "of", "for", "by", "cont", "continued", "view", "views"})
_WORD = re.compile(r"[^\W\d_]+")
_ROWS = (
    # `Potassium 4.1 3.5 - 5.2 mmol/L`: a name, a result, a range or a unit.
    rows(
        RecordKind.LABORATORY,
        3,
        4.0,
        r"""
        \W*[a-z][a-z0-9\ ,()/.-]{1,30}\s [<>]?\d+(\.\d+)?\*?\s+.*
        (\d\s?[-–]\s?\d|[mµu]?g/d?l|mmol|meq|[ku]/u?l|fl\b|u/l|ratio|%)
        """,
    ),
    # `Temp 98.6 99.1`: what is observed hour by hour, and the hours over it.
    rows(
        RecordKind.NURSING, 3, 3.0, r"\W*(temp|pulse|resp|bp|spo2|pain|intake|output|turned|diet|iv\ site|rail)\S*\W+\d"
    ),
    rows(RecordKind.NURSING, 1, 3.0, r".*?(\b[0-2]?\d[:.]?00\b\W*){4,}"),
)

_TITLES, _HEADINGS, _WORDS = cues_of(TITLES), cues_of(HEADINGS, heads=True), cues_of(WORDS)


def record_kind(lines: Sequence[str]) -> tuple[RecordKind, float] | None:
    """The kind of a record from its lines of text, top to bottom, and how sure that is (0 to 1); None if unclear."""
    points = dict.fromkeys(RecordKind, 0.0)
    _add_titles(points, lines[:_TITLE_LINES])
    text = fold("\n".join(lines))
    add_points(points, _HEADINGS, text, "")
    add_points(points, _WORDS, "", text)
    add_rows(points, _ROWS, lines)
    best, second = sorted(points, key=lambda kind: -points[kind])[:2]
    if points[best] < _CLEAR or points[best] - points[second] < _AHEAD:
        return None
    return best, round(points[best] / (points[best] + points[second] + 1.0), 3)


def _add_titles(points: dict[RecordKind, float], lines: Sequence[str]) -> None:
    share = 1.0
    for line in lines:
        titles = _titles_in(line) if len(line.split()) <= _TITLE_WORDS else []
        for cue in titles:
            points[cue.kind] = max(points[cue.kind], cue.in_title * share)
        share = _FURTHER_TITLES if titles else share


def _titles_in(line: str) -> list[Cue[RecordKind]]:
    """The titles on a line; of those that overlap only the longest."""
    folded = fold(line)
    found = [(place, cue) for cue in _TITLES for place in cue.places(folded) if _is_title(line, place)]
    found.sort(key=lambda each: each[0][0] - each[0][1])
    kept: list[tuple[tuple[int, int], Cue[RecordKind]]] = []
    for (start, end), cue in found:
        if all(end <= other[0] or start >= other[1] for other, _ in kept):
            kept.append(((start, end), cue))
    return [cue for _, cue in kept]


def _is_title(line: str, span: tuple[int, int]) -> bool:
    """What stands there begins with a capital, and is no part of a sentence."""
    before, after = _WORD.findall(line[: span[0]])[-1:], _WORD.findall(line[span[1] :])[:1]
    return (
        not line[span[0]].islower()
        and not any(word.islower() for word in before)
        and not any(word.islower() and word not in _GOES_ON for word in after)
    )
