"""The queue itself: what is to be done, who is doing it, and until when nobody else may.

A claim counts the attempt before anything is done. Results are saved together with `finish`, which only the holder of
the claim's token can: a worker that was taken for dead changes nothing (docs/decisions/0007).
"""

import secrets
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from worker.db.engine import reading, upsert
from worker.db.tables import DOCUMENTS, TASKS
from worker.domain.document import Stage
from worker.domain.task import Step, Task

#: No task is put off for longer, and no lease lasts longer: what says otherwise was written before the clock was set
#: back, and counts as run out. Well below the hour by which clocks are set.
LONGEST = timedelta(minutes=10)
#: Stages in which an earlier document could still turn out to be the first of two that are the same.
UNDECIDED = (Stage.RECEIVED.value, Stage.OPENED.value, Stage.READ.value)

#: The priority of what can wait for everything else.
AFTER_ALL_OTHERS = 1_000

Pages = tuple[int, int]


def add(
    connection: sa.Connection, step: Step, subject: str, *, priority: int, position: int, pages: Pages = (0, 0)
) -> None:
    """Something is to be done. If it is queued already it is due now, and whoever is doing it has to do it again."""
    now = clock(connection)
    values = {
        "step": step.value,
        "subject": subject,
        "first_page": pages[0],
        "last_page": pages[1],
        "priority": priority,
        "position": position,
        "created_at": now,
        "due_at": now,
    }
    again = {"due_at": now, "token": None, "holder": None, "leased_until": None}
    connection.execute(upsert(connection, TASKS, values, ("step", "subject", "first_page"), again))


def forgive(connection: sa.Connection, step: Step, subject: str) -> None:
    """What is to be done is another thing now: the attempts so far do not count."""
    which = sa.update(TASKS).where(TASKS.c.step == step.value, TASKS.c.subject == subject)
    connection.execute(which.values(attempts=0))


