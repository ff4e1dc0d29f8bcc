"""NOTIFY: others are told what happened to a request, at least once and in order."""

from worker.db import tasks
from worker.domain.task import Task
from worker.pipeline.desk import Desk
from worker.pipeline.notify import deliver_waiting


def notify(desk: Desk, task: Task) -> None:
    """Delivers what waits for this request. An event added meanwhile has made the task anybody's again.

    Raises UnreachableError while a receiver does not take it.
    """
    deliver_waiting(desk.shelf.engine, task.subject, desk.receivers)
    with desk.shelf.engine.begin() as connection:
        tasks.finish(connection, task)
