"""Pages that answer several requests of one member: filed to each of them where the payer's programs allow it.

By default a page has one request. Where the programs of the requests share pages, a page goes to all that it supports
by itself as strongly as filing to one alone asks for; what only follows its neighbours is not shared on their word.
"""

from collections.abc import Collection
from dataclasses import replace

from worker.domain.decision import DocumentType, Outcome, Verdict
from worker.domain.request import Request
from worker.matching.case import Case
from worker.matching.evidence import CONTRADICTIONS
from worker.matching.judgment import Ground, Judgment

#: What is about one request, however well it fits another: it asks for it, bills it, or covers what answers it.
NEVER_SHARED = frozenset({DocumentType.LETTER, DocumentType.INVOICE, DocumentType.COVER_SHEET})


def share(case: Case, judgment: Judgment, fitting: Collection[str]) -> Judgment:
    """The judgment, with all requests that the page answers; as it was where pages are not shared.

    A page that is left to a person only because it fits several is filed if all that it fits may have it. `fitting` are
    the requests that it may belong to, or names.
    """
    if case.page.document_type in NEVER_SHARED:
        return judgment
    if judgment.outcome is Outcome.FILED and judgment.request_id is not None:
        return _also(case, judgment, judgment.request_id)
    if judgment.ground is Ground.SEVERAL_FIT:
        return _to_all(case, judgment, fitting)
    return judgment


def _also(case: Case, judgment: Judgment, first: str) -> Judgment:
    """The page is filed to the first request anyway: to which others it goes as well."""
    others = _others(case, first)
    if not others:
        return judgment
    reason = f"{judgment.reason} It answers {_named(others)} of the same member as well."
    return replace(judgment, also=others, reason=reason)


def _to_all(case: Case, judgment: Judgment, fitting: Collection[str]) -> Judgment:
    """The page fits several requests: filed to the likeliest and the others if each of them may have it."""
    ranked = sorted(fitting, key=lambda r: (-round(case.owner.probabilities.get(r, 0.0), 6), r))
    if len(ranked) < 2 or not _answers(case, case.requests.get(ranked[0]), case.requests.get(ranked[0])):
        return judgment
    first, others = ranked[0], _others(case, ranked[0])
    worth = _worth(case, (first, *others))
    if not {*ranked[1:]} <= {*others} or worth < case.policy.file_at(case.requests[first].program):
        return judgment
    reason = f"The page answers {_named((first, *others))} of one member alike."
    return replace(judgment, ground=Ground.NAMED, request_id=first, confidence=worth, reason=reason, also=others)


def _others(case: Case, first: str) -> tuple[str, ...]:
    """The other requests that the page answers besides this one, sorted; none if this one shares no pages."""
    mine = case.requests[first]
    if not case.policy.shares_pages(mine.program):
        return ()
    answered = [r for r, request in sorted(case.requests.items()) if r != first and _answers(case, request, mine)]
    worth = _worth(case, (first, *answered))
    return tuple(r for r in answered if worth >= case.policy.file_at(case.requests[r].program))


def _answers(case: Case, request: Request | None, mine: Request | None) -> bool:
    """The page by itself would be filed to this open request of the same member if it stood alone."""
    if request is None or mine is None or not request.is_open or request.member_id != mine.member_id:
        return False
    support = case.support(request.request_id)
    findings = case.findings[request.request_id]
    is_against = any(f.verdict is Verdict.DISAGREES and f.name in CONTRADICTIONS for f in findings)
    says_enough = support.is_own_record or support.names_request
    return case.policy.shares_pages(request.program) and says_enough and not is_against


def _worth(case: Case, request_ids: Collection[str]) -> float:
    """What the probability is worth that the page is of one of these: that it is not somebody else's."""
    return case.policy.calibration.apply(min(1.0, sum(case.owner.probabilities.get(r, 0.0) for r in request_ids)))


def _named(request_ids: Collection[str]) -> str:
    """`request 1`, `requests 1, 2`."""
    return f"request{'s' if len(request_ids) > 1 else ''} {', '.join(request_ids)}"
