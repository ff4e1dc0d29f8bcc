"""What waits for people after a document was decided, parked, or found without an item."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Protocol

import sqlalchemy as sa

from worker.db import arrivals, documents, pages, pictures, requests, review_items, waiting
from worker.db.engine import serialize
from worker.db.pages import Waits
from worker.domain.decision import Decision, Outcome
from worker.domain.line import Line
from worker.domain.request import Request
from worker.domain.review import Item, ItemKind, NewItem
from worker.domain.review_policy import ReviewPolicy
from worker.matching.review_items import Occasion, audit_items, exception_item, parked_item
from worker.pipeline.give_out import Shelf

#: Documents for which one sweep makes the missing items.
MOST_UNLISTED = 200


class Payer(Protocol):
    """What a desk and a site both know: where things are, the lines, the calendar, how people review."""

    @property
    def shelf(self) -> Shelf:
        """Where everything is."""
        ...

    @property
    def lines(self) -> Mapping[str, Line]:
        """The lines by name."""
        ...

    @property
    def zone(self) -> tzinfo:
        """The payer's time zone."""
        ...

    @property
    def review(self) -> ReviewPolicy:
        """How people review."""
        ...


def waits_after(payer: Payer, sha256: str, decisions: Sequence[Decision], revision: int | None) -> Waits:
    """The items of a document with these decisions, the audit sample's among them. See pages.save_decisions."""
    engine = payer.shelf.engine
    occasion = occasion_of(payer, sha256)
    named = requests_of(engine, decisions)
    taken = taken_pages(review_items.load_open(engine, sha256))
    exception = exception_item(occasion, decisions, named, taken)
    sample = audit_items(occasion, decisions, named, payer.review.audit_share)
    return Waits((*([exception] if exception else []), *sample), revision)


def items_of_parked(payer: Payer, sha256: str, decisions: Sequence[Decision], why: str) -> tuple[NewItem, ...]:
    """The item of a document that was given up."""
    return (_parked(payer.shelf.engine, occasion_of(payer, sha256), decisions, why),)


def list_unlisted(payer: Payer) -> int:
    """Makes the items that are missing, those of an older version's documents; returns of how many documents."""
    engine = payer.shelf.engine
    found = waiting.load_unlisted(engine, MOST_UNLISTED)
    for sha256 in found:
        occasion = occasion_of(payer, sha256)
        decisions = pages.load_decisions(engine, sha256)
        item = exception_item(occasion, decisions, requests_of(engine, decisions))
        document = documents.find(engine, sha256)
        reason = document.reason if document else ""
        new = item or _parked(engine, occasion, decisions, reason)
        with engine.begin() as connection:
            serialize(connection, review_items.lock_of(sha256))  # two sweeps at once make one item
            review_items.put(connection, sha256, [new])
            if item:
                pictures.want_pictures(connection, sha256)
    return len(found)


def occasion_of(payer: Payer, sha256: str) -> Occasion:
    """How the document came. Its line is the most urgent one it came on."""
    engine = payer.shelf.engine
    document = documents.find(engine, sha256)
    arrival = arrivals.find_first(engine, sha256)
    line = document.line if document else arrival.envelope.line
    clock = payer.lines[line].clock_hours if line in payer.lines else None
    return Occasion(sha256, line, arrival.envelope.channel.value, arrival.received_at, clock, payer.zone)


def requests_of(engine: sa.Engine, decisions: Iterable[Decision]) -> dict[str, Request]:
    """The requests that the decisions name, as filed to or as candidates."""
    ids = {request_id for d in decisions for request_id in d.filed_to}
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
