"""Pages that do not say enough by themselves follow the pages beside them, as long as nothing contradicts.

A page that names its patient follows a sure neighbour, or the letter in the same document. A page that names nobody
needs sure pages on both sides, a page counter that goes on, the end of a run, or a document that is for one request
only: a stranger's page without a name looks just the same.
"""

from collections.abc import Sequence

from worker.domain.decision import DocumentType
from worker.domain.request import Request
from worker.matching.case import Case
from worker.matching.judgment import Ground, Judgment
from worker.matching.sections import is_front
from worker.matching.sightings import PageSightings

_FILED = (Ground.NAMED, Ground.FOLLOWS)
_CAN_FOLLOW = (Ground.UNSURE, Ground.NOTHING_NAMED, Ground.UNREADABLE)
#: Grounds that say nothing of other patients or requests.
_SILENT = (*_FILED, *_CAN_FOLLOW, Ground.COVER_SHEET, Ground.BLANK)
#: So many pages in a row that name nobody are still taken for one stretch of a record.
_LONGEST_STRETCH = 4


def follow(cases: Sequence[Case], alone: Sequence[Judgment]) -> list[Judgment]:
    """The judgments, with pages that may follow others filed: forwards first, then backwards."""
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
    """The sentence that says why page k goes with others; None if it may not."""
    case, request = cases[k], cases[k].best
    if request is None or not request.is_open or case.support(request.request_id).against:
        return None
    if case.is_sure:
        reason = _same_patient(cases, judged, k, request) or _only_request(judged, k, request)
        if reason:
            return reason
    return _goes_on(case, judged, k, request.request_id)


def _same_patient(cases: Sequence[Case], judged: Sequence[Judgment], k: int, request: Request) -> str | None:
    """The page hints at the patient of a sure neighbour, or names the patient of a letter in the document."""
    support = cases[k].support(request.request_id)
    if judged[k].page.document_type is DocumentType.LETTER and not support.half_names_request:
        return None
    beside = _beside(judged, k, -1, request.request_id) or _beside(judged, k, +1, request.request_id)
    if beside and (support.hints_member or support.half_names_request):
        return f"Names the same patient as page {beside.page} beside it, which is sure."
    named = next((j.page.page for c, j in zip(cases, judged, strict=True) if _names(c, j, request.request_id)), None)
    if named and (support.names_patient or (support.is_born and support.is_dated)):
        return f"Names the patient of page {named}, which names the request."
    return None


def _names(case: Case, judgment: Judgment, request_id: str) -> bool:
    """The page is sure and carries the request's own id."""
    if judgment.ground is not Ground.NAMED or judgment.request_id != request_id:
        return False
    support = case.support(request_id)
    return support.names_request or support.half_names_request


def _only_request(judged: Sequence[Judgment], k: int, request: Request) -> str | None:
    """No page of the document speaks of any other request or patient, and the one beside is sure."""
    page = judged[k].page
    filed = {j.request_id for j in judged if j.ground in _FILED}
    if filed != {request.request_id} or any(j.ground not in _SILENT for j in judged):
        return None
    if page.has_identity or _could_start_anew(page) or not page.is_legible:
        return None
    if not (_beside(judged, k, -1, request.request_id) or _beside(judged, k, +1, request.request_id)):
        return None
    return f"All other pages of the document are for request {request.request_id}; nothing on this one contradicts."


def _goes_on(case: Case, judged: Sequence[Judgment], k: int, request_id: str) -> str | None:
    """The page names nobody but cannot well be another's: counted on, or inside a run."""
    page = case.page
    if not case.is_sure or _could_start_anew(page) or not page.is_legible:
        return None
    for step in (-1, 1):
        beside = _beside(judged, k, step, request_id)
        if beside and page.counter and _counts_on(beside, page, -step):
            return f"Page {page.counter.page} of {page.counter.of} of the same record as page {beside.page}."
    if page.has_identity:
        return None
    before, after = _end_of_stretch(judged, k, -1, request_id), _end_of_stretch(judged, k, +1, request_id)
    if before and after:
        return f"Stands between pages {before.page} and {after.page} of the same request; nothing on it contradicts."
    if before and _ends_ahead(judged, k):
        return f"Ends the run of page {before.page}: a run of somebody else would begin with a page that names him."
    if before and page.counter and page.counter.page > 1:
        return f"Counts itself as page {page.counter.page}: it goes on from page {before.page}."
    return None


def _ends_ahead(judged: Sequence[Judgment], k: int) -> bool:
    """Behind this page, and others that name nobody, the document ends or a letter, cover sheet or separator begins
    something else.
    """
    for ahead in judged[k + 1 : k + 1 + _LONGEST_STRETCH]:
        if ahead.page.is_separator or is_front(ahead.page):
            return True
        if not _names_nobody(ahead):
            return False
    return k + _LONGEST_STRETCH >= len(judged) - 1


def _could_start_anew(page: PageSightings) -> bool:
    """Letters and the like begin something of their own unless they say that they go on."""
    starts = page.document_type in (DocumentType.LETTER, DocumentType.COVER_SHEET, DocumentType.INVOICE)
    return starts and not (page.counter and page.counter.page > 1)


def _beside(judged: Sequence[Judgment], k: int, step: int, request_id: str) -> PageSightings | None:
    """The page right beside (blanks are not in the list) if it is filed to the same request."""
    at = k + step
    if 0 <= at < len(judged) and judged[at].ground in _FILED and judged[at].request_id == request_id:
        return judged[at].page
    return None


def _end_of_stretch(judged: Sequence[Judgment], k: int, step: int, request_id: str) -> PageSightings | None:
    """The nearest page that is filed to the request, with only pages that name nobody in between."""
    for distance in range(_LONGEST_STRETCH):
        beside = _beside(judged, k + step * distance, step, request_id)
        if beside:
            return beside
        at = k + step * (distance + 1)
        if not 0 <= at < len(judged) or not _names_nobody(judged[at]):
            return None
    return None


def _names_nobody(judgment: Judgment) -> bool:
    return judgment.ground is Ground.NOTHING_NAMED and not judgment.page.has_identity


def _counts_on(beside: PageSightings, page: PageSightings, step: int) -> bool:
    """The record's own counter goes on from the neighbour to this page (step 1) or from this page to it (-1)."""
    if not (beside.counter and page.counter and beside.counter.of and page.counter.of):
        return False
    return page.counter.goes_on_from(beside.counter) if step > 0 else beside.counter.goes_on_from(page.counter)
