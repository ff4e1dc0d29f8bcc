"""What is to be given out of one document: its pages with their decisions, and where the bytes are."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from worker.domain.decision import Decision
from worker.domain.document import Arrival, DocumentKind
from worker.filing.copy import ChosenPage, CopyMethod


@dataclass(frozen=True, slots=True)
class FiledPage:
    """A page to give out. `rotation` as in ChosenPage: the turn that brings it upright."""

    decision: Decision
    rotation: int = 0

    @property
    def chosen(self) -> ChosenPage:
        """The page as the PDF writer wants it."""
        return ChosenPage(self.decision.page, self.rotation)


@dataclass(frozen=True, slots=True)
class DocumentPages:
    """Pages of one document for one place, in the order of the document.

    `arrival` is the first that brought the bytes; `original` gives them as a local file for the length of a block, and
    is asked only when a PDF must be written: they may have to be fetched from afar.
    """

    arrival: Arrival
    kind: DocumentKind
    original: Callable[[], AbstractContextManager[Path]]
    pages: tuple[FiledPage, ...]

    @property
    def file_name(self) -> str:
        """The name of the PDF: it says nothing about the people in it."""
        return f"{short_hash(self.arrival.sha256)}.pdf"


@dataclass(frozen=True, slots=True)
class WrittenPdf:
    """A PDF that stands in its place, with its own hash and how each page was copied."""

    file: str
    sha256: str
    methods: tuple[CopyMethod, ...]


def short_hash(sha256: str) -> str:
    """The first 16 of 64 hex digits: enough to tell the documents of a payer apart."""
    return sha256[:16]
