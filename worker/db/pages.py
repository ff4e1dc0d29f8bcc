"""Pages: what was read on each, and what was decided. Saved together with the end of the task that found it out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from worker.db import page_also, page_words, pictures, review_items, tasks
from worker.db.codec import decision_from_json, decision_to_json, reading_from_json, reading_to_json
from worker.db.documents import add_next, advance, tell
from worker.db.engine import reading, serialize
from worker.db.plain_text import storable
from worker.db.tables import DOCUMENTS, PAGES, TASKS
from worker.domain.decision import Decision
from worker.domain.document import DocumentKind, Stage
from worker.domain.event import Told
from worker.domain.quality import quality_of
from worker.domain.reading import PageReading
from worker.domain.review import ItemKind, NewItem
from worker.domain.task import Step, Task


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits for people once decisions are saved: all items of the document. `revision` is the document's at which
    they were made; None: it was not decided before.
    """

    items: tuple[NewItem, ...] = ()
    revision: int | None = None


#: Nothing is said about items: the sweep makes what is missing.
NOT_SAID = Waits()


def save_opened(
    engine: sa.Engine, task: Task, kind: DocumentKind, chunks: Sequence[tuple[int, int]], *, damage: str = ""
) -> bool:
    """RECEIVED -> OPENED, with a READ for each chunk (first and last page); False: another worker was first.

    `damage` says what is wrong with the file as a whole; it becomes the document's reason. Raises ValueError unless
    the chunks cover the pages from 1 without a gap: a page would be lost.
    """
    pages = [number for first, last in chunks for number in range(first, last + 1)]
    if not pages or pages != list(range(1, len(pages) + 1)):
        raise ValueError(f"chunks must cover all pages from 1, not {chunks}")
    facts: dict[str, str | int | None] = {"kind": kind.value, "pages": len(pages), "reason": damage}
    with engine.begin() as connection:
        if not tasks.finish(connection, task):
            return False
        if advance(connection, task.subject, Stage.RECEIVED, Stage.OPENED, facts):
            _add_reads(connection, task, chunks)
        return True


def split_read(engine: sa.Engine, task: Task) -> bool:
    """One READ for each page of a chunk that failed, so that a bad page costs only itself."""
    with engine.begin() as connection:
        if not tasks.finish(connection, task):
            return False
        _add_reads(connection, task, [(page, page) for page in range(task.first_page, task.last_page + 1)])
        return True


def save_readings(engine: sa.Engine, task: Task, readings: Sequence[PageReading]) -> bool:
    """The pages of a READ. The last one of a document: OPENED -> READ, and DECIDE is next.

    False: another worker was first. Raises ValueError unless these are the pages of the task: a page would be lost.
    """
    if [page.number for page in readings] != list(range(task.first_page, task.last_page + 1)):
        raise ValueError(f"pages {task.first_page} to {task.last_page} were to be read, not {readings!r:.80}")
    with engine.begin() as connection:
        if not tasks.finish(connection, task):
            return False
        # Two workers that save the last two chunks at once must see each other's pages: one after the other.
        document = sa.select(DOCUMENTS.c.pages).where(DOCUMENTS.c.sha256 == task.subject).with_for_update()
        wanted = connection.execute(document).scalar_one()
        rows = [{"sha256": task.subject, "number": p.number, **_read(p)} for p in readings]
        connection.execute(sa.insert(PAGES), rows)
        page_words.keep(connection, task.subject, readings)
        read = sa.select(sa.func.count()).where(PAGES.c.sha256 == task.subject)
        if connection.execute(read).scalar_one() == wanted:
            advance(connection, task.subject, Stage.OPENED, Stage.READ)
            add_next(connection, task, Step.DECIDE)
        return True


def save_further(engine: sa.Engine, sha256: str, readings: Sequence[PageReading]) -> None:
    """Pages that were read on: what is known of them only grows, so nobody can be too late."""
    with engine.begin() as connection:
        for page in readings:
            _update(connection, sha256, page.number, _read(page))
        page_words.keep(connection, sha256, readings)


