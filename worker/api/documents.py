"""GET /v1/documents/{receipt}: what became of a document."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from worker.api.access import AtSite, Reader
from worker.api.problems import ProblemError, documented
from worker.db import arrivals, documents, pages
from worker.db.keys import ApiKey
from worker.domain.decision import Decision, DocumentType, Outcome, RecordKind
from worker.domain.document import Arrival, Stage
from worker.domain.envelope import Channel
from worker.matching.judgment import Ground
from worker.pipeline.site import Site

router = APIRouter(tags=["documents"])


class State(StrEnum):
    """How far a document is, in words for those who sent it."""

    RECEIVED = "received"
    """It is safe, and waits."""
    IN_WORK = "in_work"
    DONE = "done"
    """Each page is filed, with a reviewer, or set aside."""
    REJECTED = "rejected"
    """It cannot be used; `reason` says why."""
    WITH_A_PERSON = "with_a_person"
    """We could not finish it; a person looks at it."""


STATES = {
    Stage.RECEIVED: State.RECEIVED,
    Stage.OPENED: State.IN_WORK,
    Stage.READ: State.IN_WORK,
    Stage.DECIDED: State.IN_WORK,
    Stage.FILED: State.DONE,
    Stage.REJECTED: State.REJECTED,
    Stage.PARKED: State.WITH_A_PERSON,
}

#: Why a page went where it went, without quoting it: the reviewer's own sentences may name a patient.
REASONS = {
    Ground.NAMED: "The page says which request it answers.",
    Ground.FOLLOWS: "The page belongs to the sure pages around it.",
    Ground.BLANK: "The page is blank.",
    Ground.SEPARATOR: "The page is a separator sheet.",
    Ground.COVER_SHEET: "The page is a cover sheet.",
    Ground.REPEATED: "The page came before in another document.",
    Ground.UNREADABLE: "The page cannot be read well enough.",
    Ground.CLOSED: "The page answers a request that is closed.",
    Ground.CONTRADICTED: "What the page says does not agree with itself or with the registry.",
    Ground.UNKNOWN_REQUEST: "The page names a request that the registry does not hold.",
    Ground.UNKNOWN_PATIENT: "The page names somebody whom no request is about.",
    Ground.SEVERAL_FIT: "The page fits several requests.",
    Ground.UNSURE: "It is not sure enough which request the page answers.",
    Ground.NOTHING_NAMED: "The page names nobody.",
    Ground.FAILED: "Pigeonhole failed on the page.",
}


class PageState(BaseModel):
    """Where one page went. `request_id` is set where it is filed."""

    page: int = Field(ge=1)
    outcome: Outcome
    request_id: str | None
    also_filed_to: list[str] = Field(description="Further requests of the same member, where programs share pages.")
    document_type: DocumentType
    record_kind: RecordKind | None = Field(description="Which kind of medical record, where the page makes it clear.")
    ground: str = Field(description="The machine's word for the reason.")
    reason: str


class DocumentState(BaseModel):
    """One arrival of a document and how far we are with it. Pages stand here once they are decided."""

    receipt: str
    state: State
    reason: str = Field(description="Why it was rejected or what is wrong with it; empty otherwise.")
    line: str
    door: Channel
    received_at: datetime = Field(description="In the payer's time zone.")
    came_before: bool
    sha256: str
    page_count: int | None = Field(description="Null until it was opened.")
    pages: list[PageState]


@router.get("/v1/documents/{receipt}", responses=documented(401, 403, 404, 422, 429, 503, 507))
def show_document(
    receipt: Annotated[str, Path(pattern=r"^[0-9A-Z]{1,40}$", description="The number that the upload answered.")],
    site: AtSite,
    key: Reader,
) -> DocumentState:
    """How far a document is and where each of its pages went."""
    arrival = arrivals.find_by_receipt(site.shelf.engine, receipt)
    if arrival is None or not _may_see(key, arrival):
        raise ProblemError(404, "not-found", "No document has this receipt.")
    return _state(site, arrival)


def _may_see(key: ApiKey, arrival: Arrival) -> bool:
    return key.may_use(arrival.envelope.line)


def _state(site: Site, arrival: Arrival) -> DocumentState:
    engine = site.shelf.engine
    document = documents.find(engine, arrival.sha256) if arrival.sha256 else None
    decisions = pages.load_decisions(engine, document.sha256) if document else ()
    refusal = "" if document else arrivals.load_refusals(engine).get(arrival.source, "")
    return DocumentState(
        receipt=arrival.receipt,
        state=STATES[document.stage] if document else State.REJECTED,
        reason=document.reason if document else refusal,
        line=arrival.envelope.line,
        door=arrival.envelope.channel,
        received_at=arrival.received_at.astimezone(site.zone),
        came_before=arrival.is_duplicate,
        sha256=arrival.sha256,
        page_count=document.pages if document else None,
        pages=[_page(decision) for decision in decisions],
    )


def _page(decision: Decision) -> PageState:
    known = decision.ground in set(Ground)
    return PageState(
        page=decision.page,
        outcome=decision.outcome,
        request_id=decision.request_id,
        also_filed_to=list(decision.also),
        document_type=decision.document_type,
        record_kind=decision.record_kind,
        ground=decision.ground,
        reason=REASONS[Ground(decision.ground)] if known else "",
    )
