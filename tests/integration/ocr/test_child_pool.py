"""A pool hands out items lazily, yields in any order, and reports an item whose child died."""

import time
from collections.abc import Iterator

import pytest

from tests.integration.ocr import misbehaving
from worker.ocr.child import ChildCrashedError, ChildTimedOutError
from worker.ocr.child_pool import ChildPool

PATIENT_S = 20.0


def patient(_: object) -> float:
    return PATIENT_S


def test_every_item_comes_back_once() -> None:
    with ChildPool(2, misbehaving.double) as pool:
        done = list(pool.run(range(50), patient))

    assert sorted((d.item, d.result()) for d in done) == [(k, 2 * k) for k in range(50)]


def test_a_slow_item_does_not_hold_up_the_others() -> None:
    with ChildPool(2, misbehaving.sleep_and_return) as pool:
        list(pool.run([0.0, 0.0], patient))
        order = [done.item for done in pool.run([0.6, 0.01, 0.02, 0.03], patient)]

    assert order[-1] == 0.6


def test_losses_are_reported_and_the_rest_goes_on() -> None:
    items = ["a", "abort", "b", "hang", "c", "segfault", "d"]

    with ChildPool(2, misbehaving.behave) as pool:
        done = {d.item: d for d in pool.run(items, lambda item: 1.5 if item == "hang" else PATIENT_S)}

    assert set(done) == set(items)
    assert isinstance(done["abort"].error, ChildCrashedError)
    assert isinstance(done["hang"].error, ChildTimedOutError)
    assert [done[k].result() for k in "abcd"] == list("abcd")
    with pytest.raises(ChildCrashedError):
        done["segfault"].result()


def test_items_are_pulled_only_as_children_get_free() -> None:
    pulled: list[int] = []

    def items() -> Iterator[int]:
        for k in range(100):
            pulled.append(k)
            yield k

    with ChildPool(2, misbehaving.double) as pool:
        next(pool.run(items(), patient))

    assert len(pulled) <= 4


def test_closing_in_the_middle_is_quick() -> None:
    with ChildPool(2, misbehaving.sleep_and_return) as pool:
        run = pool.run([0.0, 60.0, 60.0, 60.0, 60.0], patient)
        next(run)
        before = time.monotonic()
        pool.close()
        took = time.monotonic() - before

    assert took < 2


def test_a_single_item_can_be_submitted() -> None:
    with ChildPool(1, misbehaving.double) as pool:
        future = pool.submit(21, PATIENT_S)

        assert future.result() == 42


def test_items_of_one_key_go_to_the_child_that_had_it_before() -> None:
    with ChildPool(2, misbehaving.who, key_of=lambda item: item) as pool:
        first = {item: pool.submit(item, PATIENT_S) for item in ("a", "b")}
        knows = {item: future.result() for item, future in first.items()}
        again = [(item, pool.submit(item, PATIENT_S).result()) for item in "abbaabab"]

    assert all(pid == knows[item] for item, pid in again)


def test_a_child_that_stands_idle_takes_what_another_knows() -> None:
    with ChildPool(2, misbehaving.sleep_a_little, key_of=lambda _: "one chunk") as pool:
        pids = {future.result() for future in [pool.submit(k, PATIENT_S) for k in range(6)]}

    assert len(pids) == 2
