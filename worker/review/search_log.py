"""Searches on record, without a row for every letter that is typed.

The first search of a person is written down before its answer is given. What the same person looks for in the following
two seconds is written down at their end, in one row: the longest query, how many there were, and all requests that were
shown. So there is at most one row in two seconds, a row before anything is shown, and nothing that was shown stays
unrecorded for longer.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import structlog

from worker.domain.audit import Entry
from worker.review.record import entry_of
from worker.review.who import Signed

#: Seconds of typing that make one row.
PAUSE = 2.0
#: Characters of a query that are kept.
LONGEST = 200

_log = structlog.get_logger()


@dataclass(slots=True)
class _Burst:
    """What a person looked for since the last row."""

    signed: Signed
    query: str = ""
    count: int = 0
    shown: dict[str, None] = field(default_factory=dict)

    def add(self, query: str, shown: Iterable[str]) -> None:
        self.query = max(self.query, query[:LONGEST], key=len)
        self.count += 1
        self.shown.update(dict.fromkeys(shown))

    def take_back(self, later: "_Burst") -> None:
        self.query = max(self.query, later.query, key=len)
        self.count += later.count
        self.shown.update(later.shown)

    def entry(self) -> Entry:
        return entry_of(self.signed, "search", query=self.query, queries=self.count, shown=list(self.shown))


class SearchLog:
    """Safe to use from several threads. `write` puts an entry into the audit log; it may raise."""

    def __init__(self, write: Callable[[Entry], None], pause: float = PAUSE) -> None:
        self._write, self._pause = write, pause
        self._lock = threading.Lock()
        self._bursts: dict[str, _Burst] = {}
        self._owed: set[str] = set()

    def note(self, signed: Signed, query: str, shown: Iterable[str], *, is_final: bool) -> None:
        """Before the answer is given. Raises what `write` raises: then nothing may be shown.

        `is_final`: the person has chosen, so what is not written yet is written now.
        """
        name = signed.person.name
        with self._lock:
            is_first = name not in self._bursts
            burst = self._bursts.setdefault(name, _Burst(signed))
            burst.add(query, shown)
            is_owed = name in self._owed
        if is_first:
            self._start(name, is_daemon=False)
        if is_first or is_final or is_owed:
            self.settle(name)

    def settle(self, name: str) -> None:
        """Write what this person's last row does not say yet."""
        with self._lock:
            burst = self._bursts.get(name)
            if burst is None or not burst.count:
                return
            self._bursts[name] = _Burst(burst.signed)
        try:
            self._write(burst.entry())
        except Exception:
            with self._lock:
                self._bursts.setdefault(name, _Burst(burst.signed)).take_back(burst)
                self._owed.add(name)
            raise
        with self._lock:
            self._owed.discard(name)

    def _start(self, name: str, *, is_daemon: bool) -> None:
        """Whoever stops the server waits for the two seconds, but not for a database that does not answer."""
        timer = threading.Timer(self._pause, self._end, (name,))
        timer.daemon = is_daemon
        timer.start()

    def _end(self, name: str) -> None:
        try:
            self.settle(name)
        except Exception as error:  # noqa: BLE001 - tried again; until then the person is shown nothing more
            _log.warning("searches are not on record yet", error=type(error).__name__)
            self._start(name, is_daemon=True)
            return
        with self._lock:
            burst = self._bursts.get(name)
            if burst is not None and not burst.count:
                del self._bursts[name]
                return
        self._start(name, is_daemon=False)
