"""Loading a case from the database, for a person who may see it."""

from datetime import UTC, datetime

from worker.db import arrivals, documents, pages, pictures, review_items, reviews, story
from worker.db.documents import Document
from worker.db.requests import find_many
from worker.db.reviews import DECIDABLE
from worker.domain.reading import PageReading
from worker.domain.review import Item, ItemKind, ItemState
from worker.pipeline.site import Site
from worker.review.case_json import Case
from worker.review.refusals import NotFoundError
from worker.review.sensitive import glance_at
from worker.review.who import Signed

_GONE = "There is no such item: it was decided, or it is of a line that is not yours."


def find_item(site: Site, signed: Signed, item_id: int) -> Item:
    """The item, if this person may see it. Raises NotFoundError."""
    item = review_items.find(site.shelf.engine, item_id)
    if item is None or not signed.person.may_use(item.line):
        raise NotFoundError(_GONE)
    return item


def load_case(site: Site, signed: Signed, item: Item, number: int | None = None) -> Case:
    """The case of an item, with all pages of its document or the one of this number.

    Raises NotFoundError where there is nothing to decide on. Only what is needed of the readings is loaded: they are
    large.
    """
    engine, sha256 = site.shelf.engine, item.sha256
    document = documents.find(engine, sha256)
    states = reviews.load_states(engine, sha256, number)
    if document is None or not states:
        raise NotFoundError("Nothing of this could be read: look at the document's story.")
    blind = story.load_hidden(engine, signed.person, sha256)
    ids = {request_id for page, s in states.items() if page not in blind for request_id in s.decision.filed_to}
    ids |= {candidate.request_id for state in states.values() for candidate in state.decision.candidates}
    glances = pictures.load_glances(engine, sha256, number)
    return Case(
        item=item,
        document=document,
        arrival=arrivals.find_first(engine, sha256),
        states=states,
        poses={page.glance.pose.number: page.glance.pose for page in glances},
        requests=find_many(engine, ids),
        sensitivity=glance_at(site, signed.person, sha256, glances),
        blind=blind,
    )


def load_reading(site: Site, case: Case, number: int) -> PageReading:
    """All that was read on a page of the case."""
    return pages.load_readings(site.shelf.engine, case.item.sha256, number, number)[0]


def why_read_only(item: Item, document: Document, signed: Signed) -> str:
    """Why this person cannot decide the item, as a sentence; empty where it is in the person's hands."""
    person = signed.person
    if not person.may_decide:
        return "Your role reads and does not decide."
    if item.state is ItemState.DONE:
        return "This item is done."
    if person.name in item.not_by:
        return "You have decided these pages before: another person looks at them now."
    if item.kind is ItemKind.DISAGREEMENT and not person.may_settle:
        return "Two people said different things: a senior decides."
    if item.held_by != person.name or (item.held_until is not None and item.held_until < datetime.now(UTC)):
        return f"{item.held_by or 'Nobody'} has this item in hand."
    if document.stage not in DECIDABLE:
        return "The document is at work: load the page again in a moment."
    return ""
