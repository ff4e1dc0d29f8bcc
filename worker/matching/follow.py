"""Pages that do not say enough by themselves follow the pages beside them, as long as nothing contradicts.

A page that names its patient follows a sure neighbour of the same request. A page that names nobody needs sure
neighbours on both sides, or a page counter that goes on, since a stranger's page without a name looks the same.
"""

from collections.abc import Sequence

from worker.domain.decision import DocumentType
from worker.matching.case import Case
from worker.matching.judgment import Ground, Judgment
from worker.matching.sightings import PageSightings

_CAN_FOLLOW = frozenset({Ground.UNSURE, Ground.NOTHING_NAMED, Ground.UNREADABLE})
_BREAKS = frozenset({Ground.SEPARATOR})


def follow(cases: Sequence[Case], alone: Sequence[Judgment]) -> list[Judgment]:
    """The judgments, with pages that may follow their neighbours filed: forwards first, then backwards."""
    judged = list(alone)
    for order in (range(len(judged)), range(len(judged) - 1, -1, -1)):
        for k in order:
            if judged[k].ground in _CAN_FOLLOW:
                reason = _reason_to_follow(cases, judged, k)
                if reason:
                    judged[k] = _filed(cases[k], judged[k], reason)
    return judged


def _filed(case: Case, judgment: Judgment, reason: str) -> Judgment:
    return Judgment(case.page, Ground.FOLLOWS, judgment.request_id, case.probability, reason, case.candidates)


def _reason_to_follow(cases: Sequence[Case], judged: Sequence[Judgment], k: int) -> str | None:
    """The sentence that says why page k goes with its neighbours; None if it may not."""
    case = cases[k]
    request = case.best
    if request is None or not request.is_open or case.support(request.request_id).against:
        return None
    before, after = (
        _filed_neighbour(judged, k, -1, request.request_id),
        _filed_neighbour(judged, k, +1, request.request_id),
    )
    if not (before or after):
        return None
    if _names_patient(case, request.request_id) and case.probability >= case.policy.file_at:
        beside = before or after
        return f"Names the same patient as page {beside.page} beside it, which is sure." if beside else None
    return _reason_without_name(case, before, after)


def _reason_without_name(case: Case, before: PageSightings | None, after: PageSightings | None) -> str | None:
    page = case.page
    if case.probability < case.policy.follow_at or _could_start_anew(page) or not page.is_readable:
        return None
    for beside, step in ((before, 1), (after, -1)):
        if beside and _counts_on(beside, page, step):
            return (
                f"Page {page.counter.page} of {page.counter.of} of the same record as page {beside.page}."
                if page.counter
                else None
            )
    if before and after and not page.has_identity:
        return f"Stands between pages {before.page} and {after.page} of the same request; nothing on it contradicts."
    return None


def _names_patient(case: Case, request_id: str) -> bool:
    support = case.support(request_id)
    return support.names_member or support.half_names_request or support.hints_member


def _could_start_anew(page: PageSightings) -> bool:
    """Letters and the like begin something of their own unless they say that they go on."""
    starts = page.document_type in (DocumentType.LETTER, DocumentType.COVER_SHEET, DocumentType.INVOICE)
    return starts and not (page.counter and page.counter.page > 1)


def _filed_neighbour(judged: Sequence[Judgment], k: int, step: int, request_id: str) -> PageSightings | None:
    """The page right beside (blanks are not in the list) if it is filed to the same request."""
    at = k + step
    if 0 <= at < len(judged):
        beside = judged[at]
        if beside.ground in (Ground.NAMED, Ground.FOLLOWS) and beside.request_id == request_id:
            return beside.page
    return None


def _counts_on(beside: PageSightings, page: PageSightings, step: int) -> bool:
    """The record's own counter goes on from the neighbour to this page (step 1) or from this page to it (-1)."""
    if not (beside.counter and page.counter) or beside.counter.of != page.counter.of:
        return False
    return page.counter.page - beside.counter.page == step
