"""All there is to judge one page by, gathered in one value."""

from collections.abc import Sequence
from dataclasses import dataclass

from worker.domain.decision import Candidate
from worker.domain.request import Request
from worker.matching.candidates import Compared, PageFindings, Weighed, weigh
from worker.matching.coincidence import no_coincidence
from worker.matching.origin import ANYWHERE, Origin
from worker.matching.policy import Policy
from worker.matching.registry import Registry
from worker.matching.sequence import NOBODY, Owner, owners
from worker.matching.sightings import PageSightings
from worker.matching.support import Support, support_of

_SHOWN_CANDIDATES = 5
_SHOWN_FROM = 0.0005


@dataclass(frozen=True, slots=True)
class Case:
    """One page of a document with the probabilities of its owners and the findings for and against each."""

    page: PageSightings
    owner: Owner
    findings: PageFindings
    requests: dict[str, Request]
    policy: Policy

    @property
    def best(self) -> Request | None:
        """The likeliest request; None where it is likelier nobody's."""
        return None if self.owner.best == NOBODY else self.requests[self.owner.best]

    @property
    def probability(self) -> float:
        """What the probability (0 to 1) of the likeliest owner is worth."""
        found = self.owner.probabilities[self.owner.best]
        return found if self.owner.best == NOBODY else self.policy.calibration.apply(found)

    @property
    def is_sure(self) -> bool:
        """The likeliest request is sure enough for the payer: what is left of doubt is within the accepted risk."""
        return self.best is not None and self.probability >= self.policy.file_at(self.best.program)

    def support(self, request_id: str) -> Support:
        """What this page by itself says for the request."""
        return support_of(self.findings[request_id])

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The likeliest requests with their findings, for the person who looks at the page."""
        chances = {r: p for r, p in self.owner.probabilities.items() if r != NOBODY}
        ranked = sorted(chances, key=lambda r: (-chances[r], -_total(self.findings, r), r))
        shown = [r for r in ranked if chances[r] >= _SHOWN_FROM or _total(self.findings, r) > 0]
        return tuple(Candidate(r, round(chances[r], 6), self.findings[r]) for r in shown[:_SHOWN_CANDIDATES])


def _total(findings: PageFindings, request_id: str) -> float:
    return sum(f.weight for f in findings[request_id])


def cases_of(
    pages: Sequence[PageSightings],
    registry: Registry,
    policy: Policy,
    origin: Origin = ANYWHERE,
    compared: Compared | None = None,
) -> tuple[Case, ...]:
    """The cases of a document's pages, in order; blank pages are left out by the caller. `compared` as in `weigh`."""
    weighed: Weighed = weigh(pages, registry, policy, origin, compared)
    requests = {r.request_id: r for r in weighed.candidates}
    sure = no_coincidence(weighed.candidates, weighed.findings, registry)
    return tuple(
        Case(page, owner.less(sure), findings, requests, policy)
        for page, owner, findings in zip(pages, owners(pages, weighed), weighed.findings, strict=True)
    )
