"""Rate limits: a bucket of tokens for each key, filled evenly, in this process alone."""

import threading
import time
from collections.abc import Callable

#: Keys that are remembered: those whose buckets are full again are forgotten beyond.
MOST_KEYS = 10_000


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
            self._forget_full(now)
            level, since = self._levels.get(name, (self._most, now))
            level = min(self._most, level + (now - since) * self._per_second)
            wait = 0.0 if level >= 1 else (1 - level) / self._per_second
            self._levels[name] = (level if wait else level - 1, now)
            return wait

    def _forget_full(self, now: float) -> None:
        """Whoever has not come for a minute is as good as new; addresses could be made up without end."""
        if len(self._levels) <= MOST_KEYS:
            return
        full_since = now - self._most / self._per_second
        self._levels = {name: state for name, state in self._levels.items() if state[1] > full_since}
        if len(self._levels) > MOST_KEYS:
            self._levels.clear()
