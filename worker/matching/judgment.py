"""A decision with its ground: the machine's word for why, by which the next step and the statistics go."""

from dataclasses import dataclass
from enum import StrEnum

from worker.domain.decision import Candidate, Decision, Outcome
from worker.matching.sightings import PageSightings


class Ground(StrEnum):
    """Why a page was decided as it was."""

    NAMED = "named"
    """The page itself says whose it is."""
    FOLLOWS = "follows"
    """The page names nobody, or not enough, and stands in a run of pages that do."""
    BLANK = "blank"
    SEPARATOR = "separator"
    COVER_SHEET = "cover_sheet"
    REPEATED = "repeated"
    UNREADABLE = "unreadable"
    CLOSED = "closed"
    CONTRADICTED = "contradicted"
    UNKNOWN_REQUEST = "unknown_request"
    UNKNOWN_PATIENT = "unknown_patient"
    SEVERAL_FIT = "several_fit"
    UNSURE = "unsure"
    NOTHING_NAMED = "nothing_named"
    FAILED = "failed"
    """An error of ours, not of the page."""


_OUTCOMES = {
    Ground.NAMED: Outcome.FILED,
    Ground.FOLLOWS: Outcome.FILED,
    Ground.BLANK: Outcome.SET_ASIDE,
    Ground.SEPARATOR: Outcome.SET_ASIDE,
    Ground.COVER_SHEET: Outcome.SET_ASIDE,
    Ground.REPEATED: Outcome.SET_ASIDE,
}


@dataclass(frozen=True, slots=True)
class Judgment:
    """What is decided about one page, on what ground. `request_id` is the likeliest owner, filed or not.

    `also` are further requests that the page answers: it is filed to them too, if it is filed.
    """

    page: PageSightings
    ground: Ground
    request_id: str | None
    confidence: float
    reason: str
    candidates: tuple[Candidate, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """Where the page goes: what has no ground to be filed or set aside goes to a person."""
        return _OUTCOMES.get(self.ground, Outcome.REVIEW)

    @property
    def decision(self) -> Decision:
        """The decision as the rest of the program sees it."""
        return Decision(
            page=self.page.page,
            outcome=self.outcome,
            request_id=self.request_id if self.outcome is Outcome.FILED else None,
            document_type=self.page.document_type,
            confidence=round(self.confidence, 4),
            reason=self.reason,
            candidates=self.candidates,
            ground=self.ground.value,
            record_kind=self.page.record_kind,
            also=self.also if self.outcome is Outcome.FILED else (),
        )
