"""pages.csv and documents.csv: the contract with everybody who only wants to know where the pages went."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from worker.domain.decision import Decision, Outcome
from worker.domain.document import Arrival, DocumentOutcome
from worker.filing.plan import short_hash
from worker.filing.requests_folder import folder_name
from worker.storage.store import Store

PAGES, DOCUMENTS = "pages.csv", "documents.csv"
PAGE_COLUMNS = (
    "source", "page", "outcome", "request_id", "document_type", "confidence", "reason",
    "sha256", "file", "page_in_file", "record_kind", "also",
)  # fmt: skip
DOCUMENT_COLUMNS = ("source", "sha256", "pages", "outcome", "reason")
#: A spreadsheet runs cells that begin so. Sources never do (see intake.scans.printable), reasons are quoted.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """How one arrival ended. `decisions` has one for each page; a rejected document has none.

    A duplicate carries the decisions of the document that it repeats, and `duplicate_of` is the source of
    the first arrival: its own pages are then set aside, so that every page that came is accounted for once.
    `is_given_out` is False where pages are for review but no PDF of them could be written.
    """

    arrival: Arrival
    outcome: DocumentOutcome
    reason: str
    decisions: tuple[Decision, ...] = ()
    duplicate_of: str = ""
    is_given_out: bool = True


def write_tables(store: Store, results: Iterable[DocumentResult]) -> None:
    """Write both tables, each whole or not at all, by arrival and page.

    Raises CannotWriteError and UnreachableError.
    """
    ordered = sorted(results, key=lambda result: result.arrival.order)
    page_table = table(PAGE_COLUMNS, (row for result in ordered for row in page_rows(result)))
    for key, text in ((PAGES, page_table), (DOCUMENTS, table(DOCUMENT_COLUMNS, map(document_row, ordered)))):
        store.put(key, text.encode("utf-8", "backslashreplace"))


def table(columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    """CSV as RFC 4180 has it, but for line ends (LF)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def page_rows(result: DocumentResult) -> Iterator[tuple[str | int, ...]]:
    """A row per page, in page order."""
    position: Counter[str] = Counter()
    for decision in sorted(result.decisions, key=lambda decision: decision.page):
        shown = _set_aside(decision, result.duplicate_of) if result.duplicate_of else decision
        files = _files(shown, result.arrival.sha256) if result.is_given_out else ()
        file = next(iter(files), "")
        position.update(files)
        yield (
            result.arrival.source,
            shown.page,
            shown.outcome.value,
            shown.request_id or "",
            shown.document_type.value,
            f"{shown.confidence:.4f}",
            _one_line(shown.reason),
            result.arrival.sha256,
            file,
            position[file] if file else "",
            shown.record_kind.value if shown.record_kind else "",
            ";".join(shown.also),
        )


def document_row(result: DocumentResult) -> tuple[str | int, ...]:
    """The row of an arrival."""
    return (
        result.arrival.source,
        result.arrival.sha256,
        len(result.decisions),
        result.outcome.value,
        _one_line(result.reason),
    )


def _set_aside(decision: Decision, first: str) -> Decision:
    reason = f"This document came before as {first}; its page {decision.page} stands there."
    return replace(
        decision, outcome=Outcome.SET_ASIDE, request_id=None, confidence=1.0, reason=reason, candidates=(), also=()
    )


def _files(decision: Decision, sha256: str) -> tuple[str, ...]:
    """The PDFs that hold the page, relative to OUT, its first request's first; none of pages that were set aside."""
    name = f"{short_hash(sha256)}.pdf"
    if decision.outcome is Outcome.REVIEW:
        return (f"review/{name}",)
    return tuple(f"requests/{folder_name(request_id)}/{name}" for request_id in decision.filed_to)


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(FORMULA_STARTS) else line
