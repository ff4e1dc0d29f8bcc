"""One worker's work: claim the most urgent task, do it, and see to it that no failure costs more than its own task.

The attempt is counted by the claim, before anything is done. A document that makes its worker die or fail three times
is left to a person. What is wrong with the surroundings (a full disk, a server that is down) counts against nobody. A
receiver of events that does not answer only makes its own events wait, longer each time.
"""

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from worker.db import tasks
from worker.domain.task import Step, Task
from worker.errors import CannotWriteError, MissingToolError, PigeonholeError
from worker.logs import where
from worker.metrics import STEP_SECONDS, TROUBLE
from worker.pipeline.decide_step import decide_for_a_person, decide_pages
from worker.pipeline.desk import Desk
from worker.pipeline.draw_step import draw_pictures, give_up_drawing
from worker.pipeline.file_step import file_pages, park
from worker.pipeline.leases import Leases
from worker.pipeline.notify_step import allowed_steps, notify
from worker.pipeline.open_step import open_document
from worker.pipeline.read_step import give_up_reading, read_pages

_log = structlog.get_logger()

#: Claims of one task before a person must look. One that dies with its worker counts as well.
MOST_ATTEMPTS = 3
#: Seconds before a task that failed is tried again: to start with, at most; each time twice as long, with jitter.
FIRST_DELAY, LONGEST_DELAY = 2.0, 300.0
#: The steps that bring a document to its end; NOTIFY only tells others, DRAW only spares reviewers a wait.
DOCUMENT_STEPS = (Step.OPEN, Step.READ, Step.DECIDE, Step.SETTLE, Step.FILE)

_ACTS: Mapping[Step, Callable[[Desk, Task], None]] = {
    Step.OPEN: open_document,
    Step.READ: read_pages,
    Step.DECIDE: decide_pages,
    Step.SETTLE: decide_pages,
    Step.FILE: file_pages,
    Step.NOTIFY: notify,
    Step.DRAW: draw_pictures,
}


def delay_after(attempts: int) -> timedelta:
    """How long a task waits that failed so often. Jitter keeps those that failed together from coming together."""
    seconds = min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** max(0, attempts - 1))
    return timedelta(seconds=seconds * random.uniform(0.5, 1.0))


def at_once(_attempts: int) -> timedelta:
    """No delay: for a run that ends when nothing is left."""
    return timedelta(0)


@dataclass(frozen=True, slots=True)
class Hands:
    """A worker: its desk, the leases that it holds, and how long what failed has to wait."""

    desk: Desk
    leases: Leases
    delay: Callable[[int], timedelta] = delay_after


def work_once(hands: Hands, steps: Collection[Step]) -> Task | None:
    """Does the most urgent task of these steps and returns it; None when there is nothing to do now.

    Raises what is wrong with the surroundings (CannotWriteError, UnreachableError, ...), after giving the task back.
    """
    steps = allowed_steps(hands.desk, steps)
    task = tasks.claim(hands.desk.shelf.engine, steps, hands.leases.holder, hands.leases.length)
    if task is None:
        return None
    with hands.leases.held(task), structlog.contextvars.bound_contextvars(**_names(task)):
        try:
            with STEP_SECONDS.labels(task.step.value).time():
                _do(hands.desk, task)
        except Exception as error:
            if _is_surroundings(error) and task.step is not Step.NOTIFY:
                _give_back(hands, task, error, is_counted=False)
                raise
            _log.error("task failed", error=type(error).__name__, where=where(error), attempt=task.attempts)
            _give_back(hands, task, error, is_counted=True)
    return task


def _do(desk: Desk, task: Task) -> None:
    if task.attempts > MOST_ATTEMPTS and task.step is not Step.NOTIFY:
        _give_up(desk, task)
    else:
        _ACTS[task.step](desk, task)


def _give_up(desk: Desk, task: Task) -> None:
    """Three workers failed or died on it: a person must look."""
    if task.step is Step.DRAW:
        give_up_drawing(desk, task)
        return
    _log.error("given up: a person must look", attempts=MOST_ATTEMPTS)
    TROUBLE.labels(task.step.value, "given_up").inc()
    why = f"Pigeonhole failed on this {MOST_ATTEMPTS} times"
    if task.step is Step.READ and task.first_page == task.last_page:
        give_up_reading(desk, task, why)
    elif task.step is Step.READ:
        read_pages(desk, task)  # page by page, each with attempts of its own
    elif task.step in {Step.DECIDE, Step.SETTLE}:
        decide_for_a_person(desk, task, f"{why}.")
    else:
        _park(desk, task, f"{why} ({task.step.value}): the original is kept; please report it")


def _park(desk: Desk, task: Task, why: str) -> None:
    if park(desk, task, why):
        desk.progress.document_done()
        desk.bell.ring(Step.SETTLE)


def _is_surroundings(error: Exception) -> bool:
    if isinstance(error, (CannotWriteError, MissingToolError)):
        return True
    return isinstance(error, PigeonholeError) and not error.is_permanent


def _give_back(hands: Hands, task: Task, error: Exception, *, is_counted: bool) -> None:
    """If the database does not answer either, the lease runs out, which does the same."""
    TROUBLE.labels(task.step.value, "failed" if is_counted else "put_off").inc()
    try:
        tasks.give_back(
            hands.desk.shelf.engine, task, hands.delay(task.attempts), type(error).__name__, is_counted=is_counted
        )
    except PigeonholeError:
        _log.warning("not given back: its lease will run out")


def _names(task: Task) -> dict[str, object]:
    """What every log line says meanwhile."""
    if task.step is Step.NOTIFY:
        return {"step": task.step.value, "task": task.id}
    named: dict[str, object] = {"step": task.step.value, "document": task.subject[:16]}
    if task.first_page:
        named["page"] = (
            str(task.first_page) if task.first_page == task.last_page else f"{task.first_page}-{task.last_page}"
        )
    return named
