"""OUT/review/: what a person must look at, a PDF of the pages and a JSON with each page's candidates."""

from collections.abc import Collection

from worker.domain.decision import Candidate
from worker.filing.copy import CopyMethod
from worker.filing.manifest import arrival_entry, finding_entry, load_manifest, write_manifest
from worker.filing.plan import DocumentPages, FiledPage, short_hash
from worker.filing.written_pdf import ensure_pdf, page_entry, pdf_entry
from worker.storage.store import Store

REVIEW = "review"


def review_file(sha256: str) -> str:
    """Where in the store the JSON of a document's pages for review is; the PDF stands beside it."""
    return f"{REVIEW}/{short_hash(sha256)}.json"


def write_review(store: Store, document: DocumentPages) -> None:
    """Make the review folder hold exactly these pages of the document; none removes what was there.

    Raises CannotWriteError and UnreachableError.
    """
    file = review_file(document.arrival.sha256)
    if not document.pages:
        _remove(store, file)
        return
    written = ensure_pdf(store, REVIEW, document, load_manifest(store, file))
    pages = [
        _page(page, position, method)
        for position, (page, method) in enumerate(zip(document.pages, written.methods, strict=True), 1)
    ]
    write_manifest(store, file, arrival_entry(document) | pdf_entry(written) | {"pages": pages})


def remove_other_reviews(store: Store, hashes: Collection[str]) -> None:
    """Remove what stands in review of all documents but these."""
    wanted = {review_file(sha256) for sha256 in hashes}
    for file in list(store.keys(REVIEW)):
        if file.endswith(".json") and file not in wanted:
            _remove(store, file)


def _remove(store: Store, file: str) -> None:
    store.remove(file)
    store.remove(file.removesuffix(".json") + ".pdf")


def _page(page: FiledPage, position: int, method: CopyMethod) -> dict[str, object]:
    decision = page.decision
    return page_entry(page.chosen, position, method) | {
        "document_type": decision.document_type.value,
        "record_kind": decision.record_kind.value if decision.record_kind else None,
        "confidence": round(decision.confidence, 6),
        "reason": decision.reason,
        "candidates": [_candidate(candidate) for candidate in decision.candidates],
    }


def _candidate(candidate: Candidate) -> dict[str, object]:
    return {
        "request_id": candidate.request_id,
        "probability": round(candidate.probability, 6),
        "weight": round(candidate.weight, 4),
        "findings": [
            finding_entry(finding) | {"boxes": [[box.left, box.top, box.width, box.height] for box in finding.boxes]}
            for finding in candidate.findings
        ],
    }
