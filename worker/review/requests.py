"""/requests/{request_id}: what the registry says of a request, what was received for it, and its filed PDFs."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from worker.db import find_documents, requests, story
from worker.filing.manifest import load_manifest
from worker.filing.requests_folder import MANIFEST, folder_name, request_folder
from worker.pipeline.site import Site
from worker.review import words
from worker.review.reach import find_document
from worker.review.record import About, record
from worker.review.refusals import NotAllowedError, NotFoundError
from worker.review.render import render
from worker.review.sensitive import Sensitivity, sensitivity_of
from worker.review.who import AtSite, Reading

router = APIRouter()

#: Bytes that are sent at a time.
PIECE = 1 << 18
Entries = dict[str, dict[str, object]]


@router.get("/requests/{request_id:path}/pdf")
def download(request_id: str, file: str, site: AtSite, signed: Reading) -> Response:
    """One of the request's PDFs, as its manifest names it."""
    entry = _entries(site, request_id).get(file)
    sha256 = str(entry["sha256"]) if entry else ""
    if entry is None:
        raise NotFoundError("There is no such PDF: it was withdrawn, or is not written yet.")
    find_document(site, signed, sha256)
    secret = sensitivity_of(site, signed.person, sha256)
    if any(secret.get(page) is Sensitivity.CLOSED for page in _numbers(entry)):
        raise NotAllowedError(
            "Some of these pages are sensitive. Open them on the document's page with a reason, then download."
        )
    if _numbers(entry) & story.load_hidden(site.shelf.engine, signed.person, sha256):
        raise NotAllowedError(
            "You may be asked to decide one of these pages yourself, without knowing where it is filed: "
            "download this when that is done."
        )
    record(site, signed, "download", About(sha256, request_id=request_id), file=file)
    return _sent(
        site, f"{request_folder(request_id)}/{file}", str(entry["file_sha256"]), f"{_plain(request_id)}-{file}"
    )


@router.get("/requests/{request_id:path}")
def show_request(request: Request, request_id: str, site: AtSite, signed: Reading) -> Response:
    """The page."""
    engine, person = site.shelf.engine, signed.person
    found = requests.find(engine, request_id)
    holders = find_documents.find_holders(engine, request_id, person.lines)
    if found is None and not holders:
        raise NotFoundError("The registry holds no such request, and nothing was received for it.")
    record(site, signed, "view_request", About(request_id=request_id))
    files = {str(entry["sha256"]): name for name, entry in _entries(site, request_id).items()}
    rows = []
    for holder in holders:
        sha256 = holder.came.sha256 or ""
        numbers = sorted(set(holder.pages) - story.load_hidden(engine, person, sha256))
        if numbers:
            rows.append((holder.came, len(numbers), words.ranges(numbers), files.get(sha256, "")))
    shown = {
        "request_id": request_id,
        "found": found,
        "rows": rows,
        "total": sum(row[1] for row in rows),
        "stages": words.STAGES,
        "channels": words.CHANNELS,
        "is_late": found is not None and found.is_open and found.due_date < site.now().date(),
    }
    return render(request, "request.html", shown)


def _entries(site: Site, request_id: str) -> Entries:
    """Name of the PDF -> what the manifest says of it."""
    try:
        folder = request_folder(request_id)
    except ValueError:
        return {}
    listed = load_manifest(site.shelf.store, f"{folder}/{MANIFEST}").get("documents")
    known = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    return {str(entry["file"]): entry for entry in known if {"file", "file_sha256", "sha256"} <= set(entry)}


def _numbers(entry: dict[str, object]) -> set[int]:
    listed = entry.get("pages")
    return {int(page["page"]) for page in listed} if isinstance(listed, list) else set()


def _plain(request_id: str) -> str:
    return folder_name(request_id).replace("%", "_")[:80]


def _sent(site: Site, key: str, sha256: str, name: str) -> Response:
    stack = ExitStack()
    try:
        path = stack.enter_context(site.shelf.store.as_file(key, sha256))
    except FileNotFoundError as error:
        raise NotFoundError("There is no such PDF: it was withdrawn, or is not written yet.") from error
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(path.stat().st_size)}
    return StreamingResponse(_pieces(stack, path), headers=headers, media_type="application/pdf")


def _pieces(stack: ExitStack, path: Path) -> Iterator[bytes]:
    with stack, path.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece
