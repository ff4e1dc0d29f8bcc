"""What was decided about a page, and why, in words a mailroom clerk understands."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from worker.domain.reading import Box


class Outcome(StrEnum):
    """Where a page went. Every page of every document has exactly one."""

    FILED = "filed"
    REVIEW = "review"
    SET_ASIDE = "set_aside"


class DocumentType(StrEnum):
    """What a page is."""

    LETTER = "letter"
    COVER_SHEET = "cover_sheet"
    MEDICAL_RECORD = "medical_record"
    ITEMIZED_BILL = "itemized_bill"
    INVOICE = "invoice"
    CLAIM_FORM = "claim_form"
    AUTHORIZATION = "authorization"
    APPEAL = "appeal"
    GRIEVANCE = "grievance"
    OTHER = "other"
    BLANK = "blank"


class RecordKind(StrEnum):
    """What a medical record is, more finely, where the page makes it clear."""

    PROGRESS_NOTE = "progress_note"
    """Also the note of a visit."""
    OPERATIVE_REPORT = "operative_report"
    """Also the report of a procedure."""
    DISCHARGE_SUMMARY = "discharge_summary"
    LABORATORY = "laboratory"
    IMAGING = "imaging"
    NURSING = "nursing"
    """Also flow sheets and vital signs."""
    CONSULTATION = "consultation"
    HISTORY_AND_PHYSICAL = "history_and_physical"
    OTHER = "other"
    """Clearly another kind: therapy, pathology, medications, orders, instructions."""


class Verdict(StrEnum):
    """The result of a comparison. Nothing to compare is neither for nor against."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    NOTHING = "nothing to compare"


class Strength(IntEnum):
    """How plainly the page says what a comparison found; how much that is worth is the weight's business."""

    HINT = 1
    """Misread by a character, or hardly more than chance."""
    PARTIAL = 2
    """Read, but it could be another's: crowded ids, look-alike characters, a value without its label."""
    FULL = 3
    """Read in full, where it belongs."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison of a page with a request.

    `weight` is in natural log-odds: positive speaks for the request. `sentence` is what a reviewer reads.
    """

    name: str
    verdict: Verdict
    weight: float
    sentence: str
    boxes: tuple[Box, ...] = ()
    strength: Strength = Strength.FULL


@dataclass(frozen=True, slots=True)
class Candidate:
    """A request that a page might belong to. `probability` is given the whole document, not the page alone."""

    request_id: str
    probability: float
    findings: tuple[Finding, ...]

    @property
    def weight(self) -> float:
        """The page's own evidence for this request, in natural log-odds."""
        return sum(finding.weight for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to one page. `request_id` is set exactly when the outcome is filed.

    `record_kind` is None where the page is no medical record, or does not clearly say which kind.
    `reason` is for people, `ground` is the machine's word for it (see matching.judgment.Ground). `policy` names the
    weights and limits that it was decided with (see matching.policy.Policy.version); empty for a person's decision.
    `also` are further requests of the same member that a filed page stands with (see matching.sharing), sorted.
    """

    page: int
    outcome: Outcome
    request_id: str | None
    document_type: DocumentType
    confidence: float
    reason: str
    candidates: tuple[Candidate, ...] = ()
    ground: str = ""
    policy: str = ""
    record_kind: RecordKind | None = None
    also: tuple[str, ...] = ()

    @property
    def filed_to(self) -> tuple[str, ...]:
        """All requests that the page is filed to, `request_id` first; none where it is not filed."""
        return () if self.request_id is None else (self.request_id, *self.also)
