"""The queue: who gets what, when, and that only the holder of a claim can end it. On both databases."""

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa

from worker.db import tasks
from worker.db.engine import reading
from worker.db.tables import DOCUMENTS, TASKS
from worker.domain.document import Stage
from worker.domain.task import Step, Task

LEASE = timedelta(minutes=1)
ROUTINE, EXPEDITED = 50, 10


def add(engine: sa.Engine, subject: str, priority: int = ROUTINE, position: int = 1, step: Step = Step.OPEN) -> None:
    with engine.begin() as connection:
        tasks.add(connection, step, subject, priority=priority, position=position)


def add_document(engine: sa.Engine, sha256: str, stage: Stage, priority: int, position: int) -> None:
    values = {"sha256": sha256, "size": 1, "stage": stage.value, "priority": priority, "position": position}
    with engine.begin() as connection:
        connection.execute(sa.insert(DOCUMENTS).values(values))


def claim(engine: sa.Engine, holder: str = "w1", steps: Sequence[Step] = tuple(Step), lease: timedelta = LEASE) -> Task:
    task = tasks.claim(engine, steps, holder, lease)
    assert task is not None
    return task


def finish(engine: sa.Engine, task: Task) -> bool:
    with engine.begin() as connection:
        return tasks.finish(connection, task)


def move_times(engine: sa.Engine, by: timedelta) -> None:
    """As if the clock had been set by as much the other way."""
    with engine.begin() as connection:
        for row in connection.execute(sa.select(TASKS)).all():
            until = None if row.leased_until is None else row.leased_until + by
            values = {"due_at": row.due_at + by, "leased_until": until}
            connection.execute(sa.update(TASKS).where(TASKS.c.id == row.id).values(values))


def stored(engine: sa.Engine) -> sa.Row[tuple[object, ...]]:
    with reading(engine) as connection:
        return connection.execute(sa.select(TASKS)).one()


def test_most_urgent_line_goes_first_and_then_what_came_first(engine: sa.Engine) -> None:
    for subject, priority, position in (
        ("c", ROUTINE, 3),
        ("a", ROUTINE, 1),
        ("late", EXPEDITED, 9),
        ("b", ROUTINE, 2),
    ):
        add(engine, subject, priority, position)

    order = [claim(engine).subject for _ in range(4)]

    assert order == ["late", "a", "b", "c"]
    assert tasks.claim(engine, tuple(Step), "w1", LEASE) is None


def test_worker_gets_only_its_steps(engine: sa.Engine) -> None:
    add(engine, "a", step=Step.FILE)

    assert tasks.claim(engine, [Step.OPEN, Step.READ], "w1", LEASE) is None
    assert claim(engine, steps=[Step.FILE]).subject == "a"


def test_attempt_is_counted_before_anything_is_done(engine: sa.Engine) -> None:
    add(engine, "a")

    first = claim(engine, lease=timedelta(0))
    row = stored(engine)
    second = claim(engine)

    assert (first.attempts, row.attempts, second.attempts) == (1, 1, 2)
    assert (row.holder, row.token) == ("w1", first.token)


def test_lease_that_ran_out_gives_the_task_to_another_and_shuts_out_the_first(engine: sa.Engine) -> None:
    add(engine, "a")
    first = claim(engine, "w1", lease=timedelta(0))

    second = claim(engine, "w2")

    assert first.token != second.token
    assert not finish(engine, first)
    assert finish(engine, second)
    assert not finish(engine, second)


def test_renewed_lease_keeps_the_task(engine: sa.Engine) -> None:
    add(engine, "a")
    task = claim(engine, lease=timedelta(0))

    tasks.renew(engine, [task], LEASE)

    assert tasks.claim(engine, tuple(Step), "w2", LEASE) is None


def test_renewal_by_who_lost_the_task_changes_nothing(engine: sa.Engine) -> None:
    add(engine, "a")
    lost = claim(engine, "w1", lease=timedelta(0))
    claim(engine, "w2", lease=timedelta(0))

    tasks.renew(engine, [lost], LEASE)

    assert claim(engine, "w3").attempts == 3


@pytest.mark.parametrize(("is_counted", "attempts"), [(True, 2), (False, 1)])
def test_task_given_back_counts_only_when_it_is_to_blame(engine: sa.Engine, is_counted: bool, attempts: int) -> None:
    add(engine, "a")

    tasks.give_back(engine, claim(engine), timedelta(0), "OSError", is_counted=is_counted)

    assert stored(engine).last_error == "OSError"
    assert claim(engine).attempts == attempts


