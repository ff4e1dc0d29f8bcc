"""/senders: fax numbers that reviewers tied to providers, evidence from then on; supervisors see and untie them."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from worker.db import documents, requests, senders
from worker.db.senders import Tie
from worker.domain.person import Role
from worker.matching.origin import fax_digits
from worker.pipeline.site import Site
from worker.review.addresses import Sha256
from worker.review.record import About, entry_of, record
from worker.review.refusals import InvalidError, NotFoundError, wants_json
from worker.review.render import render
from worker.review.sent import sent_fields, text_of
from worker.review.who import AtSite, Deciding, Reading, Signed, allowed

router = APIRouter()
Seeing = Annotated[Signed, Depends(allowed(lambda p: p.is_any_of(Role.SUPERVISOR, Role.AUDITOR)))]
Supervising = Annotated[Signed, Depends(allowed(lambda p: p.is_any_of(Role.SUPERVISOR)))]


@router.get("/senders")
def show_senders(request: Request, site: AtSite, signed: Seeing) -> Response:
    """Every tie that counts."""
    record(site, signed, "view_senders")
    ties = senders.load_all(site.shelf.engine)
    may_untie = signed.person.is_any_of(Role.SUPERVISOR)
    return render(request, "senders.html", {"ties": ties, "may_untie": may_untie})


@router.get("/senders/of/{sha256}")
def show_tied(site: AtSite, signed: Reading, sha256: Sha256) -> Response:
    """The number that a document came from, and the providers it is tied to."""
    sender = _sender(site, signed, sha256)
    return JSONResponse(_tied(sender, senders.load_tied(site.shelf.engine, sender)))


@router.post("/senders/tie")
async def tie(request: Request, site: AtSite, signed: Deciding) -> Response:
    """Tie the number that a document came from to the provider of a request: `sha256` and `requestId`.

    JSON, answered with what the number is tied to; or a form, which goes back to the document.
    """
    given = await sent_fields(request)
    sha256, request_id = text_of(given, "sha256"), text_of(given, "requestId")
    tied = await run_in_threadpool(_tie, site, signed, sha256, request_id)
    return JSONResponse(tied) if wants_json(request) else RedirectResponse(f"/documents/{sha256}", 303)


@router.post("/senders/untie")
async def untie(request: Request, site: AtSite, signed: Supervising) -> Response:
    """The number does not speak for the provider any more: `sender` and `npi`. What was decided stays."""
    given = await sent_fields(request)
    sender, npi = text_of(given, "sender"), text_of(given, "npi")
    await run_in_threadpool(_untie, site, signed, sender, npi)
    return JSONResponse({"sender": sender}) if wants_json(request) else RedirectResponse("/senders", 303)


def sending(site: Site, signed: Signed, sha256: str) -> dict[str, object]:
    """For the document's story: the number it came from, the ties that count, and whether this person may add one."""
    sender = senders.find_sender(site.shelf.engine, sha256)
    ties = senders.load_tied(site.shelf.engine, sender) if sender else ()
    return {"sending_number": sender, "sending_ties": ties, "may_tie": signed.person.may_decide}


def _tie(site: Site, signed: Signed, sha256: str, request_id: str) -> dict[str, object]:
    engine = site.shelf.engine
    sender = _sender(site, signed, sha256)
    if not sender:
        raise InvalidError("This document did not come from a fax number: there is nothing to tie.")
    request = requests.find(engine, request_id)
    if request is None:
        raise NotFoundError("There is no such request.")
    npi, about = request.provider_npi, About(sha256=sha256, request_id=request.request_id)
    entry = entry_of(signed, "tie_sender", about, sender=sender, npi=npi)
    senders.tie(engine, entry, sender, npi, request.provider_name)
    return _tied(sender, senders.load_tied(engine, sender))


def _untie(site: Site, signed: Signed, sender: str, npi: str) -> None:
    if not fax_digits(sender):
        raise NotFoundError
    entry = entry_of(signed, "untie_sender", sender=sender, npi=npi)
    if not senders.untie(site.shelf.engine, entry, sender, npi):
        raise NotFoundError("It is not tied any more.")


def _sender(site: Site, signed: Signed, sha256: str) -> str:
    document = documents.find(site.shelf.engine, sha256)
    if document is None or not signed.person.may_use(document.line):
        raise NotFoundError
    return senders.find_sender(site.shelf.engine, sha256)


def _tied(sender: str, ties: tuple[Tie, ...]) -> dict[str, object]:
    return {"sender": sender, "providers": [{"npi": tie.provider_npi, "name": tie.provider_name} for tie in ties]}
