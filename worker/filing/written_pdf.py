"""Writing a document's pages as a PDF into a folder of the store, unless exactly that PDF stands there already."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from worker.filing.copy import ChosenPage, CopyMethod
from worker.filing.page_pdf import write_page_pdf
from worker.filing.plan import DocumentPages, WrittenPdf
from worker.storage.store import Store

#: Raise this when the same pages would be written differently: older PDFs are then written anew.
WRITER = 1


def ensure_pdf(store: Store, folder: str, document: DocumentPages, before: object) -> WrittenPdf:
    """The PDF of these pages in `folder`. `before` is this document's entry in the last manifest, if any.

    Running again writes nothing when the entry describes the same pages and the file still has its hash. It is written
    to a local file first and put whole. Raises BadDocumentError, CannotWriteError and UnreachableError.
    """
    key = f"{folder}/{document.file_name}"
    chosen = [page.chosen for page in document.pages]
    known = _known(before, chosen, document.file_name)
    if known is not None and store.sha256(key) == known.sha256:
        return known
    with store.new_file() as draft, document.original() as original:
        copied = write_page_pdf(original, document.kind, chosen, draft, sha256=document.arrival.sha256)
        written = WrittenPdf(document.file_name, _hash_of(draft), tuple(page.method for page in copied))
        store.put(key, draft)
    return written


def pdf_entry(written: WrittenPdf) -> dict[str, str | int]:
    """What a manifest says of the PDF; `ensure_pdf` reads it back."""
    return {"file": written.file, "file_sha256": written.sha256, "writer": WRITER}


def page_entry(page: ChosenPage, position: int, method: CopyMethod) -> dict[str, str | int]:
    """What a manifest says of a page's place; `ensure_pdf` reads it back."""
    return {"page": page.number, "page_in_file": position, "rotation": page.rotation, "copy": method.value}


def _hash_of(path: Path) -> str:
    """SHA-256 of a file as hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _known(before: object, chosen: list[ChosenPage], file_name: str) -> WrittenPdf | None:
    """The entry as a WrittenPdf when it stands for the same pages; None for anything unexpected."""
    if not isinstance(before, Mapping):
        return None
    try:
        same = [(page["page"], page["rotation"]) for page in before["pages"]] == [
            (page.number, page.rotation) for page in chosen
        ]
        if not same or before["writer"] != WRITER or before["file"] != file_name:
            return None
        return WrittenPdf(file_name, before["file_sha256"], tuple(CopyMethod(page["copy"]) for page in before["pages"]))
    except (KeyError, TypeError, ValueError):
        return None