def test_task_given_back_waits_for_its_delay(engine: sa.Engine) -> None:
    add(engine, "a")

    tasks.give_back(engine, claim(engine), timedelta(minutes=5), "OSError", is_counted=True)

    assert tasks.claim(engine, tuple(Step), "w1", LEASE) is None
    assert tasks.count_due(engine) == {}
    move_times(engine, -timedelta(minutes=5))
    assert tasks.count_due(engine) == {Step.OPEN: 1}
    assert claim(engine).attempts == 2


def test_who_lost_the_task_cannot_give_it_back(engine: sa.Engine) -> None:
    add(engine, "a")
    lost = claim(engine, "w1", lease=timedelta(0))
    held = claim(engine, "w2")

    tasks.give_back(engine, lost, timedelta(0), "OSError", is_counted=True)

    assert stored(engine).token == held.token


def test_clock_set_back_an_hour_strands_neither_lease_nor_delay(engine: sa.Engine) -> None:
    add(engine, "held")
    claim(engine, lease=LEASE)
    add(engine, "delayed")
    tasks.give_back(engine, claim(engine), timedelta(minutes=5), "OSError", is_counted=True)

    move_times(engine, timedelta(hours=1))

    assert {claim(engine).subject, claim(engine).subject} == {"held", "delayed"}


def test_clock_set_on_an_hour_only_lets_leases_run_out(engine: sa.Engine) -> None:
    add(engine, "a")
    lost = claim(engine, "w1")

    move_times(engine, -timedelta(hours=1))
    held = claim(engine, "w2")

    assert not finish(engine, lost)
    assert finish(engine, held)


def test_dead_workers_tasks_are_free_at_once(engine: sa.Engine) -> None:
    add(engine, "a", position=1)
    add(engine, "b", position=2)
    claim(engine, "dead")
    claim(engine, "alive")

    freed = tasks.release(engine, "dead")

    assert freed == 1
    assert claim(engine, "other").subject == "a"
    assert tasks.release_all(engine) == 2


def test_what_is_added_again_while_it_is_held_is_done_again(engine: sa.Engine) -> None:
    add(engine, "a")
    held = claim(engine)

    add(engine, "a")

    assert not finish(engine, held)
    again = claim(engine, "w2")
    assert again.id == held.id
    assert finish(engine, again)
    assert not tasks.is_any_left(engine, tuple(Step))


def test_what_came_again_on_an_urgent_line_overtakes(engine: sa.Engine) -> None:
    add(engine, "a", position=1)
    add(engine, "b", position=2)

    with engine.begin() as connection:
        tasks.make_urgent(connection, "b", EXPEDITED)

    assert claim(engine).subject == "b"


def test_settling_waits_for_documents_before_it_of_the_same_urgency(engine: sa.Engine) -> None:
    add_document(engine, "before", Stage.READ, ROUTINE, 1)
    add_document(engine, "other line", Stage.READ, EXPEDITED, 1)
    add_document(engine, "mine", Stage.READ, ROUTINE, 2)
    add(engine, "mine", position=2, step=Step.DECIDE)
    task = claim(engine)

    turn_before = tasks.is_its_turn(engine, task)
    tasks.wait_for_turn(engine, task)
    nothing = tasks.claim(engine, tuple(Step), "w1", LEASE)
    with engine.begin() as connection:
        decided = sa.update(DOCUMENTS).where(DOCUMENTS.c.sha256 == "before").values(stage=Stage.DECIDED.value)
        connection.execute(decided)
    settled = claim(engine)

    assert not turn_before
    assert nothing is None
    assert (settled.step, settled.subject, settled.attempts) == (Step.SETTLE, "mine", 1)
    assert tasks.is_its_turn(engine, settled)


def test_many_claimers_at_once_never_get_the_same_task(engine: sa.Engine) -> None:
    for number in range(60):
        add(engine, f"d{number}", position=number)
    got: list[list[int]] = [[] for _ in range(6)]
    start = threading.Barrier(6)

    def work(mine: list[int]) -> None:
        start.wait()
        while task := tasks.claim(engine, tuple(Step), "w", LEASE):
            mine.append(task.position)

    threads = [threading.Thread(target=work, args=(mine,)) for mine in got]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(position for mine in got for position in mine) == list(range(60))
    assert all(mine == sorted(mine) for mine in got)


def test_same_task_added_by_many_at_once_is_one(engine: sa.Engine) -> None:
    threads = [threading.Thread(target=add, args=(engine, "a")) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert tasks.count_due(engine) == {Step.OPEN: 1}
