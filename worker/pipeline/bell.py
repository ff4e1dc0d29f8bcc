"""The bell: tells workers that there is something to do. Losing a ring costs time, never work."""

from typing import Protocol

from worker.domain.task import Step


class Bell(Protocol):
    """Whoever is to be woken."""

    def ring(self, step: Step) -> None:
        """One task of this step has been added. Never raises and never waits long: doors answer while it is broken."""
        ...


class NoBell:
    """For workers that look into the database by themselves."""

    def ring(self, step: Step) -> None:
        """They will see."""
