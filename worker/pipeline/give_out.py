"""Giving out: the pages of decided documents become the PDFs of requests and of what a person must look at."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import sqlalchemy as sa

from worker.db import arrivals, documents, pages
from worker.domain.decision import Decision, Outcome
from worker.domain.document import Arrival, DocumentKind, Stage
from worker.filing.plan import DocumentPages, FiledPage
from worker.filing.requests_folder import write_request
from worker.filing.review_folder import write_review
from worker.storage.originals import Originals
from worker.storage.store import Store


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where everything of one site is: a local folder, the database, the originals, and the store for results."""

    out: Path
    engine: sa.Engine
    originals: Originals
    store: Store

    @contextlib.contextmanager
    def original(self, sha256: str) -> Iterator[Path]:
        """The bytes of a document as a local file, for the length of the block."""
        with self.originals.local(sha256) as path:
            yield path


@dataclass(frozen=True, slots=True)
class _Held:
    """A decided document with all that is needed to give out any of its pages."""

    arrival: Arrival
    kind: DocumentKind
    original: Callable[[], AbstractContextManager[Path]]
    decisions: tuple[Decision, ...]
    rotations: dict[int, int]

    def pages(self, wanted: Callable[[Decision], bool]) -> DocumentPages:
        """The pages whose decision is wanted, in the order of the document."""
        chosen = tuple(FiledPage(d, self.rotations[d.page]) for d in self.decisions if wanted(d))
        return DocumentPages(self.arrival, self.kind, self.original, chosen)


def give_out(shelf: Shelf, sha256: str, request_ids: Sequence[str]) -> None:
    """Writes the document's pages to these requests and to review. The caller holds the requests."""
    load = cache(partial(_load, shelf))
    for request_id in request_ids:
        _write_request(shelf, request_id, sha256, load)
    held = load(sha256)
    write_review(shelf.store, held.pages(lambda decision: decision.outcome is Outcome.REVIEW))


def withdraw(shelf: Shelf, sha256: str, request_ids: Sequence[str]) -> None:
    """Takes the document's pages out of these requests. The caller holds the requests."""
    load = cache(partial(_load, shelf))
    for request_id in request_ids:
        others = [held for held in pages.load_documents_of(shelf.engine, request_id, [Stage.FILED]) if held != sha256]
        _write(shelf, request_id, others, load)


def _write_request(shelf: Shelf, request_id: str, sha256: str, load: Callable[[str], _Held]) -> None:
    """The request's folder with this document and all that are filed: one that never gets so far spoils no other."""
    filed = pages.load_documents_of(shelf.engine, request_id, [Stage.FILED])
    own = pages.load_documents_of(shelf.engine, request_id)
    _write(shelf, request_id, [holder for holder in own if holder in filed or holder == sha256], load)


def _write(shelf: Shelf, request_id: str, hashes: Sequence[str], load: Callable[[str], _Held]) -> None:
    holders = [load(sha256) for sha256 in hashes]
    documents_pages = [held.pages(lambda decision: request_id in decision.filed_to) for held in holders]
    write_request(shelf.store, request_id, documents_pages)


def _load(shelf: Shelf, sha256: str) -> _Held:
    document = documents.find(shelf.engine, sha256)
    if document is None or document.kind is None:
        raise LookupError(f"document {sha256[:16]} has not been read")
    return _Held(
        arrival=arrivals.find_first(shelf.engine, sha256),
        kind=document.kind,
        original=partial(shelf.original, sha256),
        decisions=pages.load_decisions(shelf.engine, sha256),
        rotations=pages.load_rotations(shelf.engine, sha256),
    )
