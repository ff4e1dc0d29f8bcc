"""OUT/requests/<request id>/: the PDFs of one request and the manifest that says why each page is there.

A request's folder is a picture of what is decided: made again from the same decisions, it is the same.
"""

import hashlib
import re
from collections.abc import Collection, Sequence
from urllib.parse import quote

from worker.filing.copy import CopyMethod
from worker.filing.manifest import arrival_entry, finding_entry, load_manifest, write_manifest
from worker.filing.plan import DocumentPages, FiledPage
from worker.filing.written_pdf import ensure_pdf, page_entry, pdf_entry
from worker.storage.store import Store

REQUESTS, MANIFEST = "requests", "manifest.json"
MANIFEST_KEY = re.compile(rf"{REQUESTS}/[^/]+/{re.escape(MANIFEST)}")
#: Only files with such names are ours to remove.
PDF_NAME = re.compile(r"[0-9a-f]{16}\.pdf")
#: Longer folder names are cut and made unique by a hash (file systems allow 255 bytes).
LONGEST_NAME = 200


def folder_name(request_id: str) -> str:
    """A request id as the name of one folder, whatever characters it holds: `A/7` is `A%2F7`.

    Letters, digits, `_`, `-` and inner dots stay; the rest is percent-encoded UTF-8.
    """
    name = quote(request_id, safe="", errors="surrogatepass").replace("~", "%7E")
    if name.startswith("."):
        name = "%2E" + name[1:]
    if name.endswith("."):
        name = name[:-1] + "%2E"
    if not name:
        raise ValueError("a request without an id has no folder")
    if len(name) > LONGEST_NAME:
        return f"{name[:LONGEST_NAME]}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    return name


def request_folder(request_id: str) -> str:
    """Where in the store the pages of this request are."""
    return f"{REQUESTS}/{folder_name(request_id)}"


def write_request(store: Store, request_id: str, documents: Sequence[DocumentPages]) -> None:
    """Make the request's folder hold exactly these documents' pages (those with pages, by arrival).

    First the PDFs, then the manifest, then what no longer belongs goes: a crash in between leaves whole files,
    and running again ends in the same state. Without documents the folder goes. Raises CannotWriteError and
    UnreachableError.
    """
    folder = request_folder(request_id)
    held = sorted((document for document in documents if document.pages), key=lambda held: held.arrival.order)
    manifest = f"{folder}/{MANIFEST}"
    if held:
        before = _entries_before(store, manifest)
        entries = [_write_document(store, request_id, document, before) for document in held]
        write_manifest(store, manifest, {"request_id": request_id, "documents": entries})
    else:
        store.remove(manifest)
    _remove_others(store, folder, {document.file_name for document in held})


def remove_other_requests(store: Store, request_ids: Collection[str]) -> None:
    """Withdraw the folders of all requests but these: nothing is filed to them any more."""
    wanted = {folder_name(request_id) for request_id in request_ids}
    manifests = [key for key in store.keys(REQUESTS) if MANIFEST_KEY.fullmatch(key)]
    for manifest in manifests:
        folder = manifest.removesuffix(f"/{MANIFEST}")
        if folder.removeprefix(f"{REQUESTS}/") not in wanted:
            store.remove(manifest)
            _remove_others(store, folder, set())


def _write_document(
    store: Store, request_id: str, document: DocumentPages, before: dict[str, object]
) -> dict[str, object]:
    written = ensure_pdf(store, request_folder(request_id), document, before.get(document.arrival.sha256))
    pages = [
        _page(request_id, page, position, method)
        for position, (page, method) in enumerate(zip(document.pages, written.methods, strict=True), 1)
    ]
    return arrival_entry(document) | pdf_entry(written) | {"pages": pages}


def _page(request_id: str, page: FiledPage, position: int, method: CopyMethod) -> dict[str, object]:
    decision = page.decision
    winner = [held for held in decision.candidates if held.request_id == request_id]
    findings = winner[0].findings if winner else ()
    return page_entry(page.chosen, position, method) | {
        "document_type": decision.document_type.value,
        "record_kind": decision.record_kind.value if decision.record_kind else None,
        "confidence": round(decision.confidence, 6),
        "reason": decision.reason,
        "policy": decision.policy,
        "also_filed_to": [other for other in decision.filed_to if other != request_id],
        "evidence": [finding_entry(finding) for finding in findings],
    }


def _entries_before(store: Store, manifest: str) -> dict[str, object]:
    """Document hash -> its entry in the manifest that stands there."""
    entries = load_manifest(store, manifest).get("documents")
    if not isinstance(entries, list):
        return {}
    return {entry["sha256"]: entry for entry in entries if isinstance(entry, dict) and "sha256" in entry}


def _remove_others(store: Store, folder: str, names: Collection[str]) -> None:
    for key in list(store.keys(folder)):
        name = key.removeprefix(f"{folder}/")
        if PDF_NAME.fullmatch(name) and name not in names:
            store.remove(key)
