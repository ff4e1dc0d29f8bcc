"""What waits for people: which pages of a document, how urgently, at what risk; and which filed pages are audited."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from worker.domain.decision import Decision, Outcome
from worker.domain.request import Request
from worker.domain.review import BY_PERSON, DISAGREEMENT, SECOND_LOOK, ItemKind, NewItem
from worker.matching.judgment import Ground

#: A request whose due date nobody knows, on a line without a clock: the usual time of a record request.
USUAL_TIME = timedelta(days=30)
#: How bad it is to leave a page for this reason, and how likely it is another patient's (0 to 1).
RISKS: Mapping[str, float] = {
    DISAGREEMENT: 0.95,
    Ground.CONTRADICTED: 0.9,
    Ground.UNKNOWN_PATIENT: 0.8,
    SECOND_LOOK: 0.7,
    Ground.SEVERAL_FIT: 0.6,
    Ground.UNSURE: 0.5,
    Ground.UNKNOWN_REQUEST: 0.5,
    Ground.CLOSED: 0.4,
    Ground.NOTHING_NAMED: 0.3,
    Ground.FAILED: 0.3,
    Ground.UNREADABLE: 0.2,
}
#: What a blind item says instead of a reason, and the risk it is given: nobody can tell it from the others by that.
BLIND_REASON, BLIND_RISK = "Please decide whose page this is.", 0.5
#: The grounds of pages in review that only people may change.
PERSONS_GROUNDS = frozenset({SECOND_LOOK, DISAGREEMENT})


@dataclass(frozen=True, slots=True)
class Occasion:
    """How a document came: what its items need to know. `clock_hours` is its line's; `zone` the payer's calendar."""

    sha256: str
    line: str
    channel: str
    received_at: datetime
    clock_hours: int | None
    zone: tzinfo


def exception_item(
    occasion: Occasion, decisions: Sequence[Decision], requests: Mapping[str, Request], but: Collection[int] = ()
) -> NewItem | None:
    """The item of all pages in review but those that another item has; None when there are none."""
    waiting = [d for d in decisions if d.outcome is Outcome.REVIEW and d.page not in but]
    if not waiting:
        return None
    main = max(waiting, key=lambda decision: (risk_of(decision.ground), -decision.page))
    return NewItem(
        kind=ItemKind.EXCEPTION,
        sha256=occasion.sha256,
        pages=tuple(decision.page for decision in waiting),
        ground=main.ground,
        reason=main.reason,
        line=occasion.line,
        channel=occasion.channel,
        received_at=occasion.received_at,
        due_at=due_at(occasion, _likely(waiting, requests)),
        risk=risk_of(main.ground),
    )


def parked_item(occasion: Occasion, reason: str) -> NewItem:
    """The item of a document that could not be read at all: a person looks at the original."""
    return NewItem(
        kind=ItemKind.EXCEPTION,
        sha256=occasion.sha256,
        pages=(),
        ground=Ground.FAILED,
        reason=reason,
        line=occasion.line,
        channel=occasion.channel,
        received_at=occasion.received_at,
        due_at=due_at(occasion, ()),
        risk=risk_of(Ground.FAILED),
    )


def audit_items(
    occasion: Occasion, decisions: Iterable[Decision], requests: Mapping[str, Request], share: float
) -> tuple[NewItem, ...]:
    """An item for each page of the audit sample: `share` of the pages that the machine filed, the same at each run."""
    filed = [d for d in decisions if d.outcome is Outcome.FILED and d.ground != BY_PERSON]
    sampled = [decision for decision in filed if is_sampled(occasion.sha256, decision.page, share)]
    return tuple(
        blind_item(occasion, ItemKind.AUDIT, (d.page,), due_of_blind(occasion, (d,), requests)) for d in sampled
    )


def blind_item(
    occasion: Occasion, kind: ItemKind, pages: tuple[int, ...], due: datetime, not_by: Collection[str] = ()
) -> NewItem:
    """An item that says nothing of what was decided before."""
    return NewItem(
        kind=kind,
        sha256=occasion.sha256,
        pages=pages,
        ground=SECOND_LOOK,
        reason=BLIND_REASON,
        line=occasion.line,
        channel=occasion.channel,
        received_at=occasion.received_at,
        due_at=due,
        risk=BLIND_RISK,
        not_by=frozenset(not_by),
    )


def due_of_blind(occasion: Occasion, decisions: Iterable[Decision], requests: Mapping[str, Request]) -> datetime:
    """When a blind item of these pages is due: by all their candidates. The date of the chosen one would tell it."""
    ids = {candidate.request_id for decision in decisions for candidate in decision.candidates}
    return due_at(occasion, [requests[each] for each in ids if each in requests and requests[each].is_open])


def disagreement_item(occasion: Occasion, pages: tuple[int, ...], due: datetime, not_by: Collection[str]) -> NewItem:
    """The item of what two people see differently, for a senior who is neither of them."""
    return NewItem(
        kind=ItemKind.DISAGREEMENT,
        sha256=occasion.sha256,
        pages=pages,
        ground=DISAGREEMENT,
        reason="Two people said different things: a senior decides.",
        line=occasion.line,
        channel=occasion.channel,
        received_at=occasion.received_at,
        due_at=due,
        risk=risk_of(DISAGREEMENT),
        not_by=frozenset(not_by),
    )


def is_sampled(sha256: str, page: int, share: float) -> bool:
    """Whether a page belongs to the sample: drawn by a hash, so that neither its content nor its order matters."""
    drawn = int.from_bytes(hashlib.sha256(f"audit:{sha256}:{page}".encode()).digest()[:8], "big")
    return drawn < share * 2.0**64


def risk_of(ground: str) -> float:
    """The risk of leaving a page that waits on this ground."""
    return RISKS.get(ground, 0.5)


def due_at(occasion: Occasion, requests: Iterable[Request]) -> datetime:
    """When an answer is due: by the line's clock or the first due date, whichever comes first."""
    ends = [end_of_day(request, occasion.zone) for request in requests]
    if occasion.clock_hours is not None:
        ends.append(occasion.received_at + timedelta(hours=occasion.clock_hours))
    return min(ends, default=occasion.received_at + USUAL_TIME)


def end_of_day(request: Request, zone: tzinfo) -> datetime:
    """The end of the request's due date by the payer's calendar."""
    return datetime.combine(request.due_date, time.max, zone)


def _likely(decisions: Iterable[Decision], requests: Mapping[str, Request]) -> Iterable[Request]:
    """The open requests that the pages most likely belong to."""
    for decision in decisions:
        ids = [decision.request_id] if decision.request_id else [c.request_id for c in decision.candidates[:1]]
        yield from (requests[each] for each in ids if each in requests and requests[each].is_open)
