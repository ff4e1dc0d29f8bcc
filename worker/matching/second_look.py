"""What becomes of a person's answers: they stand, another person looks, or a senior decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from worker.domain.decision import Decision, DocumentType, Outcome, Verdict
from worker.domain.review import BY_PERSON, DISAGREEMENT, SECOND_LOOK, Answer, ItemKind, SetAside
from worker.domain.review_policy import ReviewPolicy

#: What a page names a request by: with one of these somewhere in the document the match has an id.
IDS = frozenset({"request id", "claim number"})
_TYPES = {
    SetAside.BLANK: DocumentType.BLANK,
    SetAside.COVER_SHEET: DocumentType.COVER_SHEET,
}
_SENTENCES = {
    SetAside.BLANK: "A person set it aside: blank.",
    SetAside.COVER_SHEET: "A person set it aside: cover sheet.",
    SetAside.SEPARATOR: "A person set it aside: separator sheet.",
    SetAside.NOT_OURS: "A person set it aside: not ours.",
    SetAside.UNREADABLE: "A person set it aside: unreadable.",
    SetAside.DUPLICATE: "A person set it aside: it came before.",
}


class Next(StrEnum):
    """What happens with a page after an answer."""

    STANDS = "stands"
    KEPT = "kept"
    """The answer confirms what was decided: nothing changes."""
    SECOND_LOOK = SECOND_LOOK
    DISAGREEMENT = DISAGREEMENT
    OPEN = "open"
    """It waits as before."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the answers are given to. `before` are all decisions of the document, `opinions` what others said of a page
    before this item; `sensitive` are the pages that are. `line` is the document's.
    """

    kind: ItemKind
    line: str
    before: Mapping[int, Decision]
    opinions: Mapping[int, Answer]
    sensitive: frozenset[int]


def what_next(asked: Asked, answers: Sequence[Answer], policy: ReviewPolicy) -> tuple[Next, ...]:
    """What happens with the page of each answer."""
    many = sum(answer.outcome is Outcome.FILED for answer in answers)
    is_many = policy.second_look_above is not None and many > policy.second_look_above
    return tuple(_next(asked, answer, policy, is_many=is_many) for answer in answers)


def _next(asked: Asked, answer: Answer, policy: ReviewPolicy, *, is_many: bool) -> Next:
    before = asked.before[answer.page]
    match asked.kind:
        case ItemKind.AUDIT:
            # It may have been moved since it was drawn. Where people are at it already, the answer counts for the
            # sample alone.
            is_theirs = before.outcome is Outcome.REVIEW
            return Next.KEPT if is_theirs or answer.agrees_with(before) else Next.DISAGREEMENT
        case ItemKind.SECOND_LOOK:
            return _second(asked.opinions.get(answer.page), answer)
        case ItemKind.DISAGREEMENT:
            return Next.OPEN if answer.outcome is Outcome.REVIEW else Next.STANDS
    if answer.outcome is Outcome.REVIEW:
        return Next.SECOND_LOOK if answer.ground == SECOND_LOOK else Next.OPEN
    if _is_same(before, answer):
        return Next.KEPT
    if answer.outcome is Outcome.FILED and (is_many or _wants_second(asked, answer, policy)):
        return Next.SECOND_LOOK
    return Next.STANDS


def _is_same(before: Decision, answer: Answer) -> bool:
    """The answer is what stands already, as that of a filed page that was only turned."""
    if answer.outcome is Outcome.SET_ASIDE and (answer.ground != before.ground or answer.duplicate_of):
        return False
    return (before.outcome, before.request_id) == (answer.outcome, answer.request_id)


def _second(first: Answer | None, answer: Answer) -> Next:
    """The second person's answer beside the first one's; the first may have asked for it without an answer."""
    if answer.outcome is Outcome.REVIEW:
        return Next.DISAGREEMENT
    if first is None or first.outcome is Outcome.REVIEW:
        return Next.STANDS
    is_same = (first.outcome, first.request_id) == (answer.outcome, answer.request_id)
    return Next.STANDS if is_same else Next.DISAGREEMENT


def _wants_second(asked: Asked, answer: Answer, policy: ReviewPolicy) -> bool:
    if asked.line in policy.second_look_lines:
        return True
    if policy.second_look_sensitive and answer.page in asked.sensitive:
        return True
    return policy.second_look_without_id and answer.request_id not in named_by_id(asked.before)


def named_by_id(decisions: Mapping[int, Decision]) -> frozenset[str]:
    """The requests that some page of the document names by an id."""
    return frozenset(
        candidate.request_id
        for decision in decisions.values()
        for candidate in decision.candidates
        for finding in candidate.findings
        if finding.name in IDS and finding.verdict is Verdict.AGREES
    )


def decision_of(before: Decision, answer: Answer, happens: Next) -> Decision | None:
    """The decision that stands from now on; None where it is the one from before."""
    match happens:
        case Next.OPEN | Next.KEPT:
            return None
        case Next.SECOND_LOOK:
            return _waits(before, SECOND_LOOK, "Another person looks at it as well.")
        case Next.DISAGREEMENT:
            # A filed page stays where it is until a senior has said who is right: people err more often than filing.
            if before.outcome is Outcome.FILED:
                return None
            return _waits(before, DISAGREEMENT, "Two people said different things: a senior decides.")
        case Next.STANDS:
            return _stands(before, answer)


def _waits(before: Decision, ground: str, reason: str) -> Decision:
    return Decision(
        before.page,
        Outcome.REVIEW,
        None,
        before.document_type,
        before.confidence,
        reason,
        before.candidates,
        ground,
        record_kind=before.record_kind,
    )


def _stands(before: Decision, answer: Answer) -> Decision:
    kind, reason = before.document_type, "A person filed it."
    if answer.outcome is Outcome.SET_ASIDE:
        aside = SetAside(answer.ground)
        kind, reason = _TYPES.get(aside, kind), _SENTENCES[aside]
        reason = f"{reason} It repeats {answer.duplicate_of}." if answer.duplicate_of else reason
    return Decision(
        page=before.page,
        outcome=answer.outcome,
        request_id=answer.request_id,
        document_type=kind,
        confidence=1.0,
        reason=reason,
        candidates=before.candidates,
        ground=BY_PERSON if answer.outcome is Outcome.FILED else answer.ground,
        record_kind=before.record_kind if kind is before.document_type else None,
    )
