"""Days of a mailroom, drawn straight into the tables: what the dashboard counts, without reading any page."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa

from worker.db.codec import decision_to_json, reading_to_json
from worker.db.review_tables import OPENINGS, OPINIONS, REVIEW_ITEMS
from worker.db.tables import ARRIVALS, DOCUMENTS, PAGES
from worker.domain.decision import Candidate, Decision, DocumentType, Outcome
from worker.domain.quality import Quality
from worker.domain.reading import PageReading
from worker.domain.review import ItemKind, ItemState

GROUNDS = ("contradicted", "unsure", "unknown_patient", "several_fit", "closed", "nothing_named", "unreadable")
LINES = (("routine", 0.62), ("expedited", 0.17), ("appeals", 0.21))
CHANNELS = (("fax", 0.78), ("mail", 0.08), ("folder", 0.09), ("api", 0.05))
QUALITIES = (
    (Quality.CLEAR, 0.55),
    (Quality.FAIR, 0.27),
    (Quality.POOR, 0.08),
    (Quality.NO_TEXT, 0.08),
    (Quality.DAMAGED, 0.02),
)
BATCH = 2_000
Word = TypeVar("Word", bound=str)


@dataclass(frozen=True)
class Mailroom:
    """How much there is of what; `now` is the end of the last day."""

    now: datetime
    days: int = 9
    documents_a_day: int = 60
    pages: int = 12
    audited: int = 312
    wrong: int = 1


@dataclass(frozen=True)
class _Drawn:
    sha256: str
    line: str
    channel: str
    quality: Quality
    at: datetime


def fill(engine: sa.Engine, mailroom: Mailroom, seed: int = 4) -> None:
    """Documents with decided pages, items open and done, an audit sample, and broken glass."""
    chance = random.Random(seed)
    batch: list[_Drawn] = []
    position = 0
    for back in range(mailroom.days - 1, -1, -1):
        for _ in range(mailroom.documents_a_day):
            position += 1
            batch.append(_draw(chance, mailroom.now - timedelta(days=back), position))
            if len(batch) * mailroom.pages >= BATCH:
                _save(engine, mailroom, chance, batch, position)
                batch = []
    _save(engine, mailroom, chance, batch, position)
    _open_items(engine, mailroom, chance)
    add_audits(engine, mailroom)


def _draw(chance: random.Random, day: datetime, number: int) -> _Drawn:
    sha256 = hashlib.sha256(f"drawn {number}".encode()).hexdigest()
    at = day - timedelta(minutes=chance.uniform(1, 500))
    return _Drawn(sha256, _one(chance, LINES), _one(chance, CHANNELS), _one(chance, QUALITIES), at)


def _one(chance: random.Random, shares: tuple[tuple[Word, float], ...]) -> Word:
    return chance.choices([word for word, _ in shares], [weight for _, weight in shares])[0]


def _save(engine: sa.Engine, mailroom: Mailroom, chance: random.Random, batch: list[_Drawn], last: int) -> None:
    if not batch:
        return
    first = last - len(batch) + 1
    with engine.begin() as connection:
        documents = [
            {
                "sha256": d.sha256,
                "size": 1,
                "stage": "filed",
                "pages": mailroom.pages,
                "line": d.line,
                "position": first + k,
            }
            for k, d in enumerate(batch)
        ]
        connection.execute(sa.insert(DOCUMENTS), documents)
        arrivals = [
            {"order": first + k, "source": f"{d.sha256[:12]}.tif", "sha256": d.sha256, "path": d.sha256.encode(),
             "received_at": d.at, "is_duplicate": False, "channel": d.channel, "line": d.line, "sender": "5025550100"}
            for k, d in enumerate(batch)
        ]  # fmt: skip
        connection.execute(sa.insert(ARRIVALS), arrivals)
        connection.execute(sa.insert(PAGES), [row for d in batch for row in _pages(mailroom, chance, d)])
        items = [row for d in batch for row in _done_items(mailroom, chance, d)]
        if items:
            connection.execute(sa.insert(REVIEW_ITEMS), items)


def decision(
    page: int, outcome: Outcome = Outcome.FILED, request_id: str | None = "R1", probability: float = 0.998
) -> Decision:
    """The machine's, with its likeliest request."""
    candidates = (Candidate(request_id or "R1", probability, ()),)
    filed_to = request_id if outcome is Outcome.FILED else None
    return Decision(page, outcome, filed_to, DocumentType.MEDICAL_RECORD, probability, "drawn", candidates, "named")


def _pages(mailroom: Mailroom, chance: random.Random, drawn: _Drawn) -> Iterator[dict[str, object]]:
    trouble = {Quality.CLEAR: 0.02, Quality.FAIR: 0.06, Quality.POOR: 0.2, Quality.NO_TEXT: 0.03, Quality.DAMAGED: 0.4}[
        drawn.quality
    ]
    for number in range(1, mailroom.pages + 1):
        outcome, by = Outcome.FILED, None
        if chance.random() < 0.07:
            outcome = Outcome.SET_ASIDE
        elif chance.random() < trouble:
            outcome, by = (Outcome.REVIEW, None) if chance.random() < 0.3 else (Outcome.FILED, "rita")
        made = decision(number, outcome)
        yield {
            "sha256": drawn.sha256, "number": number, "reading": reading_to_json(PageReading(number, 1728, 2200)),
            "decision": decision_to_json(made), "outcome": outcome.value, "request_id": made.request_id,
            "document_type": "medical_record", "confidence": 0.99, "reason": "drawn", "decided_by": by,
            "decided_at": drawn.at, "quality": str(drawn.quality),
        }  # fmt: skip


