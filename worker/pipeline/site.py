"""The site: everything that the doors and workers of one payer share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from worker.db import arrivals
from worker.domain.document import Arrival
from worker.domain.envelope import Incoming
from worker.domain.line import Line
from worker.domain.review_policy import ReviewPolicy
from worker.domain.task import Step
from worker.errors import UnknownLineError
from worker.intake.accept import accept
from worker.pipeline.bell import Bell
from worker.pipeline.give_out import Shelf
from worker.storage.originals import Kept


@dataclass(frozen=True, slots=True)
class Site:
    """`home` is the local folder for what is kept nowhere else; `zone` is the payer's, by whose calendar clocks run."""

    home: Path
    shelf: Shelf
    lines: Mapping[str, Line]
    zone: ZoneInfo
    bell: Bell
    review: ReviewPolicy = field(default_factory=ReviewPolicy)

    @property
    def inbox(self) -> Path:
        """Where doors that must not wait for the database drop what comes."""
        return self.home / "inbox"

    @property
    def drop(self) -> Path:
        """The hot folders of `pigeonhole up`, one for each line."""
        return self.home / "drop"

    def now(self) -> datetime:
        """The moment, with the payer's clock."""
        return datetime.now(self.zone)

    def line(self, name: str) -> Line:
        """The line of this name. Raises UnknownLineError."""
        if name not in self.lines:
            raise UnknownLineError(name, tuple(self.lines))
        return self.lines[name]

    def accept(self, incoming: Incoming, path: Path, refusal: str = "") -> Arrival:
        """Take in what came through a door, and ring. See intake.accept."""
        arrival = accept(incoming, path, self.shelf.originals, self._record, refusal)
        if arrival.sha256 and not arrival.is_duplicate:
            self.bell.ring(Step.OPEN)
        return arrival

    def _record(self, incoming: Incoming, kept: Kept | None, refusal: str = "") -> Arrival:
        line = self.line(incoming.envelope.line)
        return arrivals.record_arrival(
            self.shelf.engine, incoming, kept, refusal, priority=line.priority, clock_hours=line.clock_hours
        )
