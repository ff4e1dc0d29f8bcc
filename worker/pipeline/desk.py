"""What a worker has before it: where things are, what reads pages, whose pages they could be, when to file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Protocol

from worker.domain.line import MOST_PAGES, Line
from worker.domain.review_policy import ReviewPolicy
from worker.matching.policy import Policy
from worker.notify.receivers import Receiver
from worker.ocr.page_reader import PageReader
from worker.pipeline.bell import Bell, NoBell
from worker.pipeline.give_out import Shelf
from worker.pipeline.registries import Registries


class Progress(Protocol):
    """Told how far the work is; implementations must be safe to call from several threads."""

    def expect(self, pages: int) -> None:
        """So many pages more will be read."""

    def page_read(self) -> None:
        """One page had its first look."""

    def document_done(self) -> None:
        """One document is filed, rejected or parked."""


class Silent:
    """Nobody watches."""

    def expect(self, pages: int) -> None:
        """Nothing is counted."""

    def page_read(self) -> None:
        """Nothing is counted."""

    def document_done(self) -> None:
        """Nothing is counted."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What is needed to work on documents."""

    shelf: Shelf
    reader: PageReader
    registries: Registries
    policy: Policy
    progress: Progress = field(default_factory=Silent)
    bell: Bell = field(default_factory=NoBell)
    lines: Mapping[str, Line] = field(default_factory=dict)
    receivers: Sequence[Receiver] = ()
    review: ReviewPolicy = field(default_factory=ReviewPolicy)
    zone: tzinfo = UTC

    def most_pages(self, line: str) -> int:
        """How many pages a document of this line may have."""
        return self.lines[line].max_pages if line in self.lines else MOST_PAGES
