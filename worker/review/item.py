"""The case: one item with its whole document, on which a person decides; and the details of its pages."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from worker.db import documents, review_items
from worker.domain.review import Item, ItemState
from worker.pipeline.site import Site
from worker.review.case_json import Viewer, case_json, first_shown, page_json
from worker.review.case_load import find_item, load_case, load_reading, why_read_only
from worker.review.record import About, record
from worker.review.render import render
from worker.review.who import AtSite, Reading, Signed

router = APIRouter()


@router.get("/items/{item_id}")
def show_item(request: Request, item_id: int, site: AtSite, signed: Reading) -> Response:
    """The case, taken in hand if it is free and the person may decide it. Pages that were never read have no case."""
    item = take(site, signed, find_item(site, signed, item_id))
    if not item.pages and item.state is not ItemState.DONE and _is_unread(site, item):
        return RedirectResponse(f"/documents/{item.sha256}", 303)
    case = load_case(site, signed, item)
    why_not = why_read_only(item, case.document, signed)
    record(site, signed, "view_item", About(sha256=item.sha256), item=item.id, kind=item.kind.value)
    reading = load_reading(site, case, first_shown(case))
    body = case_json(case, reading, Viewer(signed.csrf, site.zone.key, why_not))
    return render(request, "item.html", {"case": body})


@router.get("/items/{item_id}/pages/{number}")
def show_page(item_id: int, number: int, site: AtSite, signed: Reading) -> Response:
    """What was read on a page, and its candidates."""
    item = find_item(site, signed, item_id)
    case = load_case(site, signed, item, number)
    record(site, signed, "view_words", About(item.sha256, number), item=item.id)
    return JSONResponse(page_json(case, load_reading(site, case, number)))


def take(site: Site, signed: Signed, item: Item) -> Item:
    """The item in this person's hands where that can be; else as it is."""
    if not signed.person.may_decide:
        return item
    return review_items.hold(site.shelf.engine, item.id, signed.person, hold_length(site)) or item


def hold_length(site: Site) -> timedelta:
    """How long an item is held without a sign of life."""
    return timedelta(minutes=site.review.hold_minutes)


def _is_unread(site: Site, item: Item) -> bool:
    document = documents.find(site.shelf.engine, item.sha256)
    return document is None or not document.pages
