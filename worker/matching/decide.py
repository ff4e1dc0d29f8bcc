"""The policy: what happens to each page of a document, given all that was seen on all of them.

Filing needs three things: strong evidence, distance to the runner-up, and no contradiction. When in doubt, a person
decides. Pages are judged by their own evidence first; a page that names nobody may then follow its neighbours.
"""

from collections.abc import Sequence

from worker.domain.decision import DocumentType, Verdict
from worker.domain.request import Request
from worker.matching.candidates import Compared
from worker.matching.case import Case, cases_of
from worker.matching.follow import follow
from worker.matching.judgment import Ground, Judgment
from worker.matching.origin import ANYWHERE, Origin
from worker.matching.policy import Policy
from worker.matching.registry import IdKind, Registry
from worker.matching.sequence import NOBODY
from worker.matching.sharing import share
from worker.matching.sightings import Certainty, PageSightings
from worker.matching.support import Support

#: Another request is named as one that the page may belong to from this probability on.
TIE_FROM = 0.002


def decide(
    pages: Sequence[PageSightings],
    registry: Registry,
    policy: Policy,
    origin: Origin = ANYWHERE,
    compared: Compared | None = None,
) -> tuple[Judgment, ...]:
    """One judgment for each page, in order. The same input always gives the same output, whatever was `compared`."""
    cases = cases_of([page for page in pages if not page.is_blank], registry, policy, origin, compared)
    followed = follow(cases, [_judge(case) for case in cases])
    shared = [share(case, judgment, _fitting(case)) for case, judgment in zip(cases, followed, strict=True)]
    judged = {judgment.page.page: judgment for judgment in shared}
    judged = _settle_cover_sheets(judged)
    return tuple(judged.get(page.page) or _blank(page) for page in pages)


def _blank(page: PageSightings) -> Judgment:
    if page.is_damaged:
        sentence = "The page's data is damaged, and nothing of it could be read."
        return Judgment(page, Ground.UNREADABLE, None, page.type_confidence, sentence)
    return Judgment(page, Ground.BLANK, None, page.type_confidence, "The page is blank.")


def _judge(case: Case) -> Judgment:
    """The judgment of a page by its own evidence and its place in the sequence."""
    page, request = case.page, case.best
    if page.is_separator:
        return _say(case, Ground.SEPARATOR, "Separator sheet: it parts documents and belongs to none.")
    if page.document_type is DocumentType.COVER_SHEET and not _names_one_request(case):
        return _say(case, Ground.COVER_SHEET, "Cover sheet that names no single request.")
    several = _requests_named(page)
    if len(several) > 1:
        return _say(case, Ground.SEVERAL_FIT, f"The page names several requests: {', '.join(several)}.")
    if request is None:
        return _nobodys(case)
    return _judge_for(case, request)


def _judge_for(case: Case, request: Request) -> Judgment:
    """The page most likely belongs to this request: whether that is enough to file it."""
    support = case.support(request.request_id)
    is_tie = not case.is_sure and _is_tie(case)
    if not request.is_open and not is_tie:
        return _say(case, Ground.CLOSED, f"Request {request.request_id} is closed: a person decides what to do.")
    if support.against:
        return _say(case, Ground.CONTRADICTED, _against_sentence(case, request))
    if support.is_enough and not _is_foreign_letter(case, support) and case.is_sure:
        return _say(case, Ground.NAMED, _for_sentence(case, request))
    if is_tie:
        return _say(case, Ground.SEVERAL_FIT, _tie_sentence(case))
    if not case.page.is_readable:
        return _say(case, Ground.UNREADABLE, "The page could not be read.")
    if support.hints_member or support.half_names_request:
        sentence = f"The page speaks for request {request.request_id}, but not surely enough to file it."
        return _say(case, Ground.UNSURE, sentence)
    return _say(case, Ground.NOTHING_NAMED, _silence(case.page))


