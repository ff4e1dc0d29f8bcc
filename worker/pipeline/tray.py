"""A whole tray: every document that is not finished goes on from where it stands, until nothing is left to do."""

import threading
import time
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

import structlog

from worker.db import tasks
from worker.pipeline.desk import Desk
from worker.pipeline.leases import Leases
from worker.pipeline.work import DOCUMENT_STEPS, Hands, at_once, work_once

_log = structlog.get_logger()

#: Threads beyond those that wait for readers: deciding and filing go on while all readers are busy.
THREADS_AHEAD = 2
#: Seconds to wait when all tasks are held by other threads.
PAUSE = 0.02
#: Seconds of a lease: nobody else works here, so it only has to be longer than any pause of this machine.
LEASE = 600.0


def process_tray(desk: Desk, jobs: int) -> None:
    """Brings every document to its end. Stopped at any moment and run again, it finishes the rest.

    The caller holds the output folder for itself alone.
    """
    tasks.release_all(desk.shelf.engine)
    stop = threading.Event()
    with (
        Leases(desk.shelf.engine, LEASE) as leases,
        ThreadPoolExecutor(jobs + THREADS_AHEAD, thread_name_prefix="worker") as threads,
    ):
        hands = Hands(desk, leases, at_once)
        try:
            futures = [threads.submit(_work_until_done, hands, stop) for _ in range(jobs + THREADS_AHEAD)]
            for future in wait(futures, return_when=FIRST_EXCEPTION).done:
                future.result()
        except BaseException:  # an interrupt, or nobody can go on: a full disk
            stop.set()
            desk.reader.close()
            raise


def _work_until_done(hands: Hands, stop: threading.Event) -> None:
    while not stop.is_set():
        if work_once(hands, DOCUMENT_STEPS) is None:
            if not tasks.is_any_left(hands.desk.shelf.engine, DOCUMENT_STEPS):
                return
            time.sleep(PAUSE)
