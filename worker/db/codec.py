"""Readings and decisions as compact JSON text, and back without loss.

Written out by hand: a field added to the domain fails mypy or the round-trip test here, instead of being lost
in silence. Words and boxes are arrays, because there are hundreds a page; the rest has names.
"""

import json
from typing import Any  # what json.loads returns; it goes no further than this module

from worker.domain.decision import Candidate, Decision, DocumentType, Finding, Outcome, RecordKind, Strength, Verdict
from worker.domain.picture import Glance, Pose
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

Json = dict[str, Any]


def reading_to_json(reading: PageReading) -> str:
    """One page's reading as text of ASCII characters only."""
    return _dump(
        {
            "number": reading.number,
            "width": reading.width,
            "height": reading.height,
            "rotation": reading.rotation,
            "skew": reading.skew,
            "ink": reading.ink,
            "is_blank": reading.is_blank,
            "is_separator": reading.is_separator,
            "damage": reading.damage,
            "barcodes": [[code.payload, code.symbology, _box(code.box), code.reader] for code in reading.barcodes],
            "text": [_text(part) for part in reading.text],
            "sender_line": None if reading.sender_line is None else _line(reading.sender_line),
            "look": reading.look,
        }
    )


def reading_from_json(text: str) -> PageReading:
    """The reading that `reading_to_json` was given."""
    data: Json = json.loads(text)
    line = data["sender_line"]
    return PageReading(
        number=data["number"],
        width=data["width"],
        height=data["height"],
        rotation=data["rotation"],
        skew=data["skew"],
        ink=data["ink"],
        is_blank=data["is_blank"],
        is_separator=data["is_separator"],
        damage=tuple(data["damage"]),
        barcodes=tuple(Barcode(code[0], code[1], Box(*code[2]), code[3]) for code in data["barcodes"]),
        text=tuple(_text_back(part) for part in data["text"]),
        sender_line=None if line is None else _line_back(line),
        look=data["look"],
    )


def glance_from_json(text: str) -> Glance:
    """The pose and the words of the reading that `reading_to_json` was given, in a seventh of the time of all of it."""
    data: Json = json.loads(text)
    pose = Pose(*(data[name] for name in ("number", "rotation", "skew", "width", "height")))
    lines = [line for part in data["text"] for line in part.get("lines", ())]
    lines = lines if data["sender_line"] is None else [data["sender_line"], *lines]
    return Glance(pose, "\n".join(" ".join(word[0] for word in line) for line in lines))


def decision_to_json(decision: Decision) -> str:
    """One page's decision with its candidates and their findings."""
    return _dump(
        {
            "page": decision.page,
            "outcome": decision.outcome,
            "request_id": decision.request_id,
            "document_type": decision.document_type,
            "confidence": decision.confidence,
            "reason": decision.reason,
            "candidates": [_candidate(candidate) for candidate in decision.candidates],
            "ground": decision.ground,
            "record_kind": decision.record_kind,
            "policy": decision.policy,
        }
        | ({"also": list(decision.also)} if decision.also else {})
    )


def decision_from_json(text: str) -> Decision:
    """The decision that `decision_to_json` was given; what earlier versions did not know is empty."""
    data: Json = json.loads(text)
    kind = data.get("record_kind")
    return Decision(
        page=data["page"],
        outcome=Outcome(data["outcome"]),
        request_id=data["request_id"],
        document_type=DocumentType(data["document_type"]),
        confidence=data["confidence"],
        reason=data["reason"],
        candidates=tuple(_candidate_back(candidate) for candidate in data["candidates"]),
        ground=data["ground"],
        record_kind=None if kind is None else RecordKind(kind),
        policy=data.get("policy", ""),
        also=tuple(data.get("also", ())),
    )


def _dump(data: Json) -> str:
    return json.dumps(data, separators=(",", ":"))


def _box(box: Box) -> list[int]:
    return [box.left, box.top, box.width, box.height]


def _line(line: Line) -> list[Any]:
    return [[word.text, *_box(word.box), word.confidence] for word in line.words]


def _line_back(words: list[Any]) -> Line:
    return Line(tuple(Word(word[0], Box(*word[1:5]), word[5]) for word in words))


def _text(part: TextReading | Unreadable) -> Json:
    if isinstance(part, Unreadable):
        return {"region": part.region, "unreadable": part.why}
    known: dict[str, Any] = {"region": part.region, "lines": [_line(line) for line in part.lines]}
    return known | {"unread": part.unread} if part.unread else known


def _text_back(data: Json) -> TextReading | Unreadable:
    region = Region(data["region"])
    if "unreadable" in data:
        return Unreadable(region, data["unreadable"])
    return TextReading(region, tuple(_line_back(line) for line in data["lines"]), data.get("unread", 0))


def _candidate(candidate: Candidate) -> Json:
    return {
        "request_id": candidate.request_id,
        "probability": candidate.probability,
        "findings": [
            [
                finding.name,
                finding.verdict,
                finding.weight,
                finding.sentence,
                [_box(box) for box in finding.boxes],
                finding.strength.value,
            ]
            for finding in candidate.findings
        ],
    }


def _candidate_back(data: Json) -> Candidate:
    return Candidate(
        data["request_id"],
        data["probability"],
        tuple(
            Finding(
                name,
                Verdict(verdict),
                weight,
                sentence,
                tuple(Box(*box) for box in boxes),
                *map(Strength, strength),  # rows of earlier versions have none
            )
            for name, verdict, weight, sentence, boxes, *strength in data["findings"]
        ),
    )
