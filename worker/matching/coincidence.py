"""How likely a stranger agrees with a request by accident in all that a document says for it.

The sequence compares the candidates with each other; each of them became one because something on some page agreed.
Among a million requests somebody of this name is always found, so agreement must be measured against the registry: each
kind of agreement counts once for the whole document, since all its pages bear one patient's name.
"""

import math
from collections.abc import Mapping, Sequence

from worker.domain.decision import Finding, Strength, Verdict
from worker.domain.request import Request
from worker.matching.rarity import birth_surprise, name_surprise
from worker.matching.registry import IdKind, Registry, Trait, id_of

#: Share of documents whose patient has no request at all.
STRANGERS = 0.05
#: In so many ways more does something else agree as well, if less plainly: misread, or without its label.
WAYS = {Strength.FULL: 1.0, Strength.PARTIAL: 10.0, Strength.HINT: 100.0}
#: Records that are sent are dated within so many days.
DATED_WITHIN_DAYS = 1_100
_IDS = {kind.value: kind for kind in IdKind}


def no_coincidence(
    candidates: Sequence[Request], findings: Sequence[Mapping[str, tuple[Finding, ...]]], registry: Registry
) -> dict[str, float]:
    """For each candidate the probability (0 to 1) that what agrees with it in the document is no accident."""
    people = max(1, registry.count(Trait.ANY, ""))
    odds = people * STRANGERS / (1 - STRANGERS)
    return {
        request.request_id: 1 / (1 + odds * math.exp(-_surprise(request, findings, registry))) for request in candidates
    }


def _surprise(request: Request, findings: Sequence[Mapping[str, tuple[Finding, ...]]], registry: Registry) -> float:
    """How surprising all this agreement with a stranger would be, in natural logarithms."""
    plainest: dict[str, Strength] = {}
    for page in findings:
        for finding in page[request.request_id]:
            if finding.verdict is Verdict.AGREES:
                plainest[finding.name] = max(finding.strength, plainest.get(finding.name, Strength.HINT))
    return sum(
        max(0.0, _surprise_of(name, request, registry) - math.log(WAYS[strength]))
        for name, strength in plainest.items()
    )


def _surprise_of(name: str, request: Request, registry: Registry) -> float:
    """The surprise at one kind of agreement that is read in full."""
    if name in _IDS:
        share = registry.share_of_shape(_IDS[name], id_of(request, _IDS[name]))
        people = max(1, registry.count(Trait.ANY, ""))
        return -math.log(min(1.0, max(share, 1e-12) / people))
    if name == "member name":
        return name_surprise(request, registry)
    if name == "birth date":
        return birth_surprise(request, registry)
    if name == "date of service":
        days = (request.service_to - request.service_from).days + 1
        return max(0.0, -math.log(days / DATED_WITHIN_DAYS))
    return 0.0
