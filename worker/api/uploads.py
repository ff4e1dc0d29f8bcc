"""POST /v1/documents: documents come in, receipts go out."""

import contextlib
import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from typing import Annotated

import structlog
from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, Field
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from worker.api.access import AtSite, Uploader
from worker.api.fields import Fields, envelope_of, line_of, merge
from worker.api.once import answer_once
from worker.api.openapi import UPLOAD_BODY
from worker.api.problems import ProblemError, documented
from worker.db.answers import Question
from worker.db.keys import ApiKey
from worker.domain.document import Arrival
from worker.domain.envelope import Envelope, Incoming
from worker.errors import UnknownLineError
from worker.intake.scans import printable
from worker.pipeline.site import Site
from worker.receiving.receive import BodyReceiver, FormReceiver, Limits, Receiver, Sent, check_count, receive
from worker.receiving.spool import SpooledFile, check_size

_log = structlog.get_logger()
router = APIRouter(tags=["documents"])

#: What a body that is the document itself may be called; what it is, its bytes say.
DOCUMENT_TYPES = ("application/pdf", "image/tiff", "image/png", "image/jpeg", "application/octet-stream")
FORM = "multipart/form-data"
#: Bytes of a form that are not its documents.
FORM_OVERHEAD = 1 << 20

IdempotencyKey = Annotated[
    str | None,
    Header(
        description="Any text of your own that names this upload: sent again with the same key, it is recorded once.",
        min_length=1,
        max_length=200,
        pattern=r"^[!-~]+$",
    ),
]


class Receipt(BaseModel):
    """One document is safe. `came_before`: the same bytes had come already, so nothing new will be filed."""

    receipt: str = Field(description="The number to ask with: GET /v1/documents/{receipt}.")
    sha256: str
    bytes: int
    came_before: bool


class Receipts(BaseModel):
    """All documents of the message, in its order."""

    documents: list[Receipt]


@dataclass(frozen=True, slots=True)
class _Message:
    """A message that has come wholly. `idempotency_key` is empty where none was given."""

    sent: Sent
    envelope: Envelope
    filename: str
    key_name: str
    idempotency_key: str

    @property
    def fingerprint(self) -> str:
        """A SHA-256 of all that was sent."""
        files = [(self._name(file), file.sha256) for file in self.sent.files]
        return hashlib.sha256(json.dumps([asdict(self.envelope), files]).encode()).hexdigest()

    def incoming(self, site: Site) -> list[tuple[Incoming, SpooledFile]]:
        """The documents, each in its place: the same again where an idempotency key says that it is the same."""
        mark = hashlib.sha256(self.idempotency_key.encode()).hexdigest() if self.idempotency_key else ""
        place = f"api:{self.key_name}/{mark or secrets.token_hex(16)}"
        now = site.now()
        return [
            (Incoming(f"{place}/{number}".encode(), self._name(file), now, self.envelope), file)
            for number, file in enumerate(self.sent.files, 1)
        ]

    def _name(self, file: SpooledFile) -> str:
        """The last part of the name the sender gave, as one line of text."""
        name = (file.name or self.filename).replace("\\", "/").rsplit("/", 1)[-1][:150]
        return printable(name) or "upload"


@router.post(
    "/v1/documents",
    status_code=201,
    response_model=Receipts,
    openapi_extra=UPLOAD_BODY,
    responses={
        200: {"model": Receipts, "description": "The same as before, with the same Idempotency-Key."},
        **documented(401, 403, 408, 409, 413, 415, 422, 429, 500, 503, 507),
    },
)
async def upload(
    request: Request,
    site: AtSite,
    key: Uploader,
    query: Annotated[Fields, Query()],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Send documents in. When this answers 201 they are on disk and recorded; nothing can lose them any more.

    The body is a document (then the fields are query parameters), or a form with parts named `file`.
    """
    async with _received(request, site, key, query) as sent:
        fields = merge(query, sent.fields)
        line = line_of(fields, key)
        limits = _limits(site, key, line)
        check_count(len(sent.files), limits)
        for file in sent.files:
            check_size(file.size, limits.max_bytes)
        if not sent.files or not all(file.size for file in sent.files):
            raise ProblemError(422, "empty", "There is no document, or one of them has no bytes.")
        envelope = envelope_of(fields, key, line)
        message = _Message(sent, envelope, fields.filename, key.name, idempotency_key or "")
        return await run_in_threadpool(_take_in, site, message)


@contextlib.asynccontextmanager
async def _received(request: Request, site: Site, key: ApiKey, query: Fields) -> AsyncIterator[Sent]:
    """The whole message on disk, for the length of the block; after an error nothing of it is left."""
    line_of(query, key)
    sent = Sent()
    try:
        await receive(request, await run_in_threadpool(_receiver, request, site, key, query, sent))
        yield sent
    finally:
        sent.close()


def _receiver(request: Request, site: Site, key: ApiKey, query: Fields, sent: Sent) -> Receiver:
    kind, options = parse_options_header(request.headers.get("content-type", "").encode("latin-1"))
    limits = _limits(site, key, query.line)
    length = int(request.headers.get("content-length", "0"))
    if request.headers.get("content-encoding", "identity") != "identity":
        raise ProblemError(415, "unsupported", "Send the bytes as they are, without Content-Encoding.")
    if kind.decode("latin-1") in DOCUMENT_TYPES:
        check_size(length, limits.max_bytes)
        return BodyReceiver(sent, SpooledFile(site.home, query.filename, lambda: limits.max_bytes))
    if kind.decode("latin-1") == FORM and options.get(b"boundary"):
        if limits.max_documents is not None:
            check_size(length - FORM_OVERHEAD, limits.max_bytes * limits.max_documents)
        return FormReceiver(sent, site.home, options[b"boundary"], lambda name: _limits(site, key, name), query.line)
    raise ProblemError(415, "unsupported", f"The Content-Type must be one of {', '.join((*DOCUMENT_TYPES, FORM))}.")


def _limits(site: Site, key: ApiKey, line: str) -> Limits:
    """Of the line; the most generous of those that the key may use while there is no name."""
    if line:
        try:
            known = site.line(line)
        except UnknownLineError as error:
            raise ProblemError(422, "no-such-line", "There is no line of that name here.") from error
        return Limits(known.upload_bytes, known.max_documents)
    lines = [each for each in site.lines.values() if key.may_use(each.name)] or list(site.lines.values())
    counts = [each.max_documents for each in lines]
    most = None if None in counts else max(count for count in counts if count is not None)
    return Limits(max(each.upload_bytes for each in lines), most)


def _take_in(site: Site, message: _Message) -> Response:
    if not message.idempotency_key:
        return _answer(_accept_all(site, message), 201)
    question = Question(message.key_name, message.idempotency_key, message.fingerprint)
    answer, was_given = answer_once(site.shelf.engine, question, lambda: _accept_all(site, message))
    return _answer(answer, 200 if was_given else 201)


def _accept_all(site: Site, message: _Message) -> str:
    receipts = []
    for incoming, file in message.incoming(site):
        arrival: Arrival = site.accept(incoming, file.path)
        _log.info("document received", receipt=arrival.receipt, document=arrival.sha256[:16])
        receipts.append(
            Receipt(
                receipt=arrival.receipt,
                sha256=arrival.sha256,
                bytes=file.size,
                came_before=arrival.is_duplicate,
            )
        )
    return Receipts(documents=receipts).model_dump_json()


def _answer(answer: str, status: int) -> Response:
    first = Receipts.model_validate_json(answer).documents[0].receipt
    headers = {"Location": f"/v1/documents/{first}"}
    return Response(answer, status, headers, "application/json")
