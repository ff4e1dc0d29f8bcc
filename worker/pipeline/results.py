"""How every arrival ended, from the database: what the two tables and the summary say."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from worker.db import arrivals, documents, pages
from worker.domain.decision import Decision, Outcome
from worker.domain.document import Arrival, DocumentOutcome, Stage
from worker.filing.tables import DocumentResult
from worker.matching.judgment import Ground


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over all arrivals of one output folder."""

    documents: int
    duplicates: int
    rejected: int
    pages: int
    filed: int
    review: int
    set_aside: int


def load_results(engine: sa.Engine) -> tuple[DocumentResult, ...]:
    """A result for each arrival that has ended, in the order of arrival; unfinished ones are left out."""
    known = {document.sha256: document for document in documents.load_all(engine)}
    refusals = arrivals.load_refusals(engine)
    first: dict[str, Arrival] = {}
    results = []
    for arrival in arrivals.load_all(engine):
        if not arrival.sha256:
            results.append(DocumentResult(arrival, DocumentOutcome.REJECTED, refusals[arrival.source]))
            continue
        original = first.setdefault(arrival.sha256, arrival)
        result = _result(engine, arrival, known[arrival.sha256], original)
        if result:
            results.append(result)
    return tuple(results)


def _result(engine: sa.Engine, arrival: Arrival, document: documents.Document, first: Arrival) -> DocumentResult | None:
    if document.stage is Stage.REJECTED:
        return DocumentResult(arrival, DocumentOutcome.REJECTED, document.reason)
    if document.stage not in (Stage.DECIDED, Stage.FILED, Stage.PARKED):
        return None
    decisions = pages.load_decisions(engine, document.sha256)
    if arrival.order != first.order:
        reason = f"The same bytes as {first.source}, which came first."
        return DocumentResult(arrival, DocumentOutcome.DUPLICATE, reason, decisions, duplicate_of=first.source)
    if document.stage is Stage.PARKED:
        return DocumentResult(arrival, DocumentOutcome.REJECTED, document.reason, decisions, is_given_out=False)
    if _is_repeat(decisions):
        return DocumentResult(arrival, DocumentOutcome.DUPLICATE, "Every page came before in another fax.", decisions)
    return DocumentResult(arrival, DocumentOutcome.PROCESSED, document.reason, decisions)


def _is_repeat(decisions: Sequence[Decision]) -> bool:
    grounds = {decision.ground for decision in decisions}
    return Ground.REPEATED.value in grounds and grounds <= {Ground.REPEATED.value, Ground.BLANK.value}


def count(results: Sequence[DocumentResult]) -> Totals:
    """The totals of the results; the pages of a document that came twice count as set aside once more."""
    outcomes: Counter[Outcome] = Counter()
    for result in results:
        for decision in result.decisions:
            outcomes[Outcome.SET_ASIDE if result.duplicate_of else decision.outcome] += 1
    ended = Counter(result.outcome for result in results)
    return Totals(
        documents=len(results),
        duplicates=ended[DocumentOutcome.DUPLICATE],
        rejected=ended[DocumentOutcome.REJECTED],
        pages=outcomes.total(),
        filed=outcomes[Outcome.FILED],
        review=outcomes[Outcome.REVIEW],
        set_aside=outcomes[Outcome.SET_ASIDE],
    )
