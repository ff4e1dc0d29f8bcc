"""What a sweep looks for: it holds nobody up while it finds nothing, and two of them do not disturb each other."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from worker.db import arrivals, documents, pages, tasks, waiting
from worker.db.engine import open_database, serialize, sqlite_url
from worker.db.tables import DOCUMENTS, PAGES
from worker.domain.decision import Decision, DocumentType, Outcome
from worker.domain.document import DocumentKind
from worker.domain.envelope import Incoming
from worker.domain.event import EventKind, Told
from worker.domain.reading import PageReading
from worker.domain.task import Step, Task
from worker.storage.originals import Kept

LEASE = timedelta(minutes=1)
SHA = "a" * 64
NEWER = 1
TOLD = Told("R1", EventKind.PAGES_FILED, {"pages": [1]})


def claim(engine: sa.Engine, step: Step) -> Task:
    task = tasks.claim(engine, [step], "w1", LEASE)
    assert task is not None
    return task


@pytest.fixture
def filed(engine: sa.Engine) -> sa.Engine:
    """A document of one page, filed with the page in review and an event of it delivered: nothing is left to do."""
    incoming = Incoming(b"/tray/a.tif", "a.tif", datetime.now(UTC))
    arrivals.record_arrival(engine, incoming, Kept(SHA, 10))
    pages.save_opened(engine, claim(engine, Step.OPEN), DocumentKind.TIFF, [(1, 1)])
    pages.save_readings(engine, claim(engine, Step.READ), [PageReading(1, 1700, 2200)])
    review = Decision(1, Outcome.REVIEW, None, DocumentType.OTHER, 0.5, "Nobody knows.")
    pages.save_decisions(engine, claim(engine, Step.DECIDE), [review])
    documents.mark_filed(engine, claim(engine, Step.FILE))
    return engine


def ask_again(engine: sa.Engine) -> int:
    return waiting.ask_again(engine, NEWER, 10)


def at_once(act: Callable[[], int]) -> list[int]:
    """What four threads get that do the same at once."""
    got: list[int] = []
    start = threading.Barrier(4)

    def one() -> None:
        start.wait()
        got.append(act())

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def test_a_sweep_that_finds_nothing_waits_for_nobody(filed: sa.Engine) -> None:
    with filed.begin() as writer:
        serialize(writer, "sweep")

        found = waiting.mend(filed), waiting.ask_again(filed, 0, 10)

    assert found == (0, 0)


def test_sweeps_at_once_ask_again_for_a_document_once(filed: sa.Engine) -> None:
    asked = at_once(lambda: ask_again(filed))

    assert sum(asked) == 1
    assert tasks.count_due(filed) == {Step.DECIDE: 1}


def test_the_search_for_what_to_ask_again_grows_no_faster_than_the_documents(tmp_path: Path) -> None:
    engine = open_database(sqlite_url(tmp_path / "many.db"))
    count = 400
    with engine.begin() as connection:
        hashes = [f"{number:064}" for number in range(count)]
        filed = [{"sha256": sha256, "size": 1, "stage": "filed"} for sha256 in hashes]
        connection.execute(sa.insert(DOCUMENTS), filed)
        in_review = [{"sha256": sha256, "number": 1, "reading": "", "outcome": "review"} for sha256 in hashes]
        connection.execute(sa.insert(PAGES), in_review)
    engine.dispose()
    thousands: list[None] = []  # of instructions of SQLite's machine
    sa.event.listen(engine, "connect", lambda raw, _: raw.set_progress_handler(lambda: thousands.append(None), 1000))

    assert ask_again(engine) == 10

    assert len(thousands) < count / 4
    engine.dispose()


def test_a_sweep_takes_no_task_from_its_worker(filed: sa.Engine) -> None:
    assert ask_again(filed) == 1
    held = claim(filed, Step.DECIDE)

    again = ask_again(filed), waiting.mend(filed)

    assert again == (0, 0)
    with filed.begin() as connection:
        assert tasks.finish(connection, held)


def test_sweeps_at_once_mend_each_missing_task_once(filed: sa.Engine) -> None:
    arrivals.record_arrival(filed, Incoming(b"/b", "b", datetime.now(UTC)), Kept("b" * 64, 10))
    with filed.begin() as connection:
        documents.tell(connection, SHA, [TOLD, TOLD])
    for step in (Step.OPEN, Step.NOTIFY):
        lost = claim(filed, step)
        with filed.begin() as connection:
            tasks.finish(connection, lost)

    mended = at_once(lambda: waiting.mend(filed))

    assert sum(mended) == 2
    assert tasks.count_due(filed) == {Step.OPEN: 1, Step.NOTIFY: 1}
