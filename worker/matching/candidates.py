"""Which requests a document's pages may belong to, and what each page says for and against each of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from worker.domain.decision import Finding, Verdict
from worker.domain.request import Request
from worker.matching.chart_numbers import chart_number_findings
from worker.matching.confusions import fold_name
from worker.matching.evidence import findings_for
from worker.matching.names import NameMatch, compare_names
from worker.matching.origin import ANYWHERE, Origin, sender_findings
from worker.matching.policy import Policy
from worker.matching.question import Question
from worker.matching.registry import IdKind, Registry
from worker.matching.sightings import Certainty, PageSightings

#: Findings by request id, for one page.
PageFindings = Mapping[str, tuple[Finding, ...]]
_NAMES_A_REQUEST = frozenset({"request id", "claim number", "date of service"})


@dataclass(frozen=True, slots=True)
class Weighed:
    """A document's candidates and all findings: `findings[k]` belongs to the k-th page.

    `evidenced` are the candidates that some page names by id, claim or date of service; the others only share
    their member with one of these.
    """

    candidates: tuple[Request, ...]
    findings: tuple[PageFindings, ...]
    evidenced: frozenset[str]


def weigh(pages: Sequence[PageSightings], registry: Registry, policy: Policy, origin: Origin = ANYWHERE) -> Weighed:
    """Finds the candidates of a document and compares every page with every one of them."""
    candidates = candidates_of(pages, registry)
    sent = {r.request_id: sender_findings(origin, r, len(pages), policy.weights) for r in candidates}
    own = [
        {r.request_id: findings_for(Question(page, r, registry, policy)) + sent[r.request_id] for r in candidates}
        for page in pages
    ]
    findings = chart_number_findings(pages, candidates, own, policy)
    return Weighed(candidates, findings, _evidenced(findings))


def candidates_of(pages: Iterable[PageSightings], registry: Registry) -> tuple[Request, ...]:
    """The requests that some page speaks for, with all other requests of their members, by id."""
    found = {r.request_id: r for page in pages for r in _of_page(page, registry)}
    for request in list(found.values()):
        for sibling in registry.carrying(IdKind.MEMBER, request.member_id):
            found[sibling.request_id] = sibling
    return tuple(found[key] for key in sorted(found))


def _of_page(page: PageSightings, registry: Registry) -> Iterator[Request]:
    yield from _by_id(page, registry)
    yield from _by_name(page, registry)
    yield from _by_birth_date(page, registry)


def _by_id(page: PageSightings, registry: Registry) -> Iterator[Request]:
    for sighting in page.ids:
        if sighting.certainty > Certainty.ONE_OFF or len(sighting.could_be) == 1:
            for identifier in sighting.could_be:
                yield from registry.carrying(sighting.kind, identifier)


def _by_name(page: PageSightings, registry: Registry) -> Iterator[Request]:
    for name in page.names:
        words = [fold_name(word) for word in name.words]
        for last in words:
            for first in words:
                if last and first and last != first:
                    yield from registry.named(last, first)


def _by_birth_date(page: PageSightings, registry: Registry) -> Iterator[Request]:
    """Members born on a day that stands on the page, if a name on the page could be theirs."""
    for day in {day for seen in page.dates for day in seen.days}:
        for request in registry.born_on(day):
            matches = {compare_names(name.words, request) for name in page.names}
            if matches & {NameMatch.SAME, NameMatch.NEARLY, NameMatch.UNCLEAR}:
                yield request


def _evidenced(findings: Iterable[PageFindings]) -> frozenset[str]:
    return frozenset(
        request_id
        for page in findings
        for request_id, found in page.items()
        if any(f.name in _NAMES_A_REQUEST and f.verdict is Verdict.AGREES for f in found)
        and not any(f.verdict is Verdict.DISAGREES for f in found)
    )
