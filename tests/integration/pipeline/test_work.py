"""What one worker does with a task: its attempts, its turn, and what happens when it was taken for dead."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.builders.desk import SURE, FixedRegistry, desk, stages, take_in
from tests.builders.fake_reader import LONG, LONG_PAGES, POISON, FakeReader
from tests.builders.requests import JANET
from worker.db import documents, ledger, pages, tasks, waiting
from worker.db.engine import open_database
from worker.db.tables import TASKS
from worker.domain.decision import Outcome
from worker.domain.document import DocumentKind, Stage
from worker.domain.line import Line
from worker.domain.task import Step, Task
from worker.matching.registry import RequestTable
from worker.ocr.page_reader import PAGES_PER_CHUNK
from worker.pipeline.desk import Desk
from worker.pipeline.give_out import Shelf, give_out
from worker.pipeline.leases import Leases
from worker.pipeline.work import DOCUMENT_STEPS, MOST_ATTEMPTS, Hands, at_once, work_once
from worker.wiring import sole_shelf

LEASE = timedelta(seconds=60)
SURE_BUT_LONG = f"{LONG}\n{SURE}"
SHORT = Line("short", priority=10, max_pages=LONG_PAGES - 1)


@pytest.fixture(params=["sqlite", "postgresql"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    with sole_shelf(tmp_path / "out") as shelf:
        if request.param == "postgresql":
            engine = open_database(request.getfixturevalue("postgres_url"))
            yield replace(shelf, engine=engine)
            engine.dispose()
        else:
            yield shelf


def hands(work: Desk) -> Hands:
    return Hands(work, Leases(work.shelf.engine, 60.0, "me"), at_once)


def work_on(worker: Hands, steps: tuple[Step, ...] = DOCUMENT_STEPS) -> list[Task]:
    """Until there is nothing to do; the tasks in the order in which they were done."""
    done = []
    while (task := work_once(worker, steps)) is not None:
        done.append(task)
    return done


def die_on(shelf: Shelf, step: Step) -> Task:
    """A worker claims a task and dies."""
    task = tasks.claim(shelf.engine, [step], "dead", LEASE)
    assert task is not None
    tasks.release(shelf.engine, "dead")
    return task


def test_a_long_document_is_read_in_chunks_that_many_workers_can_take(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {"1": f"{LONG}\n{SURE}"})
    reader = FakeReader()

    done = work_on(hands(desk(shelf, reader)))

    assert [task.step for task in done] == [Step.OPEN, Step.READ, Step.READ, Step.READ, Step.DECIDE, Step.FILE]
    assert reader.asked[0] == tuple(range(1, PAGES_PER_CHUNK + 1))
    (account,) = ledger.load_accounts(shelf.engine)
    assert (account.pages, account.problem) == (LONG_PAGES, "")


def test_the_pages_of_a_chunk_that_killed_its_worker_are_read_one_by_one(shelf: Shelf, tmp_path: Path) -> None:
    sha256 = take_in(shelf, tmp_path / "in", {"1": f"{LONG}\n{SURE}"})["1"]
    worker = hands(desk(shelf, reader := FakeReader()))
    work_once(worker, [Step.OPEN])
    die_on(shelf, Step.READ)

    work_once(worker, [Step.READ])
    for _ in range(MOST_ATTEMPTS):
        assert die_on(shelf, Step.READ).first_page == 1
    work_on(worker)

    assert (2,) in reader.asked
    assert (1,) not in reader.asked
    first, second = pages.load_decisions(shelf.engine, sha256)[:2]
    assert (first.outcome, second.outcome) == (Outcome.REVIEW, Outcome.FILED)
    assert stages(shelf) == {"1": Stage.FILED}


@pytest.mark.parametrize(
    ("step", "end"), [(Step.OPEN, Stage.PARKED), (Step.DECIDE, Stage.FILED), (Step.FILE, Stage.PARKED)]
)
def test_a_document_that_kills_its_worker_three_times_is_left_to_a_person(
    shelf: Shelf, tmp_path: Path, step: Step, end: Stage
) -> None:
    taken = take_in(shelf, tmp_path / "in", {"1": SURE + "one", "2": SURE + "two"})
    worker = hands(desk(shelf, FakeReader()))
    before = {Step.OPEN: (), Step.DECIDE: (Step.OPEN, Step.READ), Step.FILE: (Step.OPEN, Step.READ, Step.DECIDE)}[step]
    for earlier in before:
        work_once(worker, [earlier])
    for _ in range(MOST_ATTEMPTS):
        assert die_on(shelf, step).subject == taken["1"]

    work_on(worker)

    assert stages(shelf) == {"1": end, "2": Stage.FILED}
    decided = [decision.outcome for decision in pages.load_decisions(shelf.engine, taken["1"])]
    assert set(decided) <= {Outcome.REVIEW}
    assert shelf.originals.path_of(taken["1"]).read_text() == SURE + "one"
    assert not any(account.problem for account in ledger.load_accounts(shelf.engine))


@pytest.mark.parametrize("step", [Step.OPEN, Step.FILE])
def test_a_parked_document_can_be_tried_again(shelf: Shelf, tmp_path: Path, step: Step) -> None:
    sha256 = take_in(shelf, tmp_path / "in", {"1": SURE})["1"]
    worker = hands(desk(shelf, FakeReader()))
    if step is Step.FILE:
        work_on(worker, (Step.OPEN, Step.READ, Step.DECIDE))
    for _ in range(MOST_ATTEMPTS):
        die_on(shelf, step)
    work_on(worker)
    assert stages(shelf) == {"1": Stage.PARKED}

    assert pages.retry(shelf.engine, sha256)
    work_on(worker)

    assert stages(shelf) == {"1": Stage.FILED}
    assert pages.load_decisions(shelf.engine, sha256)[0].request_id == JANET.request_id
    assert not pages.retry(shelf.engine, sha256)


def test_a_worker_that_was_taken_for_dead_changes_nothing(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {"1": SURE})
    work_once(worker := hands(desk(shelf, FakeReader())), [Step.OPEN])
    slow = die_on(shelf, Step.READ)
    work_on(worker)

    is_saved = pages.save_readings(shelf.engine, slow, pages.load_readings(shelf.engine, slow.subject))

    assert not is_saved
    assert stages(shelf) == {"1": Stage.FILED}


def test_an_expedited_document_overtakes_all_others(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {str(number): f"{SURE}{number}" for number in range(5)})
    urgent = take_in(shelf, tmp_path / "in", {"urgent": SURE + "urgent"}, priority=10)["urgent"]

    done = work_on(hands(desk(shelf, FakeReader())))

    assert [task.subject for task in done[:4]] == [urgent] * 4


def test_documents_settle_in_the_order_of_arrival(shelf: Shelf, tmp_path: Path) -> None:
    taken = take_in(shelf, tmp_path / "in", {"1": SURE + "one", "2": SURE + "two"})
    worker = hands(desk(shelf, FakeReader()))
    slow = tasks.claim(shelf.engine, [Step.OPEN], "slow", LEASE)

    work_on(worker)

    assert stages(shelf) == {"1": Stage.RECEIVED, "2": Stage.READ}
    assert slow is not None
    tasks.release(shelf.engine, "slow")
    work_on(worker)
    assert stages(shelf) == {"1": Stage.FILED, "2": Stage.FILED}
    assert taken["1"] != taken["2"]


def test_a_request_imported_after_its_records_came_gets_them(shelf: Shelf, tmp_path: Path) -> None:
    sha256 = take_in(shelf, tmp_path / "in", {"1": SURE})["1"]
    registry = FixedRegistry()
    registry.table = RequestTable([])
    work = replace(desk(shelf, FakeReader()), registries=registry)
    work_on(hands(work))
    assert pages.load_decisions(shelf.engine, sha256)[0].outcome is Outcome.REVIEW

    registry.table, registry.version = RequestTable([JANET]), 1
    assert waiting.ask_again(shelf.engine, 1, 10) == 1
    work_on(hands(work))

    assert pages.load_decisions(shelf.engine, sha256)[0].request_id == JANET.request_id
    assert list((shelf.out / "requests" / JANET.request_id).glob("*.pdf"))
    assert not list((shelf.out / "review").glob("*"))
    assert waiting.ask_again(shelf.engine, 1, 10) == 0


def test_what_is_filed_stays_when_the_registry_changes(shelf: Shelf, tmp_path: Path) -> None:
    sha256 = take_in(shelf, tmp_path / "in", {"1": SURE})["1"]
    registry = FixedRegistry()
    work = replace(desk(shelf, FakeReader()), registries=registry)
    work_on(hands(work))

    registry.table, registry.version = RequestTable([]), 1

    assert waiting.ask_again(shelf.engine, 1, 10) == 0
    assert pages.load_decisions(shelf.engine, sha256)[0].request_id == JANET.request_id


def test_a_task_that_is_missing_is_mended(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {"1": SURE})
    lost = tasks.claim(shelf.engine, [Step.OPEN], "me", LEASE)
    assert lost is not None
    with shelf.engine.begin() as connection:
        assert tasks.finish(connection, lost)
    assert ledger.load_accounts(shelf.engine)[0].problem

    assert waiting.mend(shelf.engine) == 1

    work_on(hands(desk(shelf, FakeReader())))
    assert stages(shelf) == {"1": Stage.FILED}


def test_pages_that_nobody_is_to_read_are_mended(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {"1": SURE_BUT_LONG})
    worker = hands(desk(shelf, FakeReader()))
    assert work_once(worker, [Step.OPEN])
    assert work_once(worker, [Step.READ])
    with shelf.engine.begin() as connection:
        connection.execute(sa.delete(TASKS))

    assert waiting.mend(shelf.engine) == 1

    work_on(worker)
    assert stages(shelf) == {"1": Stage.FILED}
    assert ledger.load_accounts(shelf.engine)[0].rows == LONG_PAGES


def test_the_attempt_counts_before_the_work_begins(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {"1": POISON})
    worker = hands(desk(shelf, FakeReader()))

    attempts = [task.attempts for task in work_on(worker)]

    assert attempts == [1, 2, 3, 4]
    (document,) = documents.load_all(shelf.engine)
    assert (document.stage, "3 times" in document.reason) == (Stage.PARKED, True)


def test_what_is_parked_while_it_is_filed_leaves_no_page_behind(shelf: Shelf, tmp_path: Path) -> None:
    sha256 = take_in(shelf, tmp_path / "in", {"1": SURE})["1"]
    work = desk(shelf, FakeReader())
    work_on(worker := hands(work), (Step.OPEN, Step.READ, Step.DECIDE))
    for _ in range(MOST_ATTEMPTS):
        die_on(shelf, Step.FILE)
        give_out(shelf, sha256, [JANET.request_id])  # the worker died between the folder and the database

    work_on(worker)

    assert stages(shelf) == {"1": Stage.PARKED}
    assert not list((shelf.out / "requests").glob("*/*"))


def test_a_filed_document_that_can_no_longer_be_decided_stays_filed(shelf: Shelf, tmp_path: Path) -> None:
    sha256 = take_in(shelf, tmp_path / "in", {"1": SURE})["1"]
    registry = FixedRegistry()
    worker = hands(replace(desk(shelf, FakeReader()), registries=registry))
    work_on(worker)
    with shelf.engine.begin() as connection:
        tasks.add(connection, Step.DECIDE, sha256, priority=1_000, position=1)
    registry.version = 1
    for _ in range(MOST_ATTEMPTS):
        die_on(shelf, Step.DECIDE)

    work_on(worker)

    assert pages.load_decisions(shelf.engine, sha256)[0].request_id == JANET.request_id
    assert waiting.ask_again(shelf.engine, 1, 10) == 0


def test_the_same_bytes_on_a_more_urgent_line_make_what_follows_urgent(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {"1": SURE})
    held = tasks.claim(shelf.engine, [Step.OPEN], "me", LEASE)
    assert held is not None

    take_in(shelf, tmp_path / "again", {"1": SURE}, priority=10)
    pages.save_opened(shelf.engine, held, DocumentKind.TIFF, [(1, 1)])

    following = tasks.claim(shelf.engine, [Step.READ], "me", LEASE)
    assert following is not None
    assert following.priority == 10


def test_a_document_too_long_for_its_line_is_read_when_it_comes_on_one_that_takes_it(
    shelf: Shelf, tmp_path: Path
) -> None:
    work = replace(desk(shelf, FakeReader()), lines={"short": SHORT, "generous": Line("generous")})
    take_in(shelf, tmp_path / "in", {"1": SURE_BUT_LONG}, line="short")
    work_on(hands(work))
    assert stages(shelf) == {"1": Stage.REJECTED}

    take_in(shelf, tmp_path / "again", {"2": SURE_BUT_LONG}, line="generous")
    work_on(hands(work))

    assert stages(shelf) == {"1": Stage.FILED, "2": Stage.FILED}
    assert not [account for account in ledger.load_accounts(shelf.engine) if account.problem]


def test_a_document_too_long_for_its_line_stays_rejected_when_it_comes_there_again(
    shelf: Shelf, tmp_path: Path
) -> None:
    work = replace(desk(shelf, FakeReader()), lines={"short": SHORT})
    for folder in ("in", "again"):
        take_in(shelf, tmp_path / folder, {folder: SURE_BUT_LONG}, line="short")
        work_on(hands(work))

    (document,) = documents.load_all(shelf.engine)
    assert (document.stage, "20 pages" in document.reason) == (Stage.REJECTED, True)


def test_the_most_generous_line_of_a_document_counts_also_where_another_is_more_urgent(
    shelf: Shelf, tmp_path: Path
) -> None:
    work = replace(desk(shelf, FakeReader()), lines={"short": SHORT, "generous": Line("generous")})
    take_in(shelf, tmp_path / "in", {"1": SURE_BUT_LONG}, line="generous")

    take_in(shelf, tmp_path / "again", {"2": SURE_BUT_LONG}, line="short", priority=SHORT.priority)
    work_on(hands(work))

    assert set(stages(shelf).values()) == {Stage.FILED}


def test_bytes_that_come_on_another_line_while_they_are_opened_are_opened_again(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {"1": SURE_BUT_LONG}, line="short")
    held = tasks.claim(shelf.engine, [Step.OPEN], "me", LEASE)
    assert held is not None

    take_in(shelf, tmp_path / "again", {"2": SURE_BUT_LONG}, line="generous")
    is_rejected = documents.reject(shelf.engine, held, "this line takes fewer pages")

    assert not is_rejected
    work_on(hands(desk(shelf, FakeReader())))
    assert set(stages(shelf).values()) == {Stage.FILED}


def test_bytes_that_come_on_their_own_line_again_disturb_nobody(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {"1": SURE})
    held = tasks.claim(shelf.engine, [Step.OPEN], "me", LEASE)
    assert held is not None

    take_in(shelf, tmp_path / "again", {"2": SURE})

    assert pages.save_opened(shelf.engine, held, DocumentKind.TIFF, [(1, 1)])