def save_decisions(
    engine: sa.Engine,
    task: Task,
    decisions: Sequence[Decision],
    readings: Sequence[PageReading] = (),
    *,
    registry_version: int = 0,
    waits: Waits = NOT_SAID,
) -> bool:
    """READ -> DECIDED with a decision for every page, and FILE is next; False: another worker was first.

    A document that is filed already stays so and is filed anew; if its decisions have changed meanwhile, it is decided
    once more instead. What a person decided stays. `readings` are those pages that were read further in order to
    decide; they replace what was stored. Raises ValueError unless there is exactly one decision per page: a page would
    be lost or doubled.
    """
    with engine.begin() as connection:
        serialize(connection, review_items.lock_of(task.subject))
        if not tasks.finish(connection, task):
            return False
        _check_complete(connection, task.subject, decisions)
        advance(connection, task.subject, Stage.READ, Stage.DECIDED)
        if not _bump(connection, task.subject, waits.revision, registry_version=registry_version):
            add_next(connection, task, Step.DECIDE)
            return False
        for page in readings:
            _update(connection, task.subject, page.number, _read(page))
        page_words.keep(connection, task.subject, readings)
        _save_machine(connection, task.subject, decisions)
        if waits is not NOT_SAID:
            review_items.put(connection, task.subject, waits.items, is_whole=True)
            if waits.items:
                pictures.want_pictures(connection, task.subject)
        add_next(connection, task, Step.FILE)
        return True


def park(
    engine: sa.Engine,
    task: Task,
    decisions: Sequence[Decision],
    reason: str,
    told: Sequence[Told] = (),
    items: Sequence[NewItem] = (),
) -> bool:
    """Any stage -> PARKED: nothing more is tried, all pages wait for a person. Every other task of it ends as well.

    `told` goes to the outbox with it, `items` into the inbox. Second looks and the like are done: nothing is left of
    what they were to look at.
    """
    with engine.begin() as connection:
        serialize(connection, review_items.lock_of(task.subject))
        if not tasks.finish(connection, task):
            return False
        for decision in decisions:
            _update(connection, task.subject, decision.page, columns(decision) | {"decided_by": None})
        page_also.keep(connection, task.subject, decisions)
        connection.execute(sa.delete(TASKS).where(TASKS.c.subject == task.subject))
        values = {"stage": Stage.PARKED.value, "reason": reason, "revision": DOCUMENTS.c.revision + 1}
        connection.execute(sa.update(DOCUMENTS).where(DOCUMENTS.c.sha256 == task.subject).values(values))
        tell(connection, task.subject, told)
        review_items.end_all(connection, task.subject, but=(ItemKind.EXCEPTION,))
        review_items.put(connection, task.subject, items)
        if decisions and items:
            pictures.want_pictures(connection, task.subject)
        return True


def retry(engine: sa.Engine, sha256: str) -> bool:
    """PARKED -> where it can go on: READ if all its pages are read, else RECEIVED. False: it is not parked."""
    with engine.begin() as connection:
        query = sa.select(DOCUMENTS).where(DOCUMENTS.c.sha256 == sha256, DOCUMENTS.c.stage == Stage.PARKED.value)
        document = connection.execute(query.with_for_update()).one_or_none()
        if document is None:
            return False
        read = connection.execute(sa.select(sa.func.count()).where(PAGES.c.sha256 == sha256)).scalar_one()
        stage, step = (Stage.READ, Step.DECIDE) if read and read == document.pages else (Stage.RECEIVED, Step.OPEN)
        if stage is Stage.RECEIVED:
            connection.execute(sa.delete(PAGES).where(PAGES.c.sha256 == sha256))
            page_words.forget(connection, sha256)
        advance(connection, sha256, Stage.PARKED, stage, {"reason": ""})
        review_items.end_all(connection, sha256)
        tasks.add(connection, step, sha256, priority=document.priority, position=document.position)
        return True


def load_readings(engine: sa.Engine, sha256: str, first: int = 1, last: int | None = None) -> tuple[PageReading, ...]:
    """The document's pages as read, in order; from `first` to `last` (included) where that is given."""
    query = sa.select(PAGES.c.reading).where(PAGES.c.sha256 == sha256, PAGES.c.number >= first)
    if last is not None:
        query = query.where(PAGES.c.number <= last)
    with reading(engine) as connection:
        return tuple(reading_from_json(text) for text in connection.execute(query.order_by(PAGES.c.number)).scalars())


