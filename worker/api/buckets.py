"""Rate limits: a bucket of tokens for each key, filled evenly, in this process alone."""

import threading
import time
from collections.abc import Callable


class Buckets:
    """Each key may do `rate_per_minute` things a minute, and as many at once after a pause."""

    def __init__(self, rate_per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = float(rate_per_minute)
        self._per_second = rate_per_minute / 60
        self._clock = clock
        self._levels: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, name: str) -> float:
        """Take a token: 0 when there was one, else the seconds until there is."""
        with self._lock:
            now = self._clock()
            level, since = self._levels.get(name, (self._most, now))
            level = min(self._most, level + (now - since) * self._per_second)
            wait = 0.0 if level >= 1 else (1 - level) / self._per_second
            self._levels[name] = (level if wait else level - 1, now)
            return wait
