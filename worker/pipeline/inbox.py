"""What waits for people after a document was decided, parked, or found without an item."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import tzinfo

import sqlalchemy as sa

from worker.db import arrivals, documents, pages, requests, review_items, waiting
from worker.db.pages import Waits
from worker.domain.decision import Decision, Outcome
from worker.domain.line import Line
from worker.domain.request import Request
from worker.domain.review import Item, ItemKind, NewItem
from worker.matching.review_items import Occasion, audit_items, exception_item, parked_item
from worker.pipeline.desk import Desk

#: Documents for which one sweep makes the missing items.
MOST_UNLISTED = 200


def waits_after(desk: Desk, sha256: str, decisions: Sequence[Decision], revision: int | None) -> Waits:
    """The items of a document with these decisions, the audit sample's among them. See pages.save_decisions."""
    engine = desk.shelf.engine
    occasion = occasion_of(engine, sha256, desk.lines, desk.zone)
    named = requests_of(engine, decisions)
    taken = taken_pages(review_items.load_open(engine, sha256))
    exception = exception_item(occasion, decisions, named, taken)
    sample = audit_items(occasion, decisions, named, desk.review.audit_share)
    return Waits((*([exception] if exception else []), *sample), revision)


def items_of_parked(desk: Desk, sha256: str, decisions: Sequence[Decision], why: str) -> tuple[NewItem, ...]:
    """The item of a document that was given up."""
    return (_parked(desk.shelf.engine, occasion_of(desk.shelf.engine, sha256, desk.lines, desk.zone), decisions, why),)


def list_unlisted(engine: sa.Engine, lines: Mapping[str, Line], zone: tzinfo) -> int:
    """Makes the items that are missing, those of an older version's documents; returns of how many documents."""
    found = waiting.load_unlisted(engine, MOST_UNLISTED)
    for sha256 in found:
        occasion = occasion_of(engine, sha256, lines, zone)
        decisions = pages.load_decisions(engine, sha256)
        item = exception_item(occasion, decisions, requests_of(engine, decisions))
        document = documents.find(engine, sha256)
        reason = document.reason if document else ""
        with engine.begin() as connection:
            review_items.put(connection, sha256, [item or _parked(engine, occasion, decisions, reason)])
    return len(found)


def occasion_of(engine: sa.Engine, sha256: str, lines: Mapping[str, Line], zone: tzinfo) -> Occasion:
    """How the document came. Its line is the most urgent one it came on."""
    document = documents.find(engine, sha256)
    arrival = arrivals.find_first(engine, sha256)
    line = document.line if document else arrival.envelope.line
    clock = lines[line].clock_hours if line in lines else None
    return Occasion(sha256, line, arrival.envelope.channel.value, arrival.received_at, clock, zone)


def requests_of(engine: sa.Engine, decisions: Iterable[Decision]) -> dict[str, Request]:
    """The requests that the decisions name, as filed to or as candidates."""
    ids = {d.request_id for d in decisions if d.request_id}
    ids |= {candidate.request_id for d in decisions for candidate in d.candidates}
    return requests.find_many(engine, ids)


def taken_pages(items: Iterable[Item]) -> Collection[int]:
    """Pages that other items than the exception's have: two people are at them, or a senior is."""
    return frozenset(
        page for item in items if item.kind in {ItemKind.SECOND_LOOK, ItemKind.DISAGREEMENT} for page in item.pages
    )


def _parked(engine: sa.Engine, occasion: Occasion, decisions: Sequence[Decision], why: str) -> NewItem:
    in_review = [decision for decision in decisions if decision.outcome is Outcome.REVIEW]
    item = exception_item(occasion, in_review, requests_of(engine, in_review))
    return item or parked_item(occasion, why)
