"""Readings and decisions as JSON: what goes in comes out, whatever it holds."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from worker.db.codec import (
    decision_from_json,
    decision_to_json,
    glance_from_json,
    reading_from_json,
    reading_to_json,
)
from worker.domain.decision import Candidate, Decision, DocumentType, Finding, Outcome, RecordKind, Verdict
from worker.domain.picture import Glance, pose_of
from worker.domain.reading import (
    Barcode,
    Box,
    Line,
    PageReading,
    Region,
    TextReading,
    Unreadable,
    Word,
)
from worker.matching.sensitive import text_of

#: Any text at all: barcodes of strangers hold control characters, and OCR holds half surrogate pairs.
TEXT = st.text(st.characters(), max_size=12)
NUMBER = st.floats(allow_nan=False)
COUNT = st.integers(-10_000, 10_000)
BOXES = st.builds(Box, COUNT, COUNT, COUNT, COUNT)
WORDS = st.builds(Word, TEXT, BOXES, NUMBER)
LINES = st.builds(Line, st.lists(WORDS, max_size=3).map(tuple))
REGIONS = st.sampled_from(Region)
PARTS = st.one_of(
    st.builds(TextReading, REGIONS, st.lists(LINES, max_size=3).map(tuple)),
    st.builds(Unreadable, REGIONS, TEXT),
)
BARCODES = st.builds(Barcode, TEXT, TEXT, BOXES, TEXT)
READINGS = st.builds(
    PageReading,
    number=COUNT,
    width=COUNT,
    height=COUNT,
    rotation=st.sampled_from([0, 90, 180, 270]),
    skew=NUMBER,
    ink=NUMBER,
    is_blank=st.booleans(),
    is_separator=st.booleans(),
    damage=st.lists(TEXT, max_size=2).map(tuple),
    barcodes=st.lists(BARCODES, max_size=2).map(tuple),
    text=st.lists(PARTS, max_size=3).map(tuple),
    sender_line=st.none() | LINES,
    look=TEXT,
)
FINDINGS = st.builds(Finding, TEXT, st.sampled_from(Verdict), NUMBER, TEXT, st.lists(BOXES, max_size=2).map(tuple))
CANDIDATES = st.builds(Candidate, TEXT, NUMBER, st.lists(FINDINGS, max_size=3).map(tuple))
DECISIONS = st.builds(
    Decision,
    COUNT,
    st.sampled_from(Outcome),
    st.none() | TEXT,
    st.sampled_from(DocumentType),
    NUMBER,
    TEXT,
    st.lists(CANDIDATES, max_size=2).map(tuple),
    ground=TEXT,
    policy=TEXT,
    record_kind=st.none() | st.sampled_from(RecordKind),
    also=st.lists(TEXT, max_size=2).map(tuple),
)


@given(READINGS)
def test_reading_comes_back_as_it_was(reading: PageReading) -> None:
    text = reading_to_json(reading)

    assert reading_from_json(text) == reading
    assert text.isascii()


@given(READINGS)
def test_a_glance_is_part_of_the_reading(reading: PageReading) -> None:
    text = reading_to_json(reading)

    assert glance_from_json(text) == Glance(pose_of(reading), text_of(reading))


@given(DECISIONS)
def test_decision_comes_back_as_it_was(decision: Decision) -> None:
    text = decision_to_json(decision)

    assert decision_from_json(text) == decision
    assert text.isascii()


@given(DECISIONS)
def test_a_decision_of_an_earlier_version_lacks_what_that_did_not_know(decision: Decision) -> None:
    data = json.loads(decision_to_json(decision))
    for name in ("record_kind", "policy", "also"):
        data.pop(name, None)

    assert decision_from_json(json.dumps(data)) == replace(decision, record_kind=None, policy="", also=())


def test_unreadable_never_comes_back_as_empty() -> None:
    reading = PageReading(1, 10, 10, text=(Unreadable(Region.FULL, ""), TextReading(Region.BANDS, ())))

    back = reading_from_json(reading_to_json(reading))

    assert isinstance(back.text[0], Unreadable)
    assert isinstance(back.text[1], TextReading)


def test_full_page_of_words_stays_small() -> None:
    word = Word("hospital", Box(1204, 1311, 133, 28), 0.96)
    reading = PageReading(1, 1700, 2200, text=(TextReading(Region.FULL, (Line((word,) * 10),) * 40),))

    text = reading_to_json(reading)

    assert len(text) < 400 * 40
