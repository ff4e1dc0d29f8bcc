"""A case as the browser gets it: the item, the document's pages, the requests that they may belong to."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from worker.db.documents import Document
from worker.db.reviews import PageState
from worker.domain.decision import Candidate, Decision, DocumentType, Outcome, Verdict
from worker.domain.document import Arrival
from worker.domain.picture import UNKNOWN_SIZE, Pose
from worker.domain.reading import Box, PageReading
from worker.domain.request import Request
from worker.domain.review import Item, ItemKind, SetAside
from worker.matching.evidence import CONTRADICTIONS
from worker.matching.review_items import BLIND_REASON
from worker.review.case_boxes import Marked, identity_box, lines_of, marked
from worker.review.words import CHANNELS

Json = dict[str, object]
#: Why a page is set aside, what that is called, and the key for it.
SET_ASIDE = (
    (SetAside.BLANK, "Blank", "b"),
    (SetAside.COVER_SHEET, "Cover sheet", "c"),
    (SetAside.SEPARATOR, "Separator sheet", "t"),
    (SetAside.NOT_OURS, "Not ours", "o"),
    (SetAside.UNREADABLE, "Unreadable", "x"),
    (SetAside.DUPLICATE, "Duplicate of ...", "d"),
)
CLOSED = "closed"
#: The least probability of a candidate that is proposed.
PROPOSED_FROM = 0.5
#: What a closed sensitive page says instead of what is on it.
WITHHELD = "Sensitive: open the page to see what is on it."
#: What a page of another item says that the person may have to decide blind.
NOT_TOLD = "What was decided of it is not shown: you may be asked to decide it yourself."


@dataclass(frozen=True, slots=True)
class Case:
    """All that a case is made of. `sensitivity` by page: no, closed or open.

    `blind` are the pages that this person may have to decide blind, in this item or in another.
    """

    item: Item
    document: Document
    arrival: Arrival
    states: Mapping[int, PageState]
    poses: Mapping[int, Pose]
    requests: Mapping[str, Request]
    sensitivity: Mapping[int, str]
    blind: Collection[int] = ()

    @property
    def is_blind(self) -> bool:
        """What was decided before is not shown."""
        return self.item.kind.is_blind

    def is_open(self, page: int) -> bool:
        """The page is to be decided in this item."""
        return page in self.item.pages

    def is_secret(self, page: int) -> bool:
        """What was decided of the page before must not be seen."""
        return page in self.blind or (self.is_blind and self.is_open(page))

    def is_hidden(self, page: int) -> bool:
        """The page is sensitive, and this person has not opened it."""
        return self.sensitivity.get(page) == CLOSED


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at the case: `why_not` says why that person cannot decide, and is empty where he can. `zone` is the
    payer's time zone by its name.
    """

    csrf: str
    zone: str
    why_not: str = ""


def case_json(case: Case, reading: PageReading, viewer: Viewer) -> Json:
    """The whole case; of what was read only that of one page, the first that is shown."""
    return {
        "item": _item(case),
        "mayDecide": not viewer.why_not,
        "readOnlyWhy": viewer.why_not,
        "document": _document(case),
        "pages": [_page(case, number) for number in sorted(case.states)],
        "requests": {key: request_json(request) for key, request in case.requests.items()},
        "letters": list(_letters(case)),
        "current": page_json(case, reading),
        "setAside": [{"ground": ground.value, "label": label, "key": key} for ground, label, key in SET_ASIDE],
        "csrf": viewer.csrf,
        "zone": viewer.zone,
    }


def first_shown(case: Case) -> int:
    """The page that is shown first: the first open one."""
    return next((page for page in case.item.pages if page in case.states), min(case.states))


def page_json(case: Case, reading: PageReading) -> Json:
    """One page: boxes over what was read, the candidates with their reasons, its words."""
    number = reading.number
    decision, hidden = case.states[number].decision, case.is_hidden(number)
    band = identity_box(case.poses[number], (f for c in decision.candidates for f in c.findings))
    return {
        "n": number,
        "reason": _reason(case, number),
        "boxes": [] if hidden else [_marked(place) for place in marked(reading, decision)],
        "candidates": [_candidate(case, number, candidate) for candidate in _ranked(case, decision)],
        "words": "" if hidden else "\n".join(" ".join(word.text for word in line) for line in lines_of(reading)),
        "damage": list(reading.damage),
        "identity": None if hidden or band is None else box_json(band),
    }


def request_json(request: Request) -> Json:
    """A request for people: dates as YYYY-MM-DD."""
    return {
        "id": request.request_id,
        "claim": request.claim_number,
        "memberId": request.member_id,
        "name": f"{request.member_last_name}, {request.member_first_name}",
        "born": request.date_of_birth.isoformat(),
        "provider": request.provider_name,
        "npi": request.provider_npi,
        "from": request.service_from.isoformat(),
        "to": request.service_to.isoformat(),
        "letterDate": request.letter_date.isoformat(),
        "due": request.due_date.isoformat(),
        "program": request.program,
        "status": request.status.value,
    }