def _done_items(mailroom: Mailroom, chance: random.Random, drawn: _Drawn) -> Iterator[dict[str, object]]:
    if chance.random() < 0.25:
        slow = {Quality.POOR: 1.9, Quality.DAMAGED: 1.6}.get(drawn.quality, 1.0)
        values = {"done_at": drawn.at, "done_by": "rita", "seconds": round(slow * chance.lognormvariate(2.3, 0.6), 1)}
        yield (
            item(drawn.sha256, drawn.line, drawn.at, ItemState.DONE, channel=drawn.channel, ground=_ground(chance))
            | values
        )


def _ground(chance: random.Random) -> str:
    return chance.choices(GROUNDS, [9, 8, 5, 4, 3, 2, 1])[0]


def item(
    sha256: str, line: str, received_at: datetime, state: ItemState, *, hours: float = 72, channel: str = "fax",
    ground: str = "unsure", kind: ItemKind = ItemKind.EXCEPTION, pages: str = "[1]",
) -> dict[str, object]:  # fmt: skip
    """The row of an item that is due so many hours after it came."""
    due_at = received_at + timedelta(hours=hours)
    return {
        "kind": kind.value, "state": state.value, "sha256": sha256, "pages": pages, "ground": ground, "reason": "drawn",
        "line": line, "channel": channel, "received_at": received_at, "due_at": due_at,
        "urgency": int(due_at.timestamp() // 3600), "unblocks": 1, "created_at": received_at, "done_at": None,
        "done_by": "", "seconds": None,
    }  # fmt: skip


def _open_items(engine: sa.Engine, mailroom: Mailroom, chance: random.Random) -> None:
    with engine.begin() as connection:
        hashes = list(connection.execute(sa.select(DOCUMENTS.c.sha256).limit(60)).scalars())
        rows = []
        for k, sha256 in enumerate(hashes[:57]):
            line, most = (("routine", 150), ("expedited", 80), ("appeals", 60))[k % 3]
            at = mailroom.now - timedelta(hours=chance.uniform(0.2, most))
            hours = {"routine": 400, "expedited": 72, "appeals": 240}[line]
            state = ItemState.PARKED if k % 11 == 0 else ItemState.WAITING
            rows.append(item(sha256, line, at, state, hours=hours, ground=_ground(chance)))
        connection.execute(sa.insert(REVIEW_ITEMS), rows)
        at = mailroom.now - timedelta(minutes=25)
        glass = {"by_name": "rita", "sha256": hashes[0], "is_break_glass": True, "at": at,
                 "until": mailroom.now, "reason": "The provider is on the telephone about this very page"}  # fmt: skip
        connection.execute(sa.insert(OPENINGS).values(glass))


def add_audits(engine: sa.Engine, mailroom: Mailroom) -> None:
    """Audited pages, each an item and an opinion of its own; the first `wrong` of them were put elsewhere."""
    with engine.begin() as connection:
        query = sa.select(DOCUMENTS.c.sha256, DOCUMENTS.c.line).order_by(DOCUMENTS.c.position).limit(mailroom.audited)
        documents = connection.execute(query).all()
        for k in range(mailroom.audited):
            sha256, line = documents[k % len(documents)]
            page, at = 1 + k // len(documents), mailroom.now - timedelta(days=k % 60)
            is_wrong = k < mailroom.wrong
            add_opinion(connection, sha256, line, page, at, request_id="R2" if is_wrong else "R1")


def add_opinion(
    connection: sa.Connection, sha256: str, line: str, page: int, at: datetime, *, kind: ItemKind = ItemKind.AUDIT,
    request_id: str | None = "R1", outcome: Outcome = Outcome.FILED, before: Decision | None = None, by: str = "rita",
) -> None:  # fmt: skip
    """A person's word on a page, with the item it was given in."""
    made = item(sha256, line, at, ItemState.DONE, kind=kind, ground=kind.value) | {
        "done_at": at,
        "done_by": by,
        "seconds": 7.0,
    }
    number = connection.execute(sa.insert(REVIEW_ITEMS).values(made).returning(REVIEW_ITEMS.c.id)).scalar_one()
    stood = replace(before or decision(page), page=page)
    values = {
        "item_id": number, "kind": kind.value, "sha256": sha256, "page": page, "by_name": by, "at": at,
        "outcome": outcome.value, "request_id": request_id, "ground": "by_person", "before": decision_to_json(stood),
        "agrees": (stood.outcome, stood.request_id) == (outcome, request_id),
    }  # fmt: skip
    connection.execute(sa.insert(OPINIONS).values(values))
