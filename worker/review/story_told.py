"""A document's story in words: its pages, and what people said of them, as the templates show it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from worker.db.story import Delivery, Said, StoryPage
from worker.domain.decision import Candidate, Decision, Outcome
from worker.domain.event import EventKind
from worker.review import words
from worker.review.images import picture_version
from worker.review.sensitive import Sensitivity

TONES = {Outcome.FILED: "good", Outcome.REVIEW: "warn", Outcome.SET_ASIDE: "plain"}


@dataclass(frozen=True, slots=True)
class ToldPage:
    """A row of the table of pages.

    Where `is_hidden`, it is not told what was decided; where `is_closed`, not what the page says. `findings` are
    sentences with whether they speak for (True), against (False) or neither.
    """

    number: int
    version: str
    is_hidden: bool
    is_closed: bool
    type: str = ""
    outcome: str = ""
    tone: str = "plain"
    request_id: str = ""
    also: tuple[str, ...] = ()
    proposed: str = ""
    reason: str = ""
    by: str = ""
    at: datetime | None = None
    machine: str = ""
    findings: tuple[tuple[str, bool | None], ...] = ()
    damage: tuple[str, ...] = ()


@dataclass(slots=True)
class ToldSaid:
    """What one person said at one moment of some pages: the same of all."""

    by: str
    at: datetime
    kind: str
    what: str
    request_id: str
    instead: str
    note: str
    numbers: list[int] = field(default_factory=list)

    @property
    def pages(self) -> str:
        """The pages in words."""
        return words.pages(self.numbers)


def told_page(page: StoryPage, hidden: Collection[int], secret: Mapping[int, Sensitivity]) -> ToldPage:
    """One page in words; without what this person must not see."""
    reading, decision, number = page.reading, page.decision, page.reading.number
    is_closed = secret.get(number) is Sensitivity.CLOSED
    version = picture_version(reading)
    if decision is None or number in hidden:
        return ToldPage(number, version, number in hidden, is_closed, damage=reading.damage)
    chosen = _chosen(decision)
    return ToldPage(
        number=number,
        version=version,
        is_hidden=False,
        is_closed=is_closed,
        type=words.type_words(decision.document_type, None if is_closed else decision.record_kind),
        outcome=words.OUTCOMES[decision.outcome],
        tone=TONES[decision.outcome],
        request_id=decision.request_id or "",
        also=decision.also,
        proposed=chosen.request_id if chosen and not decision.request_id else "",
        reason=words.ground_sentence(decision.ground) if is_closed else decision.reason,
        by=page.decided_by,
        at=page.decided_at,
        machine="" if page.machine is None else what_was_decided(page.machine),
        findings=() if chosen is None or is_closed else tuple(_sentences(chosen)),
        damage=reading.damage,
    )


def told_said(said: Iterable[Said], hidden: Collection[int]) -> list[ToldSaid]:
    """What people said, in order; what is the same of several pages at once is told once."""
    told: list[ToldSaid] = []
    for each in said:
        if each.page in hidden:
            continue
        row = ToldSaid(
            by=each.by,
            at=each.at,
            kind=words.KINDS[each.kind],
            what=_what_was_said(each),
            request_id=each.request_id or "",
            instead=_instead(each),
            note=each.note,
        )
        last = told[-1] if told else None
        if last is None or _head(last) != _head(row):
            told.append(row)
        told[-1].numbers.append(each.page)
    return told


def told_deliveries(deliveries: Iterable[Delivery], hidden: Collection[int]) -> list[tuple[Delivery, str, str]]:
    """What others were told, with the pages in words, those that were withdrawn last; hidden pages are left out."""
    told = []
    for each in deliveries:
        numbers = [page for page in each.pages if page not in hidden]
        if numbers or each.kind is EventKind.PAGES_WITHDRAWN:
            gone = [page for page in each.withdrawn if page not in hidden]
            told.append((each, words.pages(numbers) if numbers else "", words.pages(gone) if gone else ""))
    return told


def what_was_decided(decision: Decision) -> str:
    """A decision in a few words: `filed to 20261100017`, `set aside: Blank`, `to a person: Fits several`."""
    if decision.outcome is Outcome.FILED:
        return f"filed to {', also to '.join(decision.filed_to)}"
    where = "set aside" if decision.outcome is Outcome.SET_ASIDE else "to a person"
    return f"{where}: {words.ground_label(decision.ground)}" if decision.ground else where


def _what_was_said(said: Said) -> str:
    if said.outcome is Outcome.FILED:
        return "filed to"
    label = words.ground_label(said.ground)
    if said.outcome is Outcome.SET_ASIDE:
        return f"set aside: {label}" + (f" ({said.duplicate_of})" if said.duplicate_of else "")
    return f"left to decide: {label}"


def _instead(said: Said) -> str:
    """What stood there before, where that is another thing."""
    before = said.before
    if (before.outcome, before.request_id) == (said.outcome, said.request_id) or before.outcome is Outcome.REVIEW:
        return ""
    return f"{what_was_decided(before)} by {said.before_by or 'the machine'}"


def _chosen(decision: Decision) -> Candidate | None:
    """The candidate that was filed to, else the likeliest."""
    ranked = sorted(decision.candidates, key=lambda candidate: -candidate.probability)
    own = [candidate for candidate in ranked if candidate.request_id == decision.request_id]
    return next(iter(own or ranked), None)


def _sentences(candidate: Candidate) -> Iterable[tuple[str, bool | None]]:
    for finding in candidate.findings:
        yield finding.sentence, {"agrees": True, "disagrees": False}.get(finding.verdict.value)


def _head(row: ToldSaid) -> tuple[object, ...]:
    return (row.by, row.at, row.kind, row.what, row.request_id, row.instead, row.note)
