"""A worker process's threads, woken by a real Redis or looking for themselves; a fake reader tells what pages say."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders.command import wait_until
from tests.builders.desk import SURE, desk, stages, take_in
from tests.builders.fake_reader import ENDLESS, FakeReader
from tests.servers.redis_server import RedisServer
from worker.actors.worker import WorkerOptions, run_worker
from worker.db import documents, waiting
from worker.domain.document import Stage
from worker.domain.task import Step
from worker.notify.receivers import JournalFile, Receiver
from worker.pipeline.give_out import Shelf
from worker.pipeline.leases import Leases
from worker.pipeline.redis_bell import RedisBell, queue_of
from worker.pipeline.sweep import sweep
from worker.pipeline.work import Hands, at_once
from worker.wiring import sole_shelf

ALL = {"1": Stage.FILED, "2": Stage.FILED, "3": Stage.FILED}
TEXTS = {number: SURE + number for number in ALL}


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with sole_shelf(tmp_path / "out") as shelf:
        yield shelf


@contextmanager
def working(
    shelf: Shelf, url: str | None, reader: FakeReader, grace: float = 5.0, receivers: Sequence[Receiver] = ()
) -> Iterator[list[bool]]:
    """A worker of two threads; afterwards the list holds whether it finished what it had in hand."""
    stop, ended = threading.Event(), list[bool]()
    work = replace(desk(shelf, reader), receivers=receivers)
    if url:
        work = replace(work, bell=RedisBell(url))
    with Leases(shelf.engine, 5.0, "me") as leases:
        options = WorkerOptions(threads=2, steps=tuple(Step), grace_s=grace)
        thread = threading.Thread(
            target=lambda: ended.append(run_worker(Hands(work, leases, at_once), url, options, stop))
        )
        thread.start()
        try:
            yield ended
        finally:
            stop.set()
            thread.join()


def test_without_redis_a_worker_looks_for_itself(shelf: Shelf, tmp_path: Path) -> None:
    with working(shelf, None, FakeReader()) as ended:
        take_in(shelf, tmp_path / "in", TEXTS)

        assert wait_until(lambda: stages(shelf) == ALL)

    assert ended == [True]


def test_a_ring_wakes_the_worker(shelf: Shelf, tmp_path: Path, redis_url: str) -> None:
    bell = RedisBell(redis_url)
    with working(shelf, redis_url, FakeReader()) as ended:
        take_in(shelf, tmp_path / "in", TEXTS)
        time.sleep(0.5)
        assert set(stages(shelf).values()) == {Stage.RECEIVED}

        bell.ring(Step.OPEN)

        assert wait_until(lambda: stages(shelf) == ALL)
    assert ended == [True]


def test_what_redis_forgot_is_rung_again_by_any_number_of_sweeps(
    shelf: Shelf, tmp_path: Path, redis_url: str, redis_server: RedisServer
) -> None:
    bell = RedisBell(redis_url)
    take_in(shelf, tmp_path / "in", TEXTS)
    bell.ring(Step.OPEN)
    redis_server.flush()

    rung = [sweep(shelf.engine, bell).rung for _ in range(3)]

    assert rung == [3, 0, 0]
    with working(shelf, redis_url, FakeReader()):
        assert wait_until(lambda: stages(shelf) == ALL)


def test_messages_that_come_too_often_do_nothing(shelf: Shelf, tmp_path: Path, redis_url: str) -> None:
    bell = RedisBell(redis_url)
    take_in(shelf, tmp_path / "in", TEXTS)
    reader = FakeReader()
    for step in (Step.FILE, Step.READ, Step.OPEN) * 20:
        bell.ring(step)

    with working(shelf, redis_url, reader):
        assert wait_until(lambda: stages(shelf) == ALL)
        assert wait_until(lambda: bell.count(Step.OPEN) + bell.count(Step.READ) + bell.count(Step.FILE) == 0)

    assert sorted(reader.asked) == [(1,), (1,), (1,)]


def test_a_ring_without_redis_is_quick_and_harmless(shelf: Shelf) -> None:
    began = time.monotonic()

    RedisBell("redis://127.0.0.1:1/0").ring(Step.OPEN)

    assert time.monotonic() - began < 2.0
    assert documents.load_all(shelf.engine) == ()


def test_work_that_outlasts_the_grace_is_given_back_uncounted(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {"1": f"{ENDLESS}\n{SURE}"})
    reader = FakeReader()
    with working(shelf, None, reader, grace=0.2) as ended:
        assert reader.busy.wait(10)

    assert ended == [False]
    assert stages(shelf) == {"1": Stage.OPENED}
    with working(shelf, None, FakeReader(is_well=True)):
        assert wait_until(lambda: stages(shelf) == {"1": Stage.FILED})


def test_a_ring_for_an_event_wakes_the_worker_that_can_tell(shelf: Shelf, tmp_path: Path, redis_url: str) -> None:
    teller = JournalFile(tmp_path / "told")
    bell = RedisBell(redis_url)
    with working(shelf, redis_url, FakeReader(), receivers=[teller]):
        pass  # it has worked here, so the next one knows of it
    with working(shelf, redis_url, FakeReader()):
        take_in(shelf, tmp_path / "in", TEXTS)
        bell.ring(Step.OPEN)
        assert wait_until(lambda: stages(shelf) == ALL)
        rung = bell.count(Step.NOTIFY)
        time.sleep(0.5)

        assert bell.count(Step.NOTIFY) == rung > 0
        assert not (tmp_path / "told").exists()

    with working(shelf, redis_url, FakeReader(), receivers=[teller]):
        assert wait_until(lambda: waiting.count_untold(shelf.engine) == 0)
    assert len((tmp_path / "told").read_text().splitlines()) == len(ALL)


def test_each_step_has_a_queue_of_its_own() -> None:
    assert len({queue_of(step) for step in Step}) == len(Step)
