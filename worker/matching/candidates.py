"""Which requests a document's pages may belong to, and what each page says for and against each of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from worker.domain.decision import Finding, Verdict
from worker.domain.request import Request
from worker.matching.chart_numbers import chart_number_findings
from worker.matching.confusions import fold_name
from worker.matching.evidence import findings_for
from worker.matching.names import NameMatch, compare_names
from worker.matching.origin import ANYWHERE, Origin, sender_findings
from worker.matching.policy import Policy
from worker.matching.question import Question
from worker.matching.registry import IdKind, Questions, Registry, surnames
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


class Compared:
    """What comparing pages with requests gave, for a document that is weighed again after some pages were read on.

    For one version of the registry and one policy: then the same sightings and request give the same findings.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[int, str], tuple[PageSightings, tuple[Finding, ...]]] = {}

    def findings(self, question: Question) -> tuple[Finding, ...]:
        """All findings of a page for a request; compared only if this very page was not before."""
        page, key = question.page, (question.page.page, question.request.request_id)
        before = self._found.get(key)
        if before is None or before[0] is not page:
            before = self._found[key] = (page, findings_for(question))
        return before[1]


def weigh(
    pages: Sequence[PageSightings],
    registry: Registry,
    policy: Policy,
    origin: Origin = ANYWHERE,
    compared: Compared | None = None,
) -> Weighed:
    """Finds the candidates of a document and compares every page with every one of them.

    `compared` is what was found before, and takes what is found now.
    """
    compared = compared or Compared()
    candidates = candidates_of(pages, registry)
    sent = {r.request_id: sender_findings(origin, r, len(pages), policy.weights) for r in candidates}
    own = [
        {r.request_id: compared.findings(Question(page, r, registry, policy)) + sent[r.request_id] for r in candidates}
        for page in pages
    ]
    findings = chart_number_findings(pages, candidates, own, policy)
    return Weighed(candidates, findings, _evidenced(findings))


def candidates_of(pages: Sequence[PageSightings], registry: Registry) -> tuple[Request, ...]:
    """The requests that some page speaks for, with all other requests of their members, by id."""
    registry.expect(
        Questions(
            ids=(identifier for page in pages for _, identifier in _named_ids(page)),
            names=(pair for page in pages for pair in _named_pairs(page)),
            days=(day for page in pages for day in _named_days(page)),
        )
    )
    found = {r.request_id: r for page in pages for r in _of_page(page, registry)}
    registry.expect(Questions(days={r.date_of_birth for r in found.values()}))
    found |= {twin.request_id: twin for request in found.values() for twin in _twins(request, registry)}
    registry.expect(Questions(requests=found.values()))
    for request in list(found.values()):
        for sibling in registry.carrying(IdKind.MEMBER, request.member_id):
            found[sibling.request_id] = sibling
    return tuple(found[key] for key in sorted(found))


def _twins(request: Request, registry: Registry) -> Iterator[Request]:
    """Requests of members with this birth date and surname: where a first name is lost, a page may be theirs."""
    last = surnames(request.member_last_name)
    return (r for r in registry.born_on(request.date_of_birth) if last & surnames(r.member_last_name))


def _of_page(page: PageSightings, registry: Registry) -> Iterator[Request]:
    for kind, identifier in _named_ids(page):
        yield from registry.carrying(kind, identifier)
    for last, first in _named_pairs(page):
        yield from registry.named(last, first)
    yield from _by_birth_date(page, registry)


def _named_ids(page: PageSightings) -> Iterator[tuple[IdKind, str]]:
    for sighting in page.ids:
        if sighting.certainty > Certainty.ONE_OFF or len(sighting.could_be) == 1:
            for identifier in sighting.could_be:
                yield sighting.kind, identifier


def _named_pairs(page: PageSightings) -> Iterator[tuple[str, str]]:
    """Surname and first name, folded: any two words of a name could be these."""
    for name in page.names:
        words = [fold_name(word) for word in name.words]
        for last in words:
            for first in words:
                if last and first and last != first:
                    yield last, first


def _named_days(page: PageSightings) -> frozenset[date]:
    """The days on which somebody may be born whom a name on the page could mean."""
    return frozenset(day for seen in page.dates for day in seen.days) if page.names else frozenset()


def _by_birth_date(page: PageSightings, registry: Registry) -> Iterator[Request]:
    """Members born on a day that stands on the page, if a name on the page could be theirs."""
    for day in _named_days(page):
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
