"""What waits, where, since when; and what needs a bell, or a second decision."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from worker.db import tasks
from worker.db.engine import reading, serialize
from worker.db.review_items import IS_OPEN
from worker.db.review_tables import REVIEW_ITEMS
from worker.db.tables import ARRIVALS, DOCUMENTS, EVENTS, PAGES, TASKS
from worker.domain.decision import Outcome
from worker.domain.document import Stage
from worker.domain.review import ItemKind
from worker.domain.task import Step

_ENDED = [stage.value for stage in Stage if stage.is_end]
_HAS_NO_TASK = ~sa.exists().where(TASKS.c.subject == DOCUMENTS.c.sha256, TASKS.c.step != Step.DRAW.value)
#: Tasks that one sweep mends; the next goes on.
_MOST_MENDED = 1_000


@dataclass(frozen=True, slots=True)
class LineQueue:
    """The documents of one line that are not at their end. `oldest` is when the one that waits longest came."""

    line: str
    documents: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class StepQueue:
    """The tasks of one step: how many, how many of them are held by a worker, how many failed before, the oldest."""

    step: Step
    tasks: int
    held: int
    retried: int
    oldest: datetime | None


def count_stages(engine: sa.Engine) -> dict[Stage, int]:
    """Documents by stage."""
    query = sa.select(DOCUMENTS.c.stage, sa.func.count()).group_by(DOCUMENTS.c.stage)
    with reading(engine) as connection:
        return {Stage(stage): number for stage, number in connection.execute(query)}


def count_outcomes(engine: sa.Engine) -> dict[Outcome, int]:
    """Decided pages by outcome, each document once."""
    query = sa.select(PAGES.c.outcome, sa.func.count()).where(PAGES.c.outcome.is_not(None)).group_by(PAGES.c.outcome)
    with reading(engine) as connection:
        return {Outcome(outcome): number for outcome, number in connection.execute(query)}


def load_lines(engine: sa.Engine) -> tuple[LineQueue, ...]:
    """What waits on each line."""
    query = (
        sa.select(
            DOCUMENTS.c.line, sa.func.count(), sa.func.min(ARRIVALS.c.received_at, type_=ARRIVALS.c.received_at.type)
        )
        .join(ARRIVALS, ARRIVALS.c.order == DOCUMENTS.c.position)
        .where(DOCUMENTS.c.stage.not_in(_ENDED))
        .group_by(DOCUMENTS.c.line)
        .order_by(DOCUMENTS.c.line)
    )
    with reading(engine) as connection:
        return tuple(LineQueue(*row) for row in connection.execute(query))


def load_steps(engine: sa.Engine) -> tuple[StepQueue, ...]:
    """What is to be done, by step."""
    query = (
        sa.select(
            TASKS.c.step,
            sa.func.count(),
            sa.func.count(TASKS.c.token),
            sa.func.sum(sa.case((TASKS.c.last_error != "", 1), else_=0)),
            sa.func.min(TASKS.c.created_at, type_=TASKS.c.created_at.type),
        )
        .group_by(TASKS.c.step)
        .order_by(TASKS.c.step)
    )
    with reading(engine) as connection:
        return tuple(StepQueue(Step(step), *rest) for step, *rest in connection.execute(query))


def count_untold(engine: sa.Engine) -> int:
    """Events that nobody has taken yet."""
    query = sa.select(sa.func.count()).select_from(EVENTS).where(EVENTS.c.delivered_at.is_(None))
    with reading(engine) as connection:
        return connection.execute(query).scalar_one()


def ask_again(engine: sa.Engine, registry_version: int, most: int) -> int:
    """Adds a DECIDE for filed documents with pages in review that were decided with an older registry.

    At most `most` of them, the longest undecided first; returns how many. Where there are none, nobody waits for it.
    """
    # Not `exists`: SQLite then looks through all pages in review for each document, a minute for a few thousand.
    in_review = DOCUMENTS.c.sha256.in_(sa.select(PAGES.c.sha256).where(PAGES.c.outcome == Outcome.REVIEW.value))
    # Whoever is deciding it now would find it changed.
    in_hand = sa.exists().where(REVIEW_ITEMS.c.sha256 == DOCUMENTS.c.sha256, IS_OPEN, REVIEW_ITEMS.c.held_by != "")
    query = (
        sa.select(DOCUMENTS)
        .where(
            DOCUMENTS.c.stage == Stage.FILED.value,
            DOCUMENTS.c.registry_version < registry_version,
            in_review,
            _HAS_NO_TASK,
            ~in_hand,
        )
        .order_by(DOCUMENTS.c.registry_version, DOCUMENTS.c.position)
        .limit(most)
    )

    def add(connection: sa.Connection, row: sa.Row[tuple[object, ...]]) -> None:
        tasks.add(connection, Step.DECIDE, row.sha256, priority=tasks.AFTER_ALL_OTHERS, position=row.position)

    return _add_for_each(engine, query, DOCUMENTS.c.sha256, add)


def mend(engine: sa.Engine) -> int:
    """Adds the task that is missing of documents that are not at their end and have none; returns how many.

    There should be none ever: each step adds the next in its own transaction. So this only looks, as a rule.
    """
    next_step = {
        Stage.RECEIVED: Step.OPEN,
        Stage.OPENED: Step.READ,
        Stage.READ: Step.DECIDE,
        Stage.DECIDED: Step.FILE,
    }
    halted = (
        sa.select(DOCUMENTS)
        .where(DOCUMENTS.c.stage.in_([stage.value for stage in next_step]), _HAS_NO_TASK)
        .limit(_MOST_MENDED)
    )
    untold = (
        sa.select(EVENTS.c.request_id)
        .where(
            EVENTS.c.delivered_at.is_(None),
            ~sa.exists().where(TASKS.c.step == Step.NOTIFY.value, TASKS.c.subject == EVENTS.c.request_id),
        )
        .distinct()
        .limit(_MOST_MENDED)
    )

    def go_on(connection: sa.Connection, row: sa.Row[tuple[object, ...]]) -> None:
        step = next_step[Stage(row.stage)]
        for chunk in _unread(connection, row.sha256, row.pages) if step is Step.READ else [(0, 0)]:
            tasks.add(connection, step, row.sha256, priority=row.priority, position=row.position, pages=chunk)

    def tell(connection: sa.Connection, row: sa.Row[tuple[object, ...]]) -> None:
        tasks.add(connection, Step.NOTIFY, row.request_id, priority=tasks.AFTER_ALL_OTHERS, position=0)

    return _add_for_each(engine, halted, DOCUMENTS.c.sha256, go_on) + _add_for_each(
        engine, untold, EVENTS.c.request_id, tell
    )


def _unread(connection: sa.Connection, sha256: str, count: int) -> list[tuple[int, int]]:
    """The pages of which there is no reading yet, each by itself."""
    read = set(connection.execute(sa.select(PAGES.c.number).where(PAGES.c.sha256 == sha256)).scalars())
    return [(number, number) for number in range(1, count + 1) if number not in read]


def _add_for_each(
    engine: sa.Engine,
    query: sa.Select[tuple[object, ...]],
    key: sa.ColumnElement[str],
    add: Callable[[sa.Connection, sa.Row[tuple[object, ...]]], None],
) -> int:
    """Looks without holding up anybody; only for what it finds it looks once more, in a transaction that may write.

    Two sweeps at once: the second finds the tasks of the first, so no task is taken from a worker that has it already.
    """
    with reading(engine) as connection:
        found = [row[0] for row in connection.execute(query.with_only_columns(key))]
    if not found:
        return 0
    with engine.begin() as connection:
        serialize(connection, "sweep")
        rows = connection.execute(query.where(key.in_(found))).all()
        for row in rows:
            add(connection, row)
        return len(rows)


def load_unlisted(engine: sa.Engine, most: int) -> tuple[str, ...]:
    """Documents that wait for a person and have no item in the inbox: of an older version's making."""
    in_review = DOCUMENTS.c.sha256.in_(sa.select(PAGES.c.sha256).where(PAGES.c.outcome == Outcome.REVIEW.value))
    has_item = sa.exists().where(
        REVIEW_ITEMS.c.sha256 == DOCUMENTS.c.sha256, IS_OPEN, REVIEW_ITEMS.c.kind != ItemKind.AUDIT.value
    )
    waits = sa.or_(DOCUMENTS.c.stage == Stage.PARKED.value, sa.and_(DOCUMENTS.c.stage == Stage.FILED.value, in_review))
    query = sa.select(DOCUMENTS.c.sha256).where(waits, ~has_item).order_by(DOCUMENTS.c.position).limit(most)
    with reading(engine) as connection:
        return tuple(connection.execute(query).scalars())
