"""The registry as workers see it: loaded once, and again when its version in the database has changed."""

import threading
import time

import sqlalchemy as sa

from worker.db import facts, requests
from worker.matching.registry import RequestTable

#: Loading the registry takes at most one part in so many of a worker's time.
LOADING_SHARE = 20


class LoadedRegistry:
    """Safe to use from several threads.

    A change shows soon, at once where loading is quick: a registry that changes all day must not be loaded for each
    document. A document that was matched with an older version says so, and is matched again (see sweep).
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._loaded: tuple[RequestTable, int] | None = None
        self._load_again_at = 0.0

    def current(self) -> tuple[RequestTable, int]:
        """The requests and their version."""
        with self._lock:
            if self._loaded is None or time.monotonic() >= self._load_again_at:
                self._loaded = self._newest(self._loaded)
            return self._loaded

    def _newest(self, loaded: tuple[RequestTable, int] | None) -> tuple[RequestTable, int]:
        # The version is read first: what is loaded may be newer, and is then loaded once more, never missed.
        version = facts.load(self._engine, facts.REGISTRY_VERSION)
        if loaded is not None and loaded[1] == version:
            return loaded
        began = time.monotonic()
        table = RequestTable(requests.load_all(self._engine))
        self._load_again_at = time.monotonic() + LOADING_SHARE * (time.monotonic() - began)
        return table, version
