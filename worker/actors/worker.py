"""One worker process: threads that work on documents, woken by Redis or looking into the database themselves."""

import contextlib
import os
import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import structlog
from dramatiq.worker import Worker

from worker.actors.steps import declare_actors
from worker.domain.task import Step
from worker.errors import PigeonholeError
from worker.logs import where
from worker.pipeline.notify_step import allowed_steps, announce
from worker.pipeline.redis_bell import open_broker
from worker.pipeline.work import Hands, work_once

_log = structlog.get_logger()

#: Seconds between two looks into the database where no Redis rings.
POLL_EVERY = 0.25
#: Milliseconds between two looks into an empty queue of Redis.
FETCH_EVERY = 100
#: Seconds to wait before going on when the database, the store or the disk is in trouble.
TROUBLE_PAUSE = 2.0
#: Seconds between two signs of life to the supervisor.
ALIVE_EVERY = 2.0


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """`threads` tasks at once, of these `steps`; `grace_s` seconds to finish them when told to stop.

    `alive` is a file descriptor that gets a byte now and then while the worker is well; -1: nobody wants to know.
    """

    threads: int
    steps: Collection[Step]
    grace_s: float = 30.0
    alive: int = -1


def run_worker(hands: Hands, redis_url: str | None, options: WorkerOptions, stop: threading.Event) -> bool:
    """Works until `stop` is set, then finishes what is in hand. False: the grace ended first, and work was given back.

    Redis only wakes: while it is down, what was begun goes on, and the sweep rings again afterwards.
    """
    announce(hands.desk)
    at_work = _woken(hands, redis_url, options, stop) if redis_url else _polling(hands, options, stop)
    with at_work as threads:
        while not stop.wait(ALIVE_EVERY):
            if not hands.leases.is_stuck():
                _say_alive(options.alive)
        deadline = time.monotonic() + options.grace_s
        while not threads.is_idle() and time.monotonic() < deadline:
            _say_alive(options.alive)
            time.sleep(0.05)
        is_done = threads.is_idle()
        hands.desk.reader.close()  # ends what is still being read; its tasks are given back uncounted
    return is_done


class _AtWork:
    """Counts how many threads are in the middle of something."""

    def __init__(self) -> None:
        self._busy = 0
        self._lock = threading.Lock()

    def is_idle(self) -> bool:
        return self._busy == 0

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        with self._lock:
            self._busy += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1


@contextlib.contextmanager
def _woken(hands: Hands, url: str, options: WorkerOptions, stop: threading.Event) -> Iterator[_AtWork]:
    threads = _AtWork()
    broker = open_broker(url)
    # Without a queue that this worker may not work on: a bell that it heard there would wake nobody.
    heard = allowed_steps(hands.desk, options.steps)
    declare_actors(broker, heard, lambda: _work_while_there_is_any(hands, options.steps, stop, threads))
    # Started with one thread's prefetch: a bell that lies in a busy worker wakes nobody.
    worker = Worker(broker, worker_timeout=FETCH_EVERY, worker_threads=options.threads)
    worker.queue_prefetch = options.threads
    worker.start()
    try:
        yield threads
    finally:
        worker.stop(timeout=5_000)
        broker.close()


@contextlib.contextmanager
def _polling(hands: Hands, options: WorkerOptions, stop: threading.Event) -> Iterator[_AtWork]:
    threads = _AtWork()

    def poll() -> None:
        while not stop.is_set():
            _work_while_there_is_any(hands, options.steps, stop, threads)
            stop.wait(POLL_EVERY)

    running = [threading.Thread(target=poll, name=f"worker-{number}") for number in range(options.threads)]
    for thread in running:
        thread.start()
    try:
        yield threads
    finally:
        for thread in running:
            thread.join()


def _work_while_there_is_any(hands: Hands, steps: Collection[Step], stop: threading.Event, threads: _AtWork) -> None:
    """Never raises: an actor that failed would be a dead letter, a thread that ended a worker that does nothing."""
    while not stop.is_set():
        try:
            with threads.busy():
                if work_once(hands, steps) is None:
                    return
        except Exception as error:  # noqa: BLE001 - the edge of the actors
            if stop.is_set():
                return
            _report(error)
            stop.wait(TROUBLE_PAUSE)


def _report(error: Exception) -> None:
    if isinstance(error, PigeonholeError):
        _log.error("cannot work now", error=type(error).__name__, why=str(error))
    else:
        _log.error("failed in itself", error=type(error).__name__, where=where(error))


def _say_alive(handle: int) -> None:
    if handle >= 0:
        with contextlib.suppress(OSError):
            os.write(handle, b".")
