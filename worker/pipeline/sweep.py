"""The sweep: makes good what was lost between the database and the bell. Safe to run many times at once.

Retries that are due and leases that ran out need no help: a claim finds them. They only need somebody to wake up.
"""

from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa

from worker.db import facts, tasks, waiting
from worker.domain.task import Step

#: Rings of one step in one sweep: enough to keep any number of workers busy until the next.
MOST_RINGS = 256
#: Documents in review that are decided anew after one sweep, so that a registry that changes all day costs little.
MOST_AGAIN = 100


class CountingBell(Protocol):
    """A bell that can tell how many rings nobody has heard yet."""

    def ring(self, step: Step) -> None:
        """See Bell."""
        ...

    def count(self, step: Step) -> int:
        """Rings of this step that wait."""
        ...


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did: rings made good, documents to be decided again, tasks that were missing."""

    rung: int
    again: int
    mended: int


def sweep(engine: sa.Engine, bell: CountingBell | None) -> Swept:
    """One pass. `bell` is None where workers look for themselves. Raises UnreachableError."""
    mended = waiting.mend(engine)
    again = waiting.ask_again(engine, facts.load(engine, facts.REGISTRY_VERSION), MOST_AGAIN)
    return Swept(_ring_again(engine, bell) if bell else 0, again, mended)


def _ring_again(engine: sa.Engine, bell: CountingBell) -> int:
    """As many rings for each step as there are tasks that could be claimed now and no ring waits for."""
    rung = 0
    for step, due in tasks.count_due(engine).items():
        missing = min(due - bell.count(step), MOST_RINGS)
        for _ in range(missing):
            bell.ring(step)
        rung += max(0, missing)
    return rung
