"""Opening a decided document to put it right."""

from worker.db import review_items, reviews
from worker.domain.review import ItemKind, NewItem
from worker.matching.review_items import due_at
from worker.pipeline.inbox import occasion_of
from worker.pipeline.site import Site


def open_correction(site: Site, sha256: str) -> int:
    """The item by which any page of the document can be decided anew: one that is open already, or one of its own."""
    opened = review_items.load_open(site.shelf.engine, sha256)
    own = next((item.id for item in opened if item.kind in review_items.ONE_A_DOCUMENT), None)
    return own or reviews.open_correction(site.shelf.engine, _correction(site, sha256))


def _correction(site: Site, sha256: str) -> NewItem:
    occasion = occasion_of(site, sha256)
    return NewItem(
        kind=ItemKind.CORRECTION,
        sha256=sha256,
        pages=(),
        ground="correction",
        reason="Opened to put it right.",
        line=occasion.line,
        channel=occasion.channel,
        received_at=occasion.received_at,
        due_at=due_at(occasion, ()),
    )
