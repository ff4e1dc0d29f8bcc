"""What a person decided, saved in one transaction for the whole document, or not at all."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from worker.db import audit_log, page_also, pages, review_items, tasks
from worker.db.codec import decision_from_json
from worker.db.documents import advance
from worker.db.engine import insert_missing, reading, serialize
from worker.db.plain_text import storable
from worker.db.review_tables import OPINIONS, REVIEW_ITEMS
from worker.db.tables import ANSWERS, DOCUMENTS, PAGES
from worker.domain.audit import Entry
from worker.domain.decision import Decision, Outcome
from worker.domain.document import Stage
from worker.domain.review import Answer, Item, ItemKind, ItemState, NewItem
from worker.domain.task import Step
from worker.errors import PigeonholeError

#: Stages in which a person's decisions can be saved.
DECIDABLE = (Stage.DECIDED, Stage.FILED, Stage.PARKED)


class Refusal(StrEnum):
    """Why nothing was saved."""

    HELD = "held"
    """Another person has the item in hand, or it is done."""
    STALE = "stale"
    """The document has changed since it was shown."""


class _NotSavedError(PigeonholeError):
    """Takes the transaction back. Never leaves this module."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Work:
    """How a person worked on an item: seconds of attention, keys pressed."""

    seconds: float
    keystrokes: int


@dataclass(frozen=True, slots=True)
class Review:
    """What is to be saved of one item. `save_id` is the browser's own name for this save: told again, it does nothing.

    `item` and `revision` are as the person saw them. `answers` are what the person said, `decisions` what follows for
    some of their pages, `turns` new clockwise turns by page, `left` the pages of the item that are still open. `items`
    are those of the document from now on besides the audit sample's.
    """

    save_id: str
    by: str
    item: Item
    revision: int
    answers: tuple[Answer, ...]
    decisions: tuple[Decision, ...]
    turns: Mapping[int, int]
    left: tuple[int, ...]
    items: tuple[NewItem, ...]
    work: Work
    entry: Entry


@dataclass(frozen=True, slots=True)
class PageState:
    """How a page stands: its decision, who made it (None: the machine), the turn that a person gave it."""

    decision: Decision
    decided_by: str | None
    turn: int


def save(engine: sa.Engine, review: Review) -> Refusal | None:
    """All of it, with the task of filing the document; None when it is saved, now or before under the same id.

    An id that was good for other answers is good for nothing more.
    """
    try:
        with engine.begin() as connection:
            serialize(connection, review_items.lock_of(review.item.sha256))
            saved = connection.execute(_saved(review.save_id, review.by)).scalar_one_or_none()
            if saved is None:
                _save(connection, review)
            elif saved != fingerprint(review.item.id, review.answers):
                return Refusal.STALE
    except _NotSavedError as error:
        return error.why
    return None


def _save(connection: sa.Connection, review: Review) -> None:
    # The task, the document, its items: in this order, as the machine does, else the two would wait for each other.
    _add_filing(connection, review.item.sha256)
    if not (_bump(connection, review) and _take_item(connection, review)):
        raise _NotSavedError(_why_not(connection, review))
    _note_saved(connection, review)
    _add_opinions(connection, review)
    _change_pages(connection, review)
    review_items.put(connection, review.item.sha256, review.items, is_whole=True)
    audit_log.add(connection, review.entry)


def is_saved(engine: sa.Engine, save_id: str, by: str, item_id: int, answers: Iterable[Answer]) -> bool:
    """This person's save of this name was saved before, with these answers."""
    with reading(engine) as connection:
        return connection.execute(_saved(save_id, by)).scalar_one_or_none() == fingerprint(item_id, answers)


def fingerprint(item_id: int, answers: Iterable[Answer]) -> str:
    """By this a save is known again. Without notes and what a page repeats: a browser that began anew has lost them."""
    said = sorted((a.page, a.outcome.value, a.request_id or "", a.ground, a.turn) for a in answers)
    return hashlib.sha256(json.dumps([item_id, said]).encode()).hexdigest()


