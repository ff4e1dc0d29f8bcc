"""NOTIFY: others are told what happened to a request, at least once and in order."""

from worker.db import events, tasks
from worker.db.locks import hold
from worker.domain.task import Task
from worker.notify.message import Message
from worker.pipeline.desk import Desk


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
