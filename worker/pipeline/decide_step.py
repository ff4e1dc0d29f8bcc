"""DECIDE: whose pages are these? Settled in the order of arrival, so that speed never changes a decision."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from worker.db import arrivals, documents, facts, pages, reviews, tasks
from worker.db.pages import Waits
from worker.domain.decision import Decision, DocumentType, Outcome
from worker.domain.document import Stage
from worker.domain.reading import PageReading
from worker.domain.task import Step, Task
from worker.matching.judgment import Ground, Judgment
from worker.matching.repeats import Earlier, mark_repeat
from worker.matching.review_items import PERSONS_GROUNDS
from worker.matching.sightings import PageSightings
from worker.pipeline.decide import decide_document
from worker.pipeline.desk import Desk
from worker.pipeline.inbox import waits_after
from worker.pipeline.origin import origin_of
from worker.pipeline.read_step import read_on


def decide_pages(desk: Desk, task: Task) -> None:
    """READ -> DECIDED, or back into the queue until the documents that came before are decided.

    Of a document that is filed already, those pages are decided anew that wait for a person: a request may have been
    imported after its records came. Filed pages stay where they are.
    """
    engine, sha256 = desk.shelf.engine, task.subject
    document = documents.find(engine, sha256)
    known = pages.load_readings(engine, sha256)
    origin = origin_of(engine, sha256)
    policy = desk.policy.on_lines(origin.lines)
    with desk.shelf.original(sha256) as original:
        on = partial(read_on, desk.reader, original, known)
        decided = decide_document(known, desk.registries, policy, on, origin)
    judgments, readings = decided.judgments, decided.readings
    is_first = document is None or document.stage is Stage.READ
    if is_first and not tasks.is_its_turn(engine, task):
        pages.save_further(engine, sha256, _changed(known, readings))
        tasks.wait_for_turn(engine, task)
        return
    if earlier := _earlier(desk, judgments, sha256):
        with desk.registries.current() as (registry, _):
            judgments = mark_repeat(judgments, readings, earlier, registry)
    decisions = [replace(judgment.decision, policy=policy.version) for judgment in judgments]
    if not is_first:
        decisions = _only_doubtful(pages.load_decisions(engine, sha256), decisions)
    elif stands := reviews.load_persons(engine, sha256):  # it was parked, and goes on
        decisions = [stands.get(decision.page, decision) for decision in decisions]
    revision = None if is_first or document is None else document.revision
    waits = waits_after(desk, sha256, decisions, revision)
    _save(desk, task, decisions, _changed(known, readings), Basis(decided.version, waits))


def decide_for_a_person(desk: Desk, task: Task, why: str) -> None:
    """Every page that is not filed goes to review with the reason: deciding failed, with this registry at least."""
    document = documents.find(desk.shelf.engine, task.subject)
    revision = None if document is None or document.stage is Stage.READ else document.revision
    readings = pages.load_readings(desk.shelf.engine, task.subject)
    decisions = for_a_person([reading.number for reading in readings], why)
    if before := pages.load_decisions(desk.shelf.engine, task.subject):
        decisions = _only_doubtful(before, [left_to_a_person(decision, why) for decision in before])
    version = facts.load(desk.shelf.engine, facts.REGISTRY_VERSION)
    _save(desk, task, decisions, (), Basis(version, waits_after(desk, task.subject, decisions, revision)))


def for_a_person(numbers: Sequence[int], why: str) -> list[Decision]:
    """A decision for each of these pages that leaves it to a person."""
    unknown = [PageSightings(number, DocumentType.OTHER, 0.0) for number in numbers]
    return [Judgment(page, Ground.FAILED, None, 0.0, why).decision for page in unknown]


@dataclass(frozen=True, slots=True)
class Basis:
    """The version of the registry that was decided with, and what waits for people after it."""

    registry_version: int
    waits: Waits


def left_to_a_person(before: Decision, why: str) -> Decision:
    """The same page in review: what was found out of it is kept for whoever looks."""
    return replace(
        before, outcome=Outcome.REVIEW, request_id=None, confidence=0.0, reason=why, ground=Ground.FAILED, also=()
    )


def _save(desk: Desk, task: Task, decisions: Sequence[Decision], further: Sequence[PageReading], basis: Basis) -> None:
    engine, version = desk.shelf.engine, basis.registry_version
    if pages.save_decisions(engine, task, decisions, further, registry_version=version, waits=basis.waits):
        desk.bell.ring(Step.FILE)
        desk.bell.ring(Step.SETTLE)
        if basis.waits.items:
            desk.bell.ring(Step.DRAW)


def _changed(known: Sequence[PageReading], readings: Sequence[PageReading]) -> list[PageReading]:
    return [after for before, after in zip(known, readings, strict=True) if after is not before]


def _only_doubtful(before: Sequence[Decision], now: Sequence[Decision]) -> list[Decision]:
    return [new if _is_doubtful(old) else old for old, new in zip(before, now, strict=True)]


def _is_doubtful(decision: Decision) -> bool:
    """It waits for a person, and no person has looked yet."""
    return decision.outcome is Outcome.REVIEW and decision.ground not in PERSONS_GROUNDS


def _earlier(desk: Desk, judgments: Sequence[Judgment], but: str) -> tuple[Earlier, ...]:
    """The documents decided before that hold pages of the same requests, in the order of arrival."""
    engine = desk.shelf.engine
    filed_to = sorted({request_id for j in judgments for request_id in j.decision.filed_to})
    hashes = {sha256 for r in filed_to for sha256 in pages.load_documents_of(engine, r)} - {but}
    held = sorted((arrivals.find_first(engine, sha256) for sha256 in hashes), key=lambda arrival: arrival.order)
    return tuple(
        Earlier(
            arrival.source,
            pages.load_readings(engine, arrival.sha256),
            tuple(decision.filed_to for decision in pages.load_decisions(engine, arrival.sha256)),
        )
        for arrival in held
    )
