"""One page asked about one request, and the two kinds of answer that count."""

from collections.abc import Iterable
from dataclasses import dataclass

from worker.domain.decision import Finding, Strength, Verdict
from worker.domain.request import Request
from worker.matching.places import Placed, places_of
from worker.matching.policy import Policy
from worker.matching.registry import Registry
from worker.matching.sightings import PageSightings


@dataclass(frozen=True, slots=True)
class Question:
    """One page asked about one request."""

    page: PageSightings
    request: Request
    registry: Registry
    policy: Policy


def agrees(
    name: str, weight: float, sentence: str, seen: Iterable[Placed], strength: Strength = Strength.FULL
) -> Finding:
    """It speaks for the request."""
    return Finding(name, Verdict.AGREES, weight, sentence, places_of(seen), strength)


def disagrees(name: str, weight: float, sentence: str, seen: Iterable[Placed]) -> Finding:
    """It speaks against the request."""
    return Finding(name, Verdict.DISAGREES, weight, sentence, places_of(seen))
