"""/v1/requests: has it arrived, and the registry of requests."""

from datetime import date, datetime
from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from worker.api.access import AtSite, Reader, Registrar
from worker.api.documents import STATES, State
from worker.api.openapi import CSV_BODY, REQUEST_BODY
from worker.api.problems import ProblemError, documented, invalid
from worker.api.request_body import RequestBody
from worker.db import received, requests
from worker.domain.envelope import Channel
from worker.domain.request import RequestStatus
from worker.errors import BadRegistryError
from worker.intake.registry_csv import check_registry
from worker.intake.registry_row import read_row
from worker.pipeline.site import Site
from worker.receiving.receive import BodyReceiver, Gathered, Sent, check_kind, receive
from worker.receiving.spool import SpooledFile

_log = structlog.get_logger()
#: Bytes of one request, and of a whole registry.
LARGEST_REQUEST, LARGEST_REGISTRY = 64 * 1024, 512 * 1024 * 1024

router = APIRouter(tags=["requests"])
imports = APIRouter(tags=["requests"])

RequestId = Annotated[
    str,
    Path(
        max_length=100,
        pattern=r"^[!-.0-~]([ -.0-~]*[!-.0-~])?$",
        description="As it stands in the registry: printable ASCII without slashes.",
    ),
]
Mode = Annotated[
    Literal["upsert", "replace"], Query(description="`replace`: requests that are not in the file leave the registry.")
]


class Arrived(BaseModel):
    """A document that holds pages of the request, and its state. `came_before`: a repeat of the same bytes."""

    receipt: str
    received_at: datetime = Field(description="In the payer's time zone.")
    door: Channel
    line: str
    state: State
    came_before: bool
    pages: list[int] = Field(description="The pages of the document that were filed to this request.")


class RequestState(BaseModel):
    """What was received for a request. Documents that wait for a reviewer are not among it until they are filed."""

    request_id: str
    status: RequestStatus | None = Field(description="Null where the registry does not hold it any more.")
    due_date: date | None
    page_count: int = Field(description="Pages filed to it, those of repeats left out.")
    received: list[Arrived]


class Registered(BaseModel):
    """The registry holds this now."""

    request_id: str
    status: RequestStatus


class Imported(BaseModel):
    """What a file brought."""

    imported: int
    open: int


@router.get("/v1/requests/{request_id}", responses=documented(401, 403, 404, 422, 429, 503, 507))
def show_request(request_id: RequestId, site: AtSite, key: Reader) -> RequestState:
    """Has it arrived? What was received for a request, when, and through which door."""
    request = requests.find(site.shelf.engine, request_id)
    came = received.load_of(site.shelf.engine, request_id, key.lines)
    if request is None and not came:
        raise ProblemError(404, "not-found", "The registry holds no such request.")
    return RequestState(
        request_id=request_id,
        status=request.status if request else None,
        due_date=request.due_date if request else None,
        page_count=sum(len(each.pages) for each in came if not each.is_duplicate),
        received=[_arrived(site, each) for each in came],
    )


@router.put(
    "/v1/requests/{request_id}",
    openapi_extra=REQUEST_BODY,
    response_model=Registered,
    responses={
        201: {"model": Registered, "description": "It is new."},
        **documented(401, 403, 408, 413, 415, 422, 429, 503, 507),
    },
)
async def put_request(http: HttpRequest, request_id: RequestId, site: AtSite, key: Registrar) -> Response:
    """Add a request to the registry, or put this over what it holds. Records that came before are looked at again."""
    # Read here and not by the framework, which would read the body of anybody before it asks for the key.
    check_kind(http, "application/json")
    gathered = Gathered(LARGEST_REQUEST)
    await receive(http, gathered)
    try:
        body = RequestBody.model_validate_json(gathered.data)
    except ValidationError as error:
        raise invalid("body", error) from error
    return await run_in_threadpool(_put, site, request_id, body, key.name)


def _put(site: Site, request_id: str, body: RequestBody, key_name: str) -> Response:
    cells = {name: str(value).strip() for name, value in body.model_dump(mode="json").items()}
    request, problems = read_row({"request_id": request_id, **cells})
    if request is None:
        errors = [("body", problem) for problem in problems]
        raise ProblemError(422, "invalid", "The request cannot be used as it is.", errors=errors)
    is_new = requests.find(site.shelf.engine, request_id) is None
    requests.upsert(site.shelf.engine, [request])
    _log.info("request registered", request=request_id, status=request.status.value, key=key_name)
    registered = Registered(request_id=request_id, status=request.status)
    return JSONResponse(registered.model_dump(mode="json"), 201 if is_new else 200)


@router.post("/v1/requests/{request_id}/close", responses=documented(401, 403, 404, 422, 429, 503, 507))
def close_request(request_id: RequestId, site: AtSite, key: Registrar) -> Registered:
    """Close a request: what comes for it from now on goes to a reviewer."""
    if not requests.close(site.shelf.engine, request_id):
        raise ProblemError(404, "not-found", "The registry holds no such request.")
    _log.info("request closed", request=request_id, key=key.name)
    return Registered(request_id=request_id, status=RequestStatus.CLOSED)


@imports.post(
    "/v1/requests/import",
    openapi_extra=CSV_BODY,
    response_model=Imported,
    responses=documented(401, 403, 408, 413, 415, 422, 429, 503, 507),
)
async def import_registry(
    http: HttpRequest,
    site: AtSite,
    key: Registrar,
    mode: Mode = "upsert",
) -> Imported:
    """Import a registry file (CSV with a header row, UTF-8): all of it, or nothing where anything is wrong with it."""
    check_kind(http, "text/csv")
    sent = Sent()
    try:
        file = SpooledFile(site.home, "", lambda: LARGEST_REGISTRY)
        await receive(http, BodyReceiver(sent, file))
        imported = await run_in_threadpool(_import, site, file, mode)
    finally:
        sent.close()
    _log.info("registry imported", requests=imported.imported, mode=mode, key=key.name)
    return imported


def _import(site: Site, file: SpooledFile, mode: Mode) -> Imported:
    try:
        registry = check_registry(file.path)
    except BadRegistryError as error:
        errors = [_place(problem) for problem in error.problems]
        raise ProblemError(422, "bad-registry", "Nothing was imported: mend the file.", errors=errors) from error
    put = requests.replace_all if mode == "replace" else requests.upsert
    put(site.shelf.engine, registry)
    return Imported(imported=registry.count, open=registry.still_open)


def _place(problem: str) -> tuple[str, str]:
    """`line 3: ...` as its two halves."""
    line, colon, rest = problem.partition(": ")
    return (line, rest) if colon and line.startswith("line ") else ("file", problem)


def _arrived(site: Site, came: received.Received) -> Arrived:
    return Arrived(
        receipt=came.receipt,
        received_at=came.received_at.astimezone(site.zone),
        door=came.channel,
        line=came.line,
        state=STATES[came.stage],
        came_before=came.is_duplicate,
        pages=list(came.pages),
    )
