"""The filing step: decided pages become PDFs of requests and of what a person must look at."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from worker.db import arrivals, documents, pages
from worker.domain.decision import Decision, Outcome
from worker.domain.document import Arrival, DocumentKind
from worker.filing.plan import DocumentPages, FiledPage
from worker.filing.requests_folder import write_request
from worker.filing.review_folder import write_review
from worker.storage.originals import Originals


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where everything of one output folder is: the folder itself, the database and the originals."""

    out: Path
    engine: sa.Engine
    originals: Originals


@dataclass(frozen=True, slots=True)
class _Held:
    """A decided document with all that is needed to give out any of its pages."""

    arrival: Arrival
    kind: DocumentKind
    original: Path
    decisions: tuple[Decision, ...]
    rotations: dict[int, int]

    def pages(self, wanted: Callable[[Decision], bool]) -> DocumentPages:
        """The pages whose decision is wanted, in the order of the document."""
        chosen = tuple(FiledPage(d, self.rotations[d.page]) for d in self.decisions if wanted(d))
        return DocumentPages(self.arrival, self.kind, self.original, chosen)


def file_document(shelf: Shelf, sha256: str) -> None:
    """DECIDED -> FILED: writes the document's pages to their requests and to review. Safe to run again."""
    held = _load(shelf, sha256)
    for request_id in sorted({d.request_id for d in held.decisions if d.request_id is not None}):
        _write_request(shelf, request_id)
    write_review(shelf.out, held.pages(lambda decision: decision.outcome is Outcome.REVIEW))
    documents.mark_filed(shelf.engine, sha256)


def _write_request(shelf: Shelf, request_id: str) -> None:
    """The request's folder as all documents decided so far make it."""
    holders = [_load(shelf, sha256) for sha256 in pages.load_documents_of(shelf.engine, request_id)]
    write_request(
        shelf.out, request_id, [held.pages(lambda decision: decision.request_id == request_id) for held in holders]
    )


def _load(shelf: Shelf, sha256: str) -> _Held:
    document = documents.find(shelf.engine, sha256)
    if document is None or document.kind is None:
        raise LookupError(f"document {sha256[:16]} has not been read")
    return _Held(
        arrival=arrivals.find_first(shelf.engine, sha256),
        kind=document.kind,
        original=shelf.originals.path_of(sha256),
        decisions=pages.load_decisions(shelf.engine, sha256),
        rotations=pages.load_rotations(shelf.engine, sha256),
    )
