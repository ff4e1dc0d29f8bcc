"""What is known of where a document came from: the fax number, and the providers that reviewers tied to it."""

from dataclasses import dataclass

from worker.domain.decision import Finding, Verdict
from worker.domain.request import Request
from worker.matching.weights import Weights


@dataclass(frozen=True, slots=True)
class Origin:
    """`sender` is the digits of the calling number, `npis` are the providers tied to it."""

    sender: str = ""
    npis: frozenset[str] = frozenset()


#: Nothing is known, or nobody tied the number to a provider.
ANYWHERE = Origin()


def sender_findings(origin: Origin, request: Request, pages: int, weights: Weights) -> tuple[Finding, ...]:
    """The fax came from a number that a reviewer tied to this request's provider. Never evidence against: copy services
    send for many.

    One call is one piece of evidence, however many pages it brought: beyond two pages they share its weight, or a long
    fax would talk itself into certainty.
    """
    if request.provider_npi not in origin.npis:
        return ()
    weight = min(weights.sender, 2 * weights.sender / max(1, pages))
    sentence = f"The fax came from {origin.sender}, which a reviewer tied to {request.provider_name}."
    return (Finding("sender", Verdict.AGREES, round(weight, 4), sentence),)
