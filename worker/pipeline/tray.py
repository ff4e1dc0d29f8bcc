"""A whole tray: every document that is not finished goes on from where it stands, until nothing is left to do."""

import threading
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

import structlog

from worker.db import tasks
from worker.pipeline.desk import Desk
from worker.pipeline.leases import Leases
from worker.pipeline.work import DOCUMENT_STEPS, Hands, at_once, work_once

_log = structlog.get_logger()

#: Threads beyond those that wait for readers: deciding and filing go on while all readers are busy.
THREADS_AHEAD = 2
#: Seconds after which a thread looks again although no other has done anything.
PAUSE = 0.25
#: Seconds of a lease: nobody else works here, so it only has to be longer than any pause of this machine.
LEASE = 600.0


class Doings:
    """How much all threads have done. There is nothing new to do before another has done something."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    @property
    def count(self) -> int:
        """Tasks that were done so far."""
        return self._count

    def add_one(self) -> None:
        """A task was done, and may have left others to do."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait_for_more_than(self, count: int, seconds: float) -> None:
        """Returns as soon as more is done than was when the caller began to look; at the latest after these seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._count > count, seconds)


def process_tray(desk: Desk, jobs: int) -> None:
    """Brings every document to its end. Stopped at any moment and run again, it finishes the rest.

    The caller holds the output folder for itself alone.
    """
    tasks.release_all(desk.shelf.engine)
    stop, doings = threading.Event(), Doings()
    with (
        Leases(desk.shelf.engine, LEASE) as leases,
        ThreadPoolExecutor(jobs + THREADS_AHEAD, thread_name_prefix="worker") as threads,
    ):
        hands = Hands(desk, leases, at_once)
        try:
            futures = [threads.submit(_work_until_done, hands, doings, stop) for _ in range(jobs + THREADS_AHEAD)]
            for future in wait(futures, return_when=FIRST_EXCEPTION).done:
                future.result()
        except BaseException:  # an interrupt, or nobody can go on: a full disk
            stop.set()
            desk.reader.close()
            raise


def _work_until_done(hands: Hands, doings: Doings, stop: threading.Event) -> None:
    while not stop.is_set():
        before = doings.count
        if work_once(hands, DOCUMENT_STEPS) is not None:
            doings.add_one()
        elif tasks.is_any_left(hands.desk.shelf.engine, DOCUMENT_STEPS):
            doings.wait_for_more_than(before, PAUSE)
        else:
            return
