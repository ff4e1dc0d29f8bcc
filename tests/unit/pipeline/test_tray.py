"""Threads that have nothing to do wait until another has done something, and no longer."""

import threading
import time

from worker.pipeline.tray import Doings

#: Seconds: never waited for in full.
LONG = 60.0


def test_what_was_done_since_the_look_ends_the_wait_at_once() -> None:
    doings = Doings()
    before = doings.count
    doings.add_one()

    started = time.monotonic()
    doings.wait_for_more_than(before, LONG)

    assert time.monotonic() - started < LONG / 2


def test_all_who_wait_are_woken_by_one_doing() -> None:
    doings = Doings()
    waiting = [threading.Thread(target=doings.wait_for_more_than, args=(0, LONG)) for _ in range(3)]
    for thread in waiting:
        thread.start()

    doings.add_one()

    for thread in waiting:
        thread.join(LONG / 2)
    assert not any(thread.is_alive() for thread in waiting)


def test_nobody_waits_for_ever() -> None:
    Doings().wait_for_more_than(0, 0.01)
