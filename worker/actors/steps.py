"""The actors: one for each step, declared on a broker. Each wakes its worker for the most urgent task there is."""

from collections.abc import Callable, Collection

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from worker.domain.task import Step
from worker.pipeline.redis_bell import queue_of


def declare_actors(broker: RedisBroker, steps: Collection[Step], work: Callable[[], None]) -> None:
    """An actor on the queue of each of these steps; a message makes it call `work`.

    The message says that something waits, not what: an expedited document overtakes whatever was rung for before.
    """
    for step in steps:
        dramatiq.actor(broker=broker, actor_name=step.value, queue_name=queue_of(step))(_ignoring_arguments(work))


def _ignoring_arguments(work: Callable[[], None]) -> Callable[..., None]:
    """Messages of other versions may carry more; it does not matter here."""

    def act(*_arguments: object, **_named: object) -> None:
        work()

    return act
