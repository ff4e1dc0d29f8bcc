"""Opening sensitive pages: with a reason by those who may, by breaking the glass by others, which raises an alert."""

from datetime import datetime

import structlog
from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from worker.db import documents, openings
from worker.pipeline.site import Site
from worker.review.addresses import Sha256
from worker.review.origin import local_path
from worker.review.record import About, entry_of
from worker.review.refusals import InvalidError, NotAllowedError, NotFoundError, wants_json
from worker.review.sent import sent_fields
from worker.review.who import AtSite, Reading, Signed

_log = structlog.get_logger()

router = APIRouter()

#: Letters of a reason: fewer say nothing, more are no reason.
LEAST_REASON, MOST_REASON = 10, 1_000


class ReasonMissingError(InvalidError):
    """No reason, or none that says anything."""

    kind = "reason"

    def __init__(self) -> None:
        super().__init__(f"Say why you must see these pages, in {LEAST_REASON} to {MOST_REASON} letters.")


class GlassError(NotAllowedError):
    """Only by breaking the glass."""

    kind = "break-glass"

    def __init__(self) -> None:
        super().__init__("You may open sensitive pages in an emergency only: it is reported to your supervisors.")


@router.post("/documents/{sha256}/open")
async def open_sensitive(request: Request, site: AtSite, signed: Reading, sha256: Sha256) -> Response:
    """Opens the document's sensitive pages for this person for a while.

    JSON or a form: `reason`, and `breakGlass` by those who may not otherwise. A script is told until when; a form may
    say with `next` where it goes on.
    """
    fields = await sent_fields(request)
    until = await run_in_threadpool(_open, site, signed, sha256, fields)
    if wants_json(request):
        is_broken = not signed.person.may_open_sensitive
        return JSONResponse({"until": until.isoformat(timespec="seconds"), "breakGlass": is_broken})
    return RedirectResponse(local_path(str(fields.get("next", ""))) or f"/documents/{sha256}", 303)


def _open(site: Site, signed: Signed, sha256: str, fields: dict[str, object]) -> datetime:
    document = documents.find(site.shelf.engine, sha256)
    if document is None or not signed.person.may_use(document.line):
        raise NotFoundError
    reason = " ".join(str(fields.get("reason", "")).split())
    if not LEAST_REASON <= len(reason) <= MOST_REASON:
        raise ReasonMissingError
    is_broken = not signed.person.may_open_sensitive
    if is_broken and fields.get("breakGlass") not in (True, "true", "on", "1"):
        raise GlassError
    entry = entry_of(signed, "break_glass" if is_broken else "open_sensitive", About(sha256), reason=reason)
    minutes = site.review.opened_minutes
    until = openings.add(site.shelf.engine, entry, reason=reason, minutes=minutes, is_break_glass=is_broken)
    if is_broken:
        _log.warning("glass broken: a supervisor must look", document=sha256[:16])
    return until
