"""Rate limits, told by a clock that the test turns."""

from worker.buckets import Buckets


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_as_many_at_once_as_in_a_minute() -> None:
    buckets = Buckets(3, Clock())

    waits = [buckets.take("a") for _ in range(4)]

    assert waits == [0, 0, 0, 20]


def test_tokens_come_back_evenly() -> None:
    clock = Clock()
    buckets = Buckets(60, clock)
    for _ in range(60):
        buckets.take("a")

    clock.now += 2.5
    waits = [buckets.take("a") for _ in range(3)]

    assert waits == [0, 0, 0.5]


def test_a_long_pause_saves_up_no_more_than_a_minute() -> None:
    clock = Clock()
    buckets = Buckets(2, clock)
    buckets.take("a")

    clock.now += 86_400
    waits = [buckets.take("a") for _ in range(3)]

    assert waits == [0, 0, 30]


def test_each_key_has_its_own() -> None:
    buckets = Buckets(1, Clock())
    buckets.take("a")

    waits = (buckets.take("a"), buckets.take("b"))

    assert waits == (60, 0)