def load_states(engine: sa.Engine, sha256: str, number: int | None = None) -> dict[int, PageState]:
    """How each decided page of the document stands, or the one of this number."""
    query = sa.select(PAGES.c.number, PAGES.c.decision, PAGES.c.decided_by, PAGES.c.turn)
    query = query.where(PAGES.c.sha256 == sha256, PAGES.c.decision.is_not(None)).order_by(PAGES.c.number)
    if number is not None:
        query = query.where(PAGES.c.number == number)
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    return {row.number: PageState(decision_from_json(row.decision), row.decided_by, row.turn) for row in rows}


def load_persons(engine: sa.Engine, sha256: str) -> dict[int, Decision]:
    """The decisions of people that stand, by page; not those that wait for one more person."""
    states = load_states(engine, sha256).items()
    return {n: each.decision for n, each in states if each.decided_by and each.decision.outcome is not Outcome.REVIEW}


def load_opinions(engine: sa.Engine, sha256: str, but_by: str = "") -> dict[int, Answer]:
    """The last answer that others gave for each page of the document."""
    query = sa.select(OPINIONS).where(OPINIONS.c.sha256 == sha256, OPINIONS.c.by_name != but_by)
    with reading(engine) as connection:
        return {row.page: _answer(row) for row in connection.execute(query.order_by(OPINIONS.c.id))}


def open_correction(engine: sa.Engine, item: NewItem) -> int:
    """The open correction item of the document, made where there is none; returns its number."""
    with engine.begin() as connection:
        serialize(connection, review_items.lock_of(item.sha256))
        review_items.put(connection, item.sha256, (item,))
        found = review_items.load_open_in(connection, item.sha256)
        return next(each.id for each in found if each.kind is ItemKind.CORRECTION)


def _saved(save_id: str, by: str) -> sa.Select[str]:
    which = (ANSWERS.c.key_name == f"review:{by}", ANSWERS.c.idempotency_key == save_id)
    return sa.select(ANSWERS.c.fingerprint).where(*which)


def _note_saved(connection: sa.Connection, review: Review) -> None:
    values = {
        "key_name": f"review:{review.by}",
        "idempotency_key": review.save_id,
        "fingerprint": fingerprint(review.item.id, review.answers),
        "answer": str(review.item.id),
        "created_at": tasks.clock(connection),
    }
    connection.execute(insert_missing(connection, ANSWERS, values))


def _take_item(connection: sa.Connection, review: Review) -> bool:
    """The item as it is after the save; False where it is not this person's any more, or has changed."""
    now, item = tasks.clock(connection), review.item
    which = sa.update(REVIEW_ITEMS).where(
        REVIEW_ITEMS.c.id == item.id,
        review_items.IS_OPEN,
        REVIEW_ITEMS.c.version == item.version,
        REVIEW_ITEMS.c.held_by == review.by,
    )
    values: dict[str, object] = {
        "version": item.version + 1,
        "pages": json.dumps(list(review.left)),
        "seconds": sa.func.coalesce(REVIEW_ITEMS.c.seconds, 0) + review.work.seconds,
        "keystrokes": sa.func.coalesce(REVIEW_ITEMS.c.keystrokes, 0) + review.work.keystrokes,
    }
    if not review.left:
        values |= {
            "state": ItemState.DONE.value,
            "done_at": now,
            "done_by": review.by,
            "held_by": "",
            "held_until": None,
            "pages": json.dumps(list(item.pages)),
        }
    return connection.execute(which.values(values)).rowcount == 1


def _why_not(connection: sa.Connection, review: Review) -> Refusal:
    query = sa.select(REVIEW_ITEMS.c.held_by, REVIEW_ITEMS.c.state).where(REVIEW_ITEMS.c.id == review.item.id)
    row = connection.execute(query).one_or_none()
    is_mine = row is not None and row.held_by == review.by and row.state != ItemState.DONE.value
    return Refusal.STALE if is_mine else Refusal.HELD


