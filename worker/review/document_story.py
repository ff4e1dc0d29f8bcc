"""/documents/{sha256}: the whole story of a document: how it came, what was read, who decided what, where it went."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from worker.db import arrivals, pages, pictures, review_items, story
from worker.db.documents import Document
from worker.domain.document import Stage
from worker.domain.person import Role
from worker.domain.task import Step
from worker.matching.page_text import text_of
from worker.pipeline.site import Site
from worker.review import words
from worker.review.addresses import PageNumber, Sha256
from worker.review.documents import state_of
from worker.review.images import ClosedPageError
from worker.review.reach import find_document
from worker.review.record import About, record
from worker.review.refusals import ConflictError, NotAllowedError, NotFoundError
from worker.review.render import render
from worker.review.senders import sending
from worker.review.sensitive import Sensitivity, look_at
from worker.review.story_told import told_deliveries, told_page, told_said
from worker.review.who import AtSite, Reading, Signed

router = APIRouter()

#: Pages of the document that are shown at a time.
SHOWN = 50


@dataclass(frozen=True, slots=True)
class _Part:
    """The pages that are shown now: from `first` to `last` of `of`."""

    first: int
    last: int
    of: int

    @property
    def others(self) -> list[tuple[int, int]]:
        """All parts, by first and last page."""
        return [(first, min(first + SHOWN - 1, self.of)) for first in range(1, self.of + 1, SHOWN)]


@router.get("/documents/{sha256}")
def show_story(request: Request, sha256: Sha256, site: AtSite, signed: Reading) -> Response:
    """The page; `from` says which part of a long document is wanted."""
    document = find_document(site, signed, sha256)
    part = _part(request.query_params.get("from", ""), document.pages or 0)
    record(site, signed, "view_document", About(sha256), first=part.first)
    return render(
        request,
        "document.html",
        _facts(site, document) | _told(site, signed, document, part) | sending(site, signed, sha256),
    )


@router.get("/documents/{sha256}/words/{number}")
def show_words(sha256: Sha256, number: PageNumber, site: AtSite, signed: Reading) -> Response:
    """All that was read on a page, as text."""
    find_document(site, signed, sha256)
    view = pictures.load_view(site.shelf.engine, sha256, number)
    if view is None:
        raise NotFoundError("There is no such page, or it was not read yet.")
    if look_at(site, signed.person, sha256, [view])[number] is Sensitivity.CLOSED:
        raise ClosedPageError
    record(site, signed, "view_words", About(sha256, number))
    return JSONResponse({"words": text_of(view.reading)})


@router.post("/documents/{sha256}/retry")
def try_again(sha256: Sha256, site: AtSite, signed: Reading) -> Response:
    """Try a parked document again, once what was wrong is mended."""
    if Role.SUPERVISOR not in signed.person.roles:
        raise NotAllowedError
    find_document(site, signed, sha256)
    record(site, signed, "retry", About(sha256))
    if not pages.retry(site.shelf.engine, sha256):
        raise ConflictError("not-parked", "This document is not parked any more: load the page again.")
    for step in (Step.OPEN, Step.DECIDE):
        site.bell.ring(step)
    return RedirectResponse(f"/documents/{sha256}", 303)


def _part(given: str, of: int) -> _Part:
    wanted = int(given) if given.isascii() and given.isdecimal() and len(given) < 7 else 1
    first = (min(max(wanted, 1), max(of, 1)) - 1) // SHOWN * SHOWN + 1
    return _Part(first, min(first + SHOWN - 1, of), of)


def _facts(site: Site, document: Document) -> dict[str, object]:
    """What everybody may know."""
    came = arrivals.load_of(site.shelf.engine, document.sha256)
    counts = story.count_outcomes(site.shelf.engine, [document.sha256]).get(document.sha256, {})
    return {
        "document": document,
        "size": words.size_words(document.size),
        "arrivals": came,
        "channels": words.CHANNELS,
        "state": state_of(document.stage, counts),
        "counts": [(words.OUTCOMES[outcome], number) for outcome, number in counts.items()],
        "is_filed": document.stage is Stage.FILED,
        "file": f"{document.sha256[:16]}.pdf",
    }


def _told(site: Site, signed: Signed, document: Document, part: _Part) -> dict[str, object]:
    """What this person may know of the decisions."""
    engine, person, sha256 = site.shelf.engine, signed.person, document.sha256
    hidden = story.load_hidden(engine, person, sha256)
    shown = story.load_pages(engine, sha256, part.first, part.last)
    views = [pictures.PageView(document.line, page.reading, page.decision) for page in shown]
    secret = look_at(site, person, sha256, views)
    filed = story.load_filed(engine, sha256)
    visible = {request_id: [page for page in numbers if page not in hidden] for request_id, numbers in filed.items()}
    may_see_looks = person.is_any_of(Role.SENIOR, Role.SUPERVISOR, Role.AUDITOR)
    return {
        "part": part,
        "pages": [told_page(page, hidden, secret) for page in shown],
        "is_closed": any(each is Sensitivity.CLOSED for each in secret.values()),
        "hidden": words.pages(sorted(hidden)) if hidden else "",
        "said": told_said(story.load_said(engine, sha256), hidden),
        "filed": [(request_id, words.pages(numbers)) for request_id, numbers in visible.items() if numbers],
        "deliveries": told_deliveries(story.load_deliveries(engine, sha256), hidden),
        "looks": story.load_looks(engine, sha256) if may_see_looks else None,
        "waits": [item for item in review_items.load_open(engine, sha256) if _may_open(signed, item.kind.is_blind)],
        "may_correct": person.may_decide and document.stage in (Stage.FILED, Stage.DECIDED) and bool(document.pages),
        "may_retry": Role.SUPERVISOR in person.roles and document.stage is Stage.PARKED,
    }


def _may_open(signed: Signed, is_blind: bool) -> bool:
    """Who decides is not told of blind items here: they come with the others."""
    return not (is_blind and signed.person.may_decide)
