"""Links pages of one chart by the provider's own number for it (MRN, account): the payer's registry has none of
these, but a page that names its patient lends the name to pages that carry the same number.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from rapidfuzz.distance import OSA

from worker.domain.decision import Finding, Strength, Verdict
from worker.domain.request import Request
from worker.matching.places import places_of
from worker.matching.sightings import PageSightings
from worker.matching.weights import Policy

_NAMES_A_MEMBER = frozenset({"request id", "claim number", "member id", "member name", "birth date"})
#: Weight of a page's own evidence for a member from which it may lend its chart number to others.
_SURE = 9.0
#: Shorter numbers are one character apart by accident.
_LONG_ENOUGH = 6


def chart_number_findings(
    pages: Sequence[PageSightings],
    candidates: Sequence[Request],
    own: Sequence[Mapping[str, tuple[Finding, ...]]],
    policy: Policy,
) -> tuple[dict[str, tuple[Finding, ...]], ...]:
    """The findings of each page, with what its chart numbers add."""
    holders = _holders(pages, candidates, own)
    result = []
    for page, findings in zip(pages, own, strict=True):
        extended = dict(findings)
        for request in candidates:
            finding = _compare(page, request.member_id, holders, policy)
            if finding:
                extended[request.request_id] = (*findings[request.request_id], finding)
        result.append(extended)
    return tuple(result)


def _holders(
    pages: Sequence[PageSightings],
    candidates: Sequence[Request],
    own: Sequence[Mapping[str, tuple[Finding, ...]]],
) -> dict[str, dict[str, int]]:
    """For each chart number: the members that pages with it surely name, and on which page first."""
    holders: dict[str, dict[str, int]] = defaultdict(dict)
    for page, findings in zip(pages, own, strict=True):
        for request in candidates:
            if _names_member(findings[request.request_id]):
                for number in page.chart_numbers:
                    holders[number.text].setdefault(request.member_id, page.page)
    return holders


def _names_member(findings: Sequence[Finding]) -> bool:
    if any(f.verdict is Verdict.DISAGREES for f in findings if f.name in _NAMES_A_MEMBER):
        return False
    return sum(f.weight for f in findings if f.name in _NAMES_A_MEMBER) >= _SURE


def _compare(
    page: PageSightings, member_id: str, holders: Mapping[str, Mapping[str, int]], policy: Policy
) -> Finding | None:
    """The page carries the chart number of a page that names this member, or only numbers of others."""
    known = [number.text for number in page.chart_numbers if holders.get(number.text)]
    if not known:
        return _nearly(page, member_id, holders, policy)
    for number in known:
        first = holders[number].get(member_id)
        if first is not None and len(holders[number]) == 1:
            sentence = f"Chart number {number} also stands on page {first}, which names this member."
            agrees = _finding(page, number, policy.weights.chart_number, sentence)
            return agrees if first != page.page else None
    if all(member_id not in holders[number] for number in known):
        sentence = f"Chart number {known[0]} stands on pages that name somebody else."
        return _finding(page, known[0], policy.weights.chart_number_differs, sentence)
    return None


def _nearly(
    page: PageSightings, member_id: str, holders: Mapping[str, Mapping[str, int]], policy: Policy
) -> Finding | None:
    """A chart number read with one character wrong still hints at its chart."""
    for number in dict.fromkeys(sighting.text for sighting in page.chart_numbers):
        near = [n for n in holders if len(n) >= _LONG_ENOUGH and OSA.distance(n, number) == 1]
        if near and all(set(holders[n]) == {member_id} for n in near):
            sentence = f"Chart number {near[0]} is on the page, read as {number}."
            return _finding(page, number, policy.weights.chart_number_nearly, sentence, Strength.HINT)
    return None


def _finding(
    page: PageSightings, number: str, weight: float, sentence: str, strength: Strength = Strength.FULL
) -> Finding:
    verdict = Verdict.AGREES if weight > 0 else Verdict.DISAGREES
    boxes = places_of(sighting for sighting in page.chart_numbers if sighting.text == number)
    return Finding("chart number", verdict, weight, sentence, boxes, strength)