def _bump(connection: sa.Connection, review: Review) -> bool:
    """One revision more. A document that was parked with all its pages known goes on to be filed."""
    which = sa.update(DOCUMENTS).where(
        DOCUMENTS.c.sha256 == review.item.sha256,
        DOCUMENTS.c.revision == review.revision,
        DOCUMENTS.c.stage.in_([stage.value for stage in DECIDABLE]),
    )
    if connection.execute(which.values(revision=review.revision + 1)).rowcount != 1:
        return False
    advance(connection, review.item.sha256, Stage.PARKED, Stage.DECIDED, {"reason": ""})
    return True


def _add_opinions(connection: sa.Connection, review: Review) -> None:
    if rows := list(_opinion_rows(connection, review)):
        connection.execute(sa.insert(OPINIONS), rows)


def _opinion_rows(connection: sa.Connection, review: Review) -> Iterator[dict[str, object]]:
    before = _stood_before(connection, review)
    now = tasks.clock(connection)
    for answer in review.answers:
        stood, by = before[answer.page]
        decision = decision_from_json(stood)
        yield {
            "item_id": review.item.id,
            "kind": review.item.kind.value,
            "sha256": review.item.sha256,
            "page": answer.page,
            "by_name": review.by,
            "at": now,
            "outcome": answer.outcome.value,
            "request_id": answer.request_id,
            "ground": answer.ground,
            "note": storable(answer.note),
            "duplicate_of": storable(answer.duplicate_of),
            "turn": answer.turn,
            "before": stood,
            "before_by": by,
            "agrees": answer.agrees_with(decision),
        }


def _stood_before(connection: sa.Connection, review: Review) -> dict[int, tuple[str, str | None]]:
    """Page -> the decision that the answer is held against, and whose it is: None is the machine.

    The audit sample measures the machine, also where a person has moved the page since.
    """
    names = ("number", "decision", "decided_by", "machine")
    query = sa.select(*(PAGES.c[name] for name in names)).where(
        PAGES.c.sha256 == review.item.sha256, PAGES.c.number.in_([answer.page for answer in review.answers])
    )
    is_audit = review.item.kind is ItemKind.AUDIT
    return {
        row.number: (row.machine, None) if is_audit and row.decided_by else (row.decision, row.decided_by)
        for row in connection.execute(query)
    }


def _change_pages(connection: sa.Connection, review: Review) -> None:
    now, sha256 = tasks.clock(connection), review.item.sha256
    for decision in review.decisions:
        which = sa.update(PAGES).where(PAGES.c.sha256 == sha256, PAGES.c.number == decision.page)
        machine = sa.case((PAGES.c.decided_by.is_(None), PAGES.c.decision), else_=PAGES.c.machine)
        values = pages.columns(decision) | {"decided_by": review.by, "decided_at": now, "machine": machine}
        connection.execute(which.values(values))
    page_also.keep(connection, sha256, review.decisions)
    for page, turn in review.turns.items():
        which = sa.update(PAGES).where(PAGES.c.sha256 == sha256, PAGES.c.number == page)
        connection.execute(which.values(turn=turn))


def _add_filing(connection: sa.Connection, sha256: str) -> None:
    """These decisions have not been tried yet: that filing those before failed, or was cut short, does not count."""
    query = sa.select(DOCUMENTS.c.priority, DOCUMENTS.c.position).where(DOCUMENTS.c.sha256 == sha256)
    document = connection.execute(query).one()
    tasks.add(connection, Step.FILE, sha256, priority=document.priority, position=document.position)
    tasks.forgive(connection, Step.FILE, sha256)


def _answer(row: sa.Row[tuple[object, ...]]) -> Answer:
    values = row._mapping  # Row's documented access by name
    names = ("page", "request_id", "ground", "note", "duplicate_of", "turn")
    return Answer(outcome=Outcome(values["outcome"]), **{name: values[name] for name in names})