def _is_foreign_letter(case: Case, support: Support) -> bool:
    """A letter that names the member but not the request may be another payer's about the same stay."""
    is_ours = support.half_names_request or support.hints_request
    return case.page.document_type is DocumentType.LETTER and not is_ours


def _silence(page: PageSightings) -> str:
    """Why a page does not say whose it is."""
    if not page.is_legible:
        return "Too little of the page can be read to say whose it is."
    if page.has_identity:
        return "The page names its patient, but not legibly enough to be sure."
    return "Nothing on the page says whose it is."


def _nobodys(case: Case) -> Judgment:
    page = case.page
    unknown = [s for s in page.ids_of(IdKind.REQUEST) if s.certainty is Certainty.UNKNOWN]
    if unknown:
        sentence = f"The page names request {unknown[0].text}, which is not in the registry."
        return _say(case, Ground.UNKNOWN_REQUEST, sentence)
    if not page.is_readable:
        return _say(case, Ground.UNREADABLE, "The page could not be read.")
    if page.has_identity:
        return _say(case, Ground.UNKNOWN_PATIENT, "The page names a patient for whom no open request was found.")
    return _say(case, Ground.NOTHING_NAMED, _silence(case.page))


def _say(case: Case, ground: Ground, reason: str) -> Judgment:
    request_id = case.best.request_id if case.best else None
    sure_type = ground in (Ground.SEPARATOR, Ground.COVER_SHEET)
    confidence = case.page.type_confidence if sure_type else case.probability
    return Judgment(case.page, ground, request_id, confidence, reason, case.candidates)


def _requests_named(page: PageSightings) -> list[str]:
    """The different requests that the page names letter for letter or by barcode."""
    sure = [s.could_be for s in page.ids_of(IdKind.REQUEST) if s.certainty >= Certainty.EXACT]
    return sorted({could_be[0] for could_be in sure if len(could_be) == 1})


def _names_one_request(case: Case) -> bool:
    return len(_requests_named(case.page)) == 1


def _is_tie(case: Case) -> bool:
    second = case.owner.runner_up
    return bool(second) and case.owner.probabilities[second or ""] > TIE_FROM


def _fitting(case: Case) -> set[str]:
    """The requests that the page may belong to, or names."""
    chances = case.owner.probabilities.items()
    return {owner for owner, chance in chances if owner != NOBODY and chance > TIE_FROM} | {*_requests_named(case.page)}


def _tie_sentence(case: Case) -> str:
    first, second = case.owner.best, case.owner.runner_up or ""
    if case.requests[first].member_id == case.requests[second].member_id:
        return f"Requests {first} and {second} are of the same member, and nothing on the page tells them apart."
    return f"The page may belong to request {first} or to request {second}."


def _for_sentence(case: Case, request: Request) -> str:
    agreeing = [f for f in case.findings[request.request_id] if f.verdict is Verdict.AGREES and f.weight > 0]
    strongest = sorted(agreeing, key=lambda f: -f.weight)[:3]
    return " ".join(f.sentence for f in strongest)


def _against_sentence(case: Case, request: Request) -> str:
    worst = min(case.support(request.request_id).against, key=lambda f: f.weight)
    return f"It stands with request {request.request_id}, but: {worst.sentence}"


def _settle_cover_sheets(judged: dict[int, Judgment]) -> dict[int, Judgment]:
    """A cover sheet that names one request is filed with it only if the whole document is for that request."""
    owners = {j.request_id for j in judged.values() if j.page.document_type is not DocumentType.COVER_SHEET}
    settled = dict(judged)
    for number, judgment in judged.items():
        is_cover = judgment.page.document_type is DocumentType.COVER_SHEET
        if is_cover and judgment.ground in (Ground.NAMED, Ground.FOLLOWS) and owners - {judgment.request_id}:
            reason = "Cover sheet of a document that answers more than one request."
            settled[number] = Judgment(
                judgment.page,
                Ground.COVER_SHEET,
                None,
                judgment.page.type_confidence,
                reason,
                judgment.candidates,
            )
    return settled
