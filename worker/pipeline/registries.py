"""The registry as workers see it: asked in the database, where it may have a million requests."""

import contextlib
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

import sqlalchemy as sa

from worker.db.request_lookups import Answers, look_up
from worker.matching.registry import Registry


class Registries(Protocol):
    """The registry as it is now."""

    def current(self) -> AbstractContextManager[tuple[Registry, int]]:
        """The requests to match with, and the version that they are; they do not change until the block ends."""


class StoredRegistry:
    """The registry of a database. Safe to use from several threads; each block holds a connection.

    Documents are looked over several times, and those that come together ask alike: what the registry answered goes
    from one block to the next.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        #: As many as there were blocks at once; taking from a deque and putting back need no lock.
        self._known: deque[Answers] = deque()

    @contextlib.contextmanager
    def current(self) -> Iterator[tuple[Registry, int]]:
        """See Registries."""
        known = None
        with contextlib.suppress(IndexError):  # all are in use
            known = self._known.pop()
        with look_up(self._engine, known) as (lookups, version):
            yield lookups, version
        if not lookups.answers.are_many:
            self._known.append(lookups.answers)


class FixedRegistry:
    """A registry that never changes, such as one in memory."""

    def __init__(self, registry: Registry, version: int = 0) -> None:
        self.registry, self.version = registry, version

    @contextlib.contextmanager
    def current(self) -> Iterator[tuple[Registry, int]]:
        """See Registries."""
        yield self.registry, self.version
