"""Links pages of one chart by the provider's own number for it (MRN, account): the payer's registry has none of
these, but a page that names its patient lends the name to pages that carry the same number.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from worker.domain.decision import Finding, Strength, Verdict
from worker.domain.request import Request
from worker.matching.places import places_of
from worker.matching.policy import Policy
from worker.matching.sightings import PageSightings
from worker.matching.through_noise import number_in_noise

_NAMES_A_MEMBER = frozenset({"request id", "claim number", "member id", "member name", "birth date"})
#: Weight of the evidence for a member from which pages may lend their chart number to others.
_SURE = 9.0


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
    """For each chart number: the members that the pages with it name, all taken together, and on which page first."""
    holders: dict[str, dict[str, int]] = defaultdict(dict)
    bearers: dict[str, list[int]] = defaultdict(list)
    for k, page in enumerate(pages):
        for number in dict.fromkeys(sighting.text for sighting in page.chart_numbers):
            bearers[number].append(k)
    for number, bearing in bearers.items():
        for request in candidates:
            named = [k for k in bearing if _names_member([own[k][request.request_id]])]
            if named or _names_member([own[k][request.request_id] for k in bearing]):
                holders[number].setdefault(request.member_id, pages[(named or bearing)[0]].page)
    return holders


def _names_member(findings: Sequence[Sequence[Finding]]) -> bool:
    """These pages together name the member: each kind of agreement counts once, and nothing on any contradicts."""
    best: dict[str, float] = {}
    for finding in (f for of_page in findings for f in of_page if f.name in _NAMES_A_MEMBER):
        if finding.verdict is Verdict.DISAGREES:
            return False
        best[finding.name] = max(best.get(finding.name, 0.0), finding.weight)
    return sum(best.values()) >= _SURE


def _compare(
    page: PageSightings, member_id: str, holders: Mapping[str, Mapping[str, int]], policy: Policy
) -> Finding | None:
    """The page carries the chart number of pages that name this member, or only numbers of others."""
    known = [number.text for number in page.chart_numbers if holders.get(number.text)]
    if not known:
        return _nearly(page, member_id, holders, policy)
    for number in known:
        first = holders[number].get(member_id)
        if first is not None and len(holders[number]) == 1:
            sentence = f"Chart number {number} also stands on page {first}, which names this member."
            agreeing = _finding(page, number, policy.weights.chart_number, sentence)
            return agreeing if first != page.page else None
    if all(member_id not in holders[number] for number in known):
        sentence = f"Chart number {known[0]} stands on pages that name somebody else."
        return _finding(page, known[0], policy.weights.chart_number_differs, sentence)
    return None


def _nearly(
    page: PageSightings, member_id: str, holders: Mapping[str, Mapping[str, int]], policy: Policy
) -> Finding | None:
    """A chart number with one character misread, or whose label was, still hints at its chart."""
    seen = {number: found for number in holders if (found := number_in_noise(number, page.edges))}
    if not seen or any(set(holders[number]) != {member_id} for number in seen):
        return None
    number, (lost, places) = min(seen.items(), key=lambda one: one[1][0])
    how = "with one character misread" if lost else "without a label that could be read"
    sentence = f"Chart number {number} is on the page, {how}."
    return Finding(
        "chart number",
        Verdict.AGREES,
        policy.weights.chart_number_nearly,
        sentence,
        places_of(places),
        Strength.HINT,
    )


def _finding(page: PageSightings, number: str, weight: float, sentence: str) -> Finding:
    verdict = Verdict.AGREES if weight > 0 else Verdict.DISAGREES
    boxes = places_of(sighting for sighting in page.chart_numbers if sighting.text == number)
    return Finding("chart number", verdict, weight, sentence, boxes)
