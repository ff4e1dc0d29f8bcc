"""/documents/upload: documents that a person hands in here, streamed to disk as those of the API are."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from worker.db import arrivals
from worker.domain.document import Arrival
from worker.domain.envelope import ROUTINE, Channel, Envelope, Incoming
from worker.domain.line import Line
from worker.domain.person import Role
from worker.intake.scans import printable
from worker.pipeline.site import Site
from worker.receiving.receive import FormReceiver, Limits, Sent, check_count, receive
from worker.receiving.refused import BodyRefusedError
from worker.receiving.spool import SpooledFile, check_size
from worker.review.record import About, record
from worker.review.refusals import InvalidError, NotAllowedError, RefusedError, wants_json
from worker.review.render import render
from worker.review.who import AtSite, Signed, allowed
from worker.review.words import size_words

router = APIRouter()

#: What an envelope says of the place.
STATION = "review site"
#: Letters of a note.
LONGEST_NOTE = 500
#: Receipts that are shown after an upload.
MOST_RECEIPTS = 50
Handing = Annotated[
    Signed, Depends(allowed(lambda person: person.is_any_of(Role.REVIEWER, Role.SENIOR, Role.SUPERVISOR)))
]


class UploadRefusedError(RefusedError):
    """What was sent is not taken."""

    def __init__(self, error: BodyRefusedError) -> None:
        super().__init__(str(error))
        self.status = error.status
        self.kind = error.kind


@router.get("/documents/upload")
def show_form(request: Request, site: AtSite, signed: Handing) -> Response:
    """The form; after an upload, its receipts."""
    given = request.query_params.getlist("receipt")[:MOST_RECEIPTS]
    found = [arrivals.find_by_receipt(site.shelf.engine, receipt) for receipt in given]
    taken = [each for each in found if each is not None and signed.person.may_use(each.envelope.line)]
    lines = [(line, size_words(line.upload_bytes)) for line in _lines(site, signed)]
    return render(request, "upload.html", {"lines": lines, "routine": ROUTINE, "taken": taken})


@router.post("/documents/upload")
async def upload(request: Request, site: AtSite, signed: Handing) -> Response:
    """Take in what the form brings; once this answers, nothing can lose it any more."""
    sent = Sent()
    try:
        await receive(request, await run_in_threadpool(_receiver, request, site, signed, sent))
        taken = await run_in_threadpool(_take_in, site, signed, sent)
    except BodyRefusedError as error:
        raise UploadRefusedError(error) from error
    finally:
        sent.close()
    if wants_json(request):
        listed = [{"receipt": a.receipt, "sha256": a.sha256, "came_before": a.is_duplicate} for a in taken]
        return JSONResponse({"documents": listed}, 201)
    receipts = "&".join(f"receipt={arrival.receipt}" for arrival in taken)
    return RedirectResponse(f"/documents/upload?{receipts}", 303)


def _receiver(request: Request, site: Site, signed: Signed, sent: Sent) -> FormReceiver:
    kind, options = parse_options_header(request.headers.get("content-type", "").encode("latin-1"))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise BodyRefusedError(415, "unsupported", "Send the form as multipart/form-data.")
    return FormReceiver(sent, site.home, options[b"boundary"], lambda line: _limits(site, signed, line), "")


def _take_in(site: Site, signed: Signed, sent: Sent) -> list[Arrival]:
    line = sent.fields.get("line", "")
    limits = _limits(site, signed, line or ROUTINE)
    check_count(len(sent.files), limits)
    for file in sent.files:
        check_size(file.size, limits.max_bytes)
    files = [file for file in sent.files if file.size or file.name]
    if not files or not all(file.size for file in files):
        raise InvalidError("Choose a document first: there is none, or it is empty.")
    note = " ".join(sent.fields.get("note", "").split())[:LONGEST_NOTE]
    envelope = Envelope(
        channel=Channel.API,
        line=line or ROUTINE,
        station=STATION,
        operator=signed.person.display_name,
        index=(("note", note),) if note else (),
    )
    return [_accept(site, signed, envelope, file) for file in files]


def _accept(site: Site, signed: Signed, envelope: Envelope, file: SpooledFile) -> Arrival:
    name = printable(file.name.replace("\\", "/").rsplit("/", 1)[-1][:150]) or "upload"
    place = f"review:{signed.person.name}/{secrets.token_hex(16)}"
    arrival = site.accept(Incoming(place.encode(), name, site.now(), envelope), file.path)
    about = About(arrival.sha256 or None)
    record(site, signed, "upload", about, receipt=arrival.receipt, source=arrival.source, line=envelope.line)
    return arrival


def _lines(site: Site, signed: Signed) -> list[Line]:
    """The lines that are the person's, the usual one first."""
    mine = [line for line in site.lines.values() if signed.person.may_use(line.name)]
    return sorted(mine, key=lambda line: (line.name != ROUTINE, line.name))


def _limits(site: Site, signed: Signed, name: str) -> Limits:
    """Of the line; the most generous of the person's while there is no name."""
    if name and name not in site.lines:
        raise BodyRefusedError(422, "no-such-line", "There is no line of that name here.")
    lines = [site.lines[name]] if name else _lines(site, signed)
    if not lines or not signed.person.may_use(lines[0].name):
        raise NotAllowedError("This line is not yours: choose another.")
    counts = [line.max_documents for line in lines]
    most = None if None in counts else max(count for count in counts if count is not None)
    return Limits(max(line.upload_bytes for line in lines), most)