def load_rotations(engine: sa.Engine, sha256: str) -> dict[int, int]:
    """Page number -> the clockwise turn that brings it upright, in degrees: the one found, and a person's on top."""
    query = sa.select(PAGES.c.number, PAGES.c.reading, PAGES.c.turn).where(PAGES.c.sha256 == sha256)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(PAGES.c.number)).all()
    return {row.number: (reading_from_json(row.reading).rotation + row.turn) % 360 for row in rows}


def load_decisions(engine: sa.Engine, sha256: str) -> tuple[Decision, ...]:
    """The document's decisions in page order; empty before it was decided."""
    query = (
        sa.select(PAGES.c.decision)
        .where(PAGES.c.sha256 == sha256, PAGES.c.decision.is_not(None))
        .order_by(PAGES.c.number)
    )
    with reading(engine) as connection:
        return tuple(decision_from_json(text) for text in connection.execute(query).scalars() if text)


def load_documents_of(engine: sa.Engine, request_id: str, stages: Sequence[Stage] = tuple(Stage)) -> tuple[str, ...]:
    """The hashes of the documents at these stages that hold pages filed to this request."""
    held = sa.select(page_also.filed_to(request_id).subquery().c.sha256)
    query = (
        sa.select(DOCUMENTS.c.sha256)
        .where(DOCUMENTS.c.sha256.in_(held), DOCUMENTS.c.stage.in_([stage.value for stage in stages]))
        .order_by(DOCUMENTS.c.sha256)
    )
    with reading(engine) as connection:
        return tuple(connection.execute(query).scalars())


def _add_reads(connection: sa.Connection, task: Task, chunks: Sequence[tuple[int, int]]) -> None:
    for chunk in chunks:
        add_next(connection, task, Step.READ, chunk)


def _check_complete(connection: sa.Connection, sha256: str, decisions: Sequence[Decision]) -> None:
    query = sa.select(PAGES.c.number).where(PAGES.c.sha256 == sha256).order_by(PAGES.c.number)
    pages = list(connection.execute(query).scalars())
    decided = sorted(decision.page for decision in decisions)
    if decided != pages:
        raise ValueError(f"pages {pages} need one decision each, but decided are {decided}")


def _update(connection: sa.Connection, sha256: str, number: int, values: Mapping[str, object]) -> None:
    query = sa.update(PAGES).where(PAGES.c.sha256 == sha256, PAGES.c.number == number)
    if connection.execute(query.values(dict(values))).rowcount != 1:
        raise ValueError(f"there is no page {number}")


def _read(page: PageReading) -> dict[str, object]:
    """A reading as the columns of a page."""
    return {"reading": reading_to_json(page), "quality": quality_of(page).value}


def _save_machine(connection: sa.Connection, sha256: str, decisions: Iterable[Decision]) -> None:
    """The machine's decisions, except where a person's stands, or the same stands already."""
    query = sa.select(PAGES.c.number, PAGES.c.decision, PAGES.c.decided_by).where(PAGES.c.sha256 == sha256)
    before = {row.number: row for row in connection.execute(query)}
    now = {"decided_at": tasks.clock(connection)}
    machines = [decision for decision in decisions if before[decision.page].decided_by is None]
    for decision in machines:
        values = columns(decision)
        if before[decision.page].decision != values["decision"]:
            _update(connection, sha256, decision.page, values | now)
    page_also.keep(connection, sha256, machines)


def _bump(connection: sa.Connection, sha256: str, revision: int | None, *, registry_version: int) -> bool:
    """One revision more; False, and nothing happens, where the document is at another than this."""
    which = sa.update(DOCUMENTS).where(DOCUMENTS.c.sha256 == sha256)
    if revision is not None:
        which = which.where(DOCUMENTS.c.revision == revision)
    values = {"registry_version": registry_version, "revision": DOCUMENTS.c.revision + 1}
    return connection.execute(which.values(values)).rowcount == 1


def columns(decision: Decision) -> dict[str, object]:
    """A decision as the columns of a page; some repeat what is searched."""
    return {
        "decision": decision_to_json(decision),
        "outcome": decision.outcome.value,
        "request_id": decision.request_id,
        "document_type": decision.document_type.value,
        "confidence": decision.confidence,
        "reason": storable(decision.reason),
    }
