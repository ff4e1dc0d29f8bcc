"""The registry as workers see it: loaded once, and again when its version in the database has changed."""

import threading

import sqlalchemy as sa

from worker.db import facts, requests
from worker.matching.registry import RequestTable


class LoadedRegistry:
    """Safe to use from several threads; a change shows from the next document on."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._loaded: tuple[RequestTable, int] | None = None

    def current(self) -> tuple[RequestTable, int]:
        """The requests and their version."""
        with self._lock:
            version = facts.load(self._engine, facts.REGISTRY_VERSION)
            if self._loaded is None or self._loaded[1] != version:
                # The version is read first: what is loaded may be newer, and is then loaded once more, never missed.
                self._loaded = (RequestTable(requests.load_all(self._engine)), version)
            return self._loaded
