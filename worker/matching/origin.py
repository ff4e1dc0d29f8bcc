"""What is known of where a document came from: the fax number, and the providers that reviewers tied to it."""

import re
from dataclasses import dataclass

from worker.domain.decision import Finding, Verdict
from worker.domain.request import Request
from worker.matching.weights import Weights

#: Digits of a number: of an American one, of the shortest that can be dialled from elsewhere, of the longest (E.164).
AMERICAN, SHORTEST, LONGEST = 10, 7, 15


@dataclass(frozen=True, slots=True)
class Origin:
    """`sender` is the digits of the calling number, `npis` are the providers tied to it, `lines` those it came on."""

    sender: str = ""
    npis: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()


def fax_digits(sender: str) -> str:
    """The number as ten digits where it is American, as it is known otherwise; empty for what is no number."""
    if "@" in sender or re.search(r"[A-Za-z]", sender):
        return ""
    digits = "".join(character for character in sender if character in "0123456789")
    if len(digits) == AMERICAN + 1 and digits.startswith("1"):
        digits = digits[1:]
    return digits if SHORTEST <= len(digits) <= LONGEST else ""


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
