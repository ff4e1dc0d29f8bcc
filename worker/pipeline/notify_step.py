"""NOTIFY: others are told what happened to a request, at least once and in order.

Workers of one site may have different receivers. One that has none leaves events alone as soon as another has worked
here that has some; where there never was one, nobody is to be told, and any worker ends them.
"""

from collections.abc import Collection

from worker.db import events, facts, tasks
from worker.db.locks import hold
from worker.domain.task import Step, Task
from worker.notify.message import Message
from worker.pipeline.desk import Desk


def announce(desk: Desk) -> None:
    """A worker with receivers says so before it begins: events wait for its like from now on."""
    if desk.receivers:
        facts.note(desk.shelf.engine, facts.TELLS_OTHERS)


def allowed_steps(desk: Desk, steps: Collection[Step]) -> Collection[Step]:
    """These steps, without NOTIFY where this worker would end events that another has to tell."""
    if desk.receivers or Step.NOTIFY not in steps or not facts.load(desk.shelf.engine, facts.TELLS_OTHERS):
        return steps
    return [step for step in steps if step is not Step.NOTIFY]


def notify(desk: Desk, task: Task) -> None:
    """Tells what waits for this request, one event after the other; the first that nobody takes stops it.

    An event that was added meanwhile has made the task anybody's again. Raises what a receiver raises.
    """
    engine = desk.shelf.engine
    with hold(engine, f"notify:{task.subject}"):
        for event in events.load_waiting(engine, task.subject):
            message = Message(event.id, event.kind.value, event.created_at, event.payload)
            for receiver in desk.receivers:
                receiver.take(message)
            events.mark_delivered(engine, [event.id])
    with engine.begin() as connection:
        tasks.finish(connection, task)