def claim(engine: sa.Engine, steps: Collection[Step], holder: str, lease: timedelta) -> Task | None:
    """The most urgent task that is due and that nobody holds, now held by `holder`; its attempt is counted.

    Urgent is the smaller priority, then the earlier arrival. None: there is nothing to do now.
    """
    with engine.begin() as connection:
        now = clock(connection)
        query = (
            sa.select(TASKS.c.id)
            .where(TASKS.c.step.in_([step.value for step in steps]), _is_free(now), _IS_ITS_TURN)
            .order_by(TASKS.c.priority, TASKS.c.position, TASKS.c.first_page, TASKS.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        found = connection.execute(query).scalar_one_or_none()
        if found is None:
            return None
        values = {"token": secrets.token_hex(8), "holder": holder, "leased_until": now + min(lease, LONGEST)}
        taken = sa.update(TASKS).where(TASKS.c.id == found).values(attempts=TASKS.c.attempts + 1, **values)
        return _task(connection.execute(taken.returning(*TASKS.c)).one())


def finish(connection: sa.Connection, task: Task) -> bool:
    """Remove the task in the caller's transaction; False when another worker holds it now: save nothing then."""
    return connection.execute(sa.delete(TASKS).where(_is_held(task))).rowcount == 1


def is_its_turn(engine: sa.Engine, task: Task) -> bool:
    """All documents of the same urgency that came before are decided."""
    query = sa.select(DOCUMENTS.c.sha256).where(
        DOCUMENTS.c.stage.in_(UNDECIDED),
        DOCUMENTS.c.priority == task.priority,
        DOCUMENTS.c.position < task.position,
    )
    with reading(engine) as connection:
        return connection.execute(query.limit(1)).one_or_none() is None


def wait_for_turn(engine: sa.Engine, task: Task) -> None:
    """Give it back, to be claimed again as soon as the documents before it are decided."""
    with engine.begin() as connection:
        _free(connection, _is_held(task), step=Step.SETTLE.value, attempts=0)


def give_back(engine: sa.Engine, task: Task, delay: timedelta, why: str, *, is_counted: bool) -> None:
    """Give it back, due after `delay`. `is_counted=False`: the task is not to blame, so the attempt does not count."""
    attempts = TASKS.c.attempts if is_counted else TASKS.c.attempts - 1
    with engine.begin() as connection:
        due = clock(connection) + min(delay, LONGEST)
        _free(connection, _is_held(task), due_at=due, last_error=why[:200], attempts=attempts)


def renew(engine: sa.Engine, held: Sequence[Task], lease: timedelta) -> None:
    """The holder is alive: its leases begin anew."""
    with engine.begin() as connection:
        until = clock(connection) + min(lease, LONGEST)
        for task in held:
            connection.execute(sa.update(TASKS).where(_is_held(task)).values(leased_until=until))


def release(engine: sa.Engine, holder: str) -> int:
    """The holder is dead for certain: others may take its tasks at once. Returns how many."""
    with engine.begin() as connection:
        return _free(connection, TASKS.c.holder == holder)


def release_all(engine: sa.Engine) -> int:
    """Nobody else works on this database: whatever is held was left by the dead."""
    with engine.begin() as connection:
        return _free(connection, TASKS.c.token.is_not(None))


def make_urgent(connection: sa.Connection, sha256: str, priority: int) -> None:
    """The document came again on a more urgent line."""
    connection.execute(sa.update(TASKS).where(TASKS.c.subject == sha256).values(priority=priority))


def count_due(engine: sa.Engine) -> dict[Step, int]:
    """How many tasks of each step could be claimed now: so many bells should be waiting."""
    with reading(engine) as connection:
        query = sa.select(TASKS.c.step, sa.func.count()).where(_is_free(clock(connection)), _IS_ITS_TURN)
        return {Step(step): number for step, number in connection.execute(query.group_by(TASKS.c.step))}


def is_any_left(engine: sa.Engine, steps: Collection[Step]) -> bool:
    """There are tasks of these steps, due or not, held or not."""
    query = sa.select(TASKS.c.id).where(TASKS.c.step.in_([step.value for step in steps])).limit(1)
    with reading(engine) as connection:
        return connection.execute(query).one_or_none() is not None


def clock(connection: sa.Connection) -> datetime:
    """Now, by the one clock that all workers of this database share."""
    if connection.dialect.name == "postgresql":
        now: datetime = connection.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
        return now
    return datetime.now(UTC)


def _is_free(now: datetime) -> sa.ColumnElement[bool]:
    due, until = TASKS.c.due_at, TASKS.c.leased_until
    return sa.and_(
        sa.or_(due <= now, due > now + LONGEST),
        sa.or_(TASKS.c.token.is_(None), until <= now, until > now + LONGEST),
    )


def _is_its_turn() -> sa.ColumnElement[bool]:
    """Documents of one urgency settle in the order of arrival, so that decisions never depend on who was faster."""
    before = DOCUMENTS.alias("before")
    waits_for = sa.exists().where(
        before.c.stage.in_(UNDECIDED),
        before.c.priority == TASKS.c.priority,
        before.c.position < TASKS.c.position,
    )
    return sa.or_(TASKS.c.step != Step.SETTLE.value, ~waits_for)


_IS_ITS_TURN = _is_its_turn()


def _is_held(task: Task) -> sa.ColumnElement[bool]:
    return sa.and_(TASKS.c.id == task.id, TASKS.c.token == task.token)


def _free(connection: sa.Connection, which: sa.ColumnElement[bool], **values: object) -> int:
    nobody = {"token": None, "holder": None, "leased_until": None}
    return connection.execute(sa.update(TASKS).where(which).values(**nobody, **values)).rowcount


def _task(row: sa.Row[tuple[object, ...]]) -> Task:
    values = row._mapping  # Row's documented access by name
    names = ("id", "subject", "first_page", "last_page", "priority", "position", "attempts", "token")
    return Task(step=Step(values["step"]), **{name: values[name] for name in names})
