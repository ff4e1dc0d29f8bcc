"""The bell on Redis: a dramatiq message for each task, which names the step and nothing else.

What is to be done stands in the database, so a message that comes twice, late or never does no harm.
"""

import dramatiq
import redis
import structlog
from dramatiq.brokers.redis import RedisBroker
from redis.backoff import NoBackoff
from redis.retry import Retry

from worker.domain.task import Step
from worker.errors import UnreachableError

_log = structlog.get_logger()

#: Seconds that a door waits for Redis before it goes on without ringing.
RING_PATIENCE = 0.5
#: Seconds that a worker waits for an answer before it connects anew.
WORKER_PATIENCE = 15.0


def queue_of(step: Step) -> str:
    """The queue of a step."""
    return f"pigeonhole-{step.value}"


def open_broker(url: str, patience: float = WORKER_PATIENCE) -> RedisBroker:
    """A broker without middleware: attempts, delays and time limits are the database's business.

    `patience` is in seconds. Nothing is connected yet.
    """
    client = redis.Redis.from_url(
        url,
        socket_timeout=patience,
        socket_connect_timeout=min(patience, 2.0),
        retry=Retry(NoBackoff(), 0),
        health_check_interval=10,
    )
    return RedisBroker(client=client, middleware=[])  # type: ignore[no-untyped-call]  # dramatiq leaves it untyped


class RedisBell:
    """Rings by one message in the step's queue."""

    def __init__(self, url: str) -> None:
        self._broker = open_broker(url, RING_PATIENCE)

    def ring(self, step: Step) -> None:
        """See Bell. A ring that is lost is made good by the sweep."""
        message: dramatiq.Message[None] = dramatiq.Message(queue_of(step), step.value, (), {}, {})
        try:
            self._broker.enqueue(message)
        except (redis.RedisError, OSError) as error:
            _log.warning("bell not rung", step=step.value, error=type(error).__name__)

    def count(self, step: Step) -> int:
        """How many messages of this step wait to be fetched. Raises UnreachableError."""
        try:
            return int(self._broker.client.llen(f"{self._broker.namespace}:{queue_of(step)}"))
        except (redis.RedisError, OSError) as error:
            raise UnreachableError("Redis", type(error).__name__) from error
