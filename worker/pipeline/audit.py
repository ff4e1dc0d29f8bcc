"""What the store says against what the database says: originals are there, filed pages stand where they should."""

from collections.abc import Iterator

from worker.db import documents, pages
from worker.db.ledger import load_queued
from worker.domain.document import Stage
from worker.filing.manifest import load_manifest
from worker.filing.plan import short_hash
from worker.filing.requests_folder import MANIFEST, request_folder
from worker.pipeline.give_out import Shelf

#: (request id, document's SHA-256) -> its pages there, in order.
Filed = dict[tuple[str, str], list[int]]


def stored_problems(shelf: Shelf) -> list[str]:
    """A sentence for each original that is gone and each request whose folder is not what the database says.

    Costs a look at every original and one manifest for each request. Raises UnreachableError.
    """
    return [*_missing_originals(shelf), *_wrong_folders(shelf)]


def _missing_originals(shelf: Shelf) -> Iterator[str]:
    for document in documents.load_all(shelf.engine):
        size = shelf.originals.size(document.sha256)
        if size != document.size:
            found = "is gone" if size is None else f"has {size} bytes instead of {document.size}"
            yield f"document {short_hash(document.sha256)}: its original {found}"


def _wrong_folders(shelf: Shelf) -> Iterator[str]:
    wanted = _decided(shelf)
    found: Filed = {}
    for request_id in sorted({request_id for request_id, _ in wanted}):
        found |= _standing(shelf, request_id)
    under_way = load_queued(shelf.engine)  # asked last: what is being filed just now is not wrong
    for request_id, sha256 in sorted(key for key in {*wanted, *found} if key[1] not in under_way):
        here, there = wanted.get((request_id, sha256), []), found.get((request_id, sha256), [])
        if here != there:
            yield f"document {short_hash(sha256)}: pages {here} belong to request {request_id}, there stand {there}"


def _decided(shelf: Shelf) -> Filed:
    filed: Filed = {}
    for document in documents.load_all(shelf.engine):
        if document.stage is not Stage.FILED:
            continue
        for decision in pages.load_decisions(shelf.engine, document.sha256):
            for request_id in decision.filed_to:
                filed.setdefault((request_id, document.sha256), []).append(decision.page)
    return filed


def _standing(shelf: Shelf, request_id: str) -> Filed:
    """What the request's manifest lists; a PDF that is not there does not count."""
    folder = request_folder(request_id)
    entries = load_manifest(shelf.store, f"{folder}/{MANIFEST}").get("documents")
    standing: Filed = {}
    for entry in entries if isinstance(entries, list) else []:
        if shelf.store.size(f"{folder}/{entry['file']}"):
            standing[request_id, entry["sha256"]] = [page["page"] for page in entry["pages"]]
    return standing
