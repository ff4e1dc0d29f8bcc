"""What one worker does with a task: its attempts, its turn, and what happens when it was taken for dead."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders.desk import SURE, desk, hands, stages, take_in, work_on
from tests.builders.fake_reader import LONG, LONG_PAGES, POISON, FakeReader
from tests.builders.requests import JANET
from worker.db import documents, ledger, pages, tasks, waiting
from worker.domain.decision import Outcome
from worker.domain.document import DocumentKind, Stage
from worker.domain.task import Step, Task
from worker.matching.registry import RequestTable
from worker.ocr.page_reader import PAGES_PER_CHUNK
from worker.pipeline.give_out import Shelf, give_out
from worker.pipeline.registries import FixedRegistry
from worker.pipeline.work import MOST_ATTEMPTS, work_once

LEASE = timedelta(seconds=60)


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
    registry = FixedRegistry(RequestTable([]))
    work = replace(desk(shelf, FakeReader()), registries=registry)
    work_on(hands(work))
    assert pages.load_decisions(shelf.engine, sha256)[0].outcome is Outcome.REVIEW

    registry.registry, registry.version = RequestTable([JANET]), 1
    assert waiting.ask_again(shelf.engine, 1, 10) == 1
    work_on(hands(work))

    assert pages.load_decisions(shelf.engine, sha256)[0].request_id == JANET.request_id
    assert list((shelf.out / "requests" / JANET.request_id).glob("*.pdf"))
    assert not list((shelf.out / "review").glob("*"))
    assert waiting.ask_again(shelf.engine, 1, 10) == 0


def test_what_is_filed_stays_when_the_registry_changes(shelf: Shelf, tmp_path: Path) -> None:
    sha256 = take_in(shelf, tmp_path / "in", {"1": SURE})["1"]
    registry = FixedRegistry(RequestTable([JANET]))
    work = replace(desk(shelf, FakeReader()), registries=registry)
    work_on(hands(work))

    registry.registry, registry.version = RequestTable([]), 1

    assert waiting.ask_again(shelf.engine, 1, 10) == 0
    assert pages.load_decisions(shelf.engine, sha256)[0].request_id == JANET.request_id


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
    registry = FixedRegistry(RequestTable([JANET]))
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
