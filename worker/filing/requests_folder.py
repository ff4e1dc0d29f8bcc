"""OUT/requests/<request id>/: the PDFs of one request and the manifest that says why each page is there.

A request's folder is a picture of what is decided: made again from the same decisions, it is the same.
"""

import contextlib
import hashlib
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from urllib.parse import quote

from worker.filing.copy import CopyMethod
from worker.filing.manifest import arrival_entry, finding_entry, load_manifest, write_manifest
from worker.filing.plan import DocumentPages, FiledPage
from worker.filing.written_pdf import ensure_pdf, page_entry, pdf_entry
from worker.storage.whole import remove_file

MANIFEST = "manifest.json"
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


def request_folder(out: Path, request_id: str) -> Path:
    """Where the pages of this request are."""
    return out / "requests" / folder_name(request_id)


def write_request(out: Path, request_id: str, documents: Sequence[DocumentPages]) -> None:
    """Make the request's folder hold exactly these documents' pages (those with pages, by arrival).

    First the PDFs, then the manifest, then what no longer belongs goes: a crash in between leaves whole files,
    and running again ends in the same state. Without documents the folder goes. Raises CannotWriteError.
    """
    folder = request_folder(out, request_id)
    held = sorted((document for document in documents if document.pages), key=lambda held: held.arrival.order)
    if held:
        before = _entries_before(folder)
        entries = [_write_document(folder, document, before) for document in held]
        write_manifest(folder / MANIFEST, {"request_id": request_id, "documents": entries})
    else:
        remove_file(folder / MANIFEST)
    _remove_others(folder, {document.file_name for document in held})


def remove_other_requests(out: Path, request_ids: Collection[str]) -> None:
    """Withdraw the folders of all requests but these: nothing is filed to them any more."""
    wanted = {folder_name(request_id) for request_id in request_ids}
    for manifest in sorted((out / "requests").glob(f"*/{MANIFEST}")):
        if manifest.parent.name not in wanted:
            remove_file(manifest)
            _remove_others(manifest.parent, set())


def _write_document(folder: Path, document: DocumentPages, before: dict[str, object]) -> dict[str, object]:
    written = ensure_pdf(folder, document, before.get(document.arrival.sha256))
    pages = [
        _page(page, position, method)
        for position, (page, method) in enumerate(zip(document.pages, written.methods, strict=True), 1)
    ]
    return arrival_entry(document) | pdf_entry(written) | {"pages": pages}


def _page(page: FiledPage, position: int, method: CopyMethod) -> dict[str, object]:
    decision = page.decision
    winner = [held for held in decision.candidates if held.request_id == decision.request_id]
    findings = winner[0].findings if winner else ()
    return page_entry(page.chosen, position, method) | {
        "document_type": decision.document_type.value,
        "confidence": round(decision.confidence, 6),
        "reason": decision.reason,
        "evidence": [finding_entry(finding) for finding in findings],
    }


def _entries_before(folder: Path) -> dict[str, object]:
    """Document hash -> its entry in the manifest that stands there."""
    entries = load_manifest(folder / MANIFEST).get("documents")
    if not isinstance(entries, list):
        return {}
    return {entry["sha256"]: entry for entry in entries if isinstance(entry, dict) and "sha256" in entry}


def _remove_others(folder: Path, names: Collection[str]) -> None:
    if not folder.is_dir():
        return
    for path in list(folder.iterdir()):
        if PDF_NAME.fullmatch(path.name) and path.name not in names:
            remove_file(path)
    with contextlib.suppress(OSError):  # not empty: somebody keeps notes there
        folder.rmdir()
