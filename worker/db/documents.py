"""Documents: bytes known by their SHA-256, and how far we are with them.

A document moves from stage to stage by one UPDATE that names the stage it leaves. Each such function returns
whether this caller was the one who moved it; False means that another worker was first, and nothing changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from worker.db import events, review_items, tasks
from worker.db.engine import insert_missing, reading
from worker.db.tables import DOCUMENTS
from worker.domain.document import DocumentKind, Stage
from worker.domain.event import Told
from worker.domain.task import Step, Task
from worker.storage.originals import Kept

Values = dict[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Document:
    """One row. `pages` and `kind` are None until the document was read; `reason` says why it was rejected.

    `revision` counts the changes of its decisions: what was decided on seeing one must not be saved over another.
    """

    sha256: str
    size: int
    stage: Stage
    kind: DocumentKind | None
    pages: int | None
    reason: str
    attempts: int
    line: str
    priority: int
    position: int
    registry_version: int
    revision: int


def ensure_document(
    connection: sa.Connection, kept: Kept, line: str, priority: int, clock_hours: int | None = None
) -> None:
    """The row of these bytes; where it is there already, this line makes it more urgent or changes nothing.

    What waits of it for people becomes this line's, and due by its clock.
    """
    query = sa.select(DOCUMENTS.c.priority).where(DOCUMENTS.c.sha256 == kept.sha256)
    known = connection.execute(query).scalar_one_or_none()
    if known is None:
        values = {"sha256": kept.sha256, "size": kept.size, "stage": Stage.RECEIVED.value}
        connection.execute(insert_missing(connection, DOCUMENTS, values | {"line": line, "priority": priority}))
    elif priority < known:
        urgent = {"line": line, "priority": priority}
        # Tasks first, as whoever finishes one does: else the two would wait for each other.
        tasks.make_urgent(connection, kept.sha256, priority)
        connection.execute(sa.update(DOCUMENTS).where(DOCUMENTS.c.sha256 == kept.sha256).values(urgent))
        review_items.hasten(connection, kept.sha256, line, clock_hours)


def start_document(connection: sa.Connection, sha256: str, priority: int, position: int) -> None:
    """Its place in the order of arrival, and the first task."""
    connection.execute(sa.update(DOCUMENTS).where(DOCUMENTS.c.sha256 == sha256).values(position=position))
    tasks.add(connection, Step.OPEN, sha256, priority=priority, position=position)


def open_again(connection: sa.Connection, sha256: str, position: int, *, is_new_line: bool) -> None:
    """The bytes came once more, at `position`: what was rejected may be welcome on this line, or by now.

    Whoever opens them just now, with the limits of their other lines, has to do it again.
    """
    query = sa.select(DOCUMENTS.c.stage, DOCUMENTS.c.priority).where(DOCUMENTS.c.sha256 == sha256)
    document = connection.execute(query).one()
    is_open = document.stage == Stage.RECEIVED.value and is_new_line
    if is_open or document.stage == Stage.REJECTED.value:
        # The task first: it waits for whoever is about to reject the document, and the document is rejected then.
        tasks.add(connection, Step.OPEN, sha256, priority=document.priority, position=position)
        advance(connection, sha256, Stage.REJECTED, Stage.RECEIVED, {"reason": "", "position": position})


def find(engine: sa.Engine, sha256: str) -> Document | None:
    """The document with these bytes."""
    with reading(engine) as connection:
        row = connection.execute(sa.select(DOCUMENTS).where(DOCUMENTS.c.sha256 == sha256)).one_or_none()
        return None if row is None else _document(row)


def load_all(engine: sa.Engine) -> tuple[Document, ...]:
    """Every document, in the order of first arrival."""
    with reading(engine) as connection:
        return tuple(_document(row) for row in connection.execute(_by_arrival()))


def load_at(engine: sa.Engine, stage: Stage) -> tuple[Document, ...]:
    """The documents that stand at this stage, in the order of first arrival."""
    with reading(engine) as connection:
        query = _by_arrival().where(DOCUMENTS.c.stage == stage.value)
        return tuple(_document(row) for row in connection.execute(query))


def mark_filed(engine: sa.Engine, task: Task, told: Iterable[Told] = ()) -> bool:
    """DECIDED -> FILED, once everything of the document stands in its place; `told` goes to the outbox with it.

    False: another worker was first, and nothing changed.
    """
    with engine.begin() as connection:
        if not tasks.finish(connection, task):
            return False
        advance(connection, task.subject, Stage.DECIDED, Stage.FILED)
        tell(connection, task.subject, told)
        return True


def tell(connection: sa.Connection, sha256: str, told: Iterable[Told]) -> None:
    """Put events into the outbox in the caller's transaction; telling waits for everything else."""
    for event in told:
        events.add(connection, sha256, event)
        tasks.add(connection, Step.NOTIFY, event.request_id, priority=tasks.AFTER_ALL_OTHERS, position=0)


def add_next(connection: sa.Connection, task: Task, step: Step, chunk: tuple[int, int] = (0, 0)) -> None:
    """What follows the task, as urgent as the document is now: it may have come again on a more urgent line."""
    query = sa.select(DOCUMENTS.c.priority).where(DOCUMENTS.c.sha256 == task.subject)
    priority = min(task.priority, int(connection.execute(query).scalar_one()))
    tasks.add(connection, step, task.subject, priority=priority, position=task.position, pages=chunk)


def reject(engine: sa.Engine, task: Task, reason: str) -> bool:
    """RECEIVED -> REJECTED, with the sentence that documents.csv says; False: another worker was first."""
    with engine.begin() as connection:
        if not tasks.finish(connection, task):
            return False
        return advance(connection, task.subject, Stage.RECEIVED, Stage.REJECTED, {"reason": reason})


def advance(connection: sa.Connection, sha256: str, old: Stage, new: Stage, values: Values | None = None) -> bool:
    """Move the document in the caller's transaction; False when it does not stand at `old`."""
    query = (
        sa.update(DOCUMENTS)
        .where(DOCUMENTS.c.sha256 == sha256, DOCUMENTS.c.stage == old.value)
        .values(stage=new.value, **(values or {}))
    )
    return connection.execute(query).rowcount == 1


def _by_arrival() -> sa.Select[tuple[object, ...]]:
    return sa.select(DOCUMENTS).order_by(DOCUMENTS.c.position, DOCUMENTS.c.sha256)


def _document(row: sa.Row[tuple[object, ...]]) -> Document:
    values = dict(row._mapping)  # Row's documented access by name
    kind = values["kind"]
    return Document(**values | {"stage": Stage(values["stage"]), "kind": None if kind is None else DocumentKind(kind)})