def box_json(box: Box) -> list[int]:
    """left, top, width, height."""
    return [box.left, box.top, box.width, box.height]


def _item(case: Case) -> Json:
    item = case.item
    return {
        "id": item.id,
        "kind": ItemKind.EXCEPTION.value if case.is_blind else item.kind.value,
        "blind": case.is_blind,
        "ground": item.ground,
        "reason": WITHHELD if any(map(case.is_hidden, item.pages)) else item.reason,
        "line": item.line,
        "channel": CHANNELS.get(item.channel, item.channel),
        "receivedAt": item.received_at.isoformat(),
        "dueAt": item.due_at.isoformat(),
        "pages": list(item.pages),
        "version": item.version,
        "heldBy": item.held_by,
        "heldUntil": _moment(item.held_until),
        "note": item.note,
        "senior": item.kind is ItemKind.DISAGREEMENT,
    }


def _document(case: Case) -> Json:
    envelope = case.arrival.envelope
    return {
        "sha256": case.document.sha256,
        "source": case.arrival.source,
        "receipt": case.arrival.receipt,
        "sender": envelope.sender,
        "senderName": envelope.sender_name,
        "revision": case.document.revision,
        "pageCount": len(case.states),
        "damage": case.document.reason,
        "stage": case.document.stage.value,
    }


def _page(case: Case, number: int) -> Json:
    state, pose = case.states[number], case.poses[number]
    decision, is_open = state.decision, case.is_open(number)
    is_secret = case.is_secret(number)
    best = decision.candidates[0] if decision.candidates else None
    is_asked = is_open and not is_secret and decision.outcome is Outcome.REVIEW
    proposed = best.request_id if best and is_asked and is_proposable(best) else None
    return {
        "n": number,
        "outcome": Outcome.REVIEW.value if is_secret else decision.outcome.value,
        "requestId": None if is_secret else decision.request_id,
        "also": [] if is_secret else list(decision.also),
        "proposed": proposed,
        "probability": None if is_secret else best.probability if proposed and best else decision.confidence,
        "type": decision.document_type.value,
        "recordKind": decision.record_kind.value if decision.record_kind and not is_secret else None,
        "ground": "" if is_secret else decision.ground,
        "reason": _reason(case, number),
        "by": None if is_secret else state.decided_by,
        "open": is_open,
        "sensitive": case.sensitivity.get(number, "no"),
        "turn": state.turn,
        "width": pose.width or UNKNOWN_SIZE[0],
        "height": pose.height or UNKNOWN_SIZE[1],
        "v": pose.mark,
    }


def is_proposable(candidate: Candidate) -> bool:
    """Likelier than not, and nothing contradicts: only then may one key file the page there."""
    against = any(f.verdict is Verdict.DISAGREES and f.name in CONTRADICTIONS for f in candidate.findings)
    return candidate.probability >= PROPOSED_FROM and not against


def _reason(case: Case, number: int) -> str:
    if case.is_secret(number):
        return BLIND_REASON if case.is_open(number) else NOT_TOLD
    return WITHHELD if case.is_hidden(number) else case.states[number].decision.reason


def _ranked(case: Case, decision: Decision) -> Iterable[Candidate]:
    """The likeliest first; a blind person gets them in an order that tells nothing."""
    known = [candidate for candidate in decision.candidates if candidate.request_id in case.requests]
    is_told = not (case.is_blind or case.is_secret(decision.page))
    return known if is_told else sorted(known, key=lambda candidate: candidate.request_id)


def _candidate(case: Case, number: int, candidate: Candidate) -> Json:
    is_told = not (case.is_blind or case.is_secret(number))
    return {
        "requestId": candidate.request_id,
        "probability": candidate.probability if is_told else None,
        "findings": [
            {
                "name": finding.name,
                "verdict": finding.verdict.value,
                "weight": round(finding.weight, 2),
                "sentence": finding.sentence,
                "boxes": [box_json(box) for box in finding.boxes],
            }
            for finding in sorted(candidate.findings, key=lambda finding: -abs(finding.weight))
            if not case.is_hidden(number)
        ],
    }


def _marked(place: Marked) -> Json:
    return {"kind": place.kind, "text": place.text, "box": box_json(place.box), "verdicts": place.verdicts}


def _letters(case: Case) -> Iterable[Json]:
    """The letters of the document that name a request, with the band that does."""
    for number, state in sorted(case.states.items()):
        if state.decision.document_type is not DocumentType.LETTER or case.is_hidden(number):
            continue
        for candidate in state.decision.candidates:
            naming = [f for f in candidate.findings if f.name == "request id" and f.verdict is Verdict.AGREES]
            band = identity_box(case.poses[number], candidate.findings)
            if naming and band and candidate.request_id in case.requests:
                yield {"page": number, "requestId": candidate.request_id, "box": box_json(band)}


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
