"""OUT/review/: what a person must look at, a PDF of the pages and a JSON with each page's candidates."""

from collections.abc import Collection
from pathlib import Path

from worker.domain.decision import Candidate
from worker.filing.copy import CopyMethod
from worker.filing.manifest import arrival_entry, finding_entry, load_manifest, write_manifest
from worker.filing.plan import DocumentPages, FiledPage, short_hash
from worker.filing.written_pdf import ensure_pdf, page_entry, pdf_entry
from worker.storage.whole import remove_file


def review_file(out: Path, sha256: str) -> Path:
    """The JSON of a document's pages for review; the PDF stands beside it."""
    return out / "review" / f"{short_hash(sha256)}.json"


def write_review(out: Path, document: DocumentPages) -> None:
    """Make the review folder hold exactly these pages of the document; none removes what was there.

    Raises CannotWriteError.
    """
    file = review_file(out, document.arrival.sha256)
    if not document.pages:
        _remove(file)
        return
    written = ensure_pdf(file.parent, document, load_manifest(file))
    pages = [
        _page(page, position, method)
        for position, (page, method) in enumerate(zip(document.pages, written.methods, strict=True), 1)
    ]
    write_manifest(file, arrival_entry(document) | pdf_entry(written) | {"pages": pages})


def remove_other_reviews(out: Path, hashes: Collection[str]) -> None:
    """Remove what stands in review of all documents but these."""
    wanted = {short_hash(sha256) for sha256 in hashes}
    for file in sorted((out / "review").glob("*.json")):
        if file.stem not in wanted:
            _remove(file)


def _remove(file: Path) -> None:
    remove_file(file)
    remove_file(file.with_suffix(".pdf"))


def _page(page: FiledPage, position: int, method: CopyMethod) -> dict[str, object]:
    decision = page.decision
    return page_entry(page.chosen, position, method) | {
        "document_type": decision.document_type.value,
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
