"""A document: the bytes that arrived, known by their SHA-256, and how far we are with them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from worker.domain.envelope import PLAIN, Envelope


class DocumentOutcome(StrEnum):
    """How a document ended, as documents.csv says it."""

    PROCESSED = "processed"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


class Stage(StrEnum):
    """How far a document is: RECEIVED -> OPENED -> READ -> DECIDED -> FILED, each move one conditional UPDATE."""

    RECEIVED = "received"
    OPENED = "opened"
    READ = "read"
    DECIDED = "decided"
    FILED = "filed"
    REJECTED = "rejected"
    """The bytes are not a document; a reason says why."""
    PARKED = "parked"
    """We failed on it again and again: a person must look. Its bytes are kept."""

    @property
    def is_end(self) -> bool:
        """Nothing more happens to the document by itself."""
        return self in (Stage.FILED, Stage.REJECTED, Stage.PARKED)


class DocumentKind(StrEnum):
    """What the bytes are, by their content and never by their name."""

    TIFF = "tiff"
    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file came through a door. The same bytes twice are one document with two arrivals.

    `source` is the name a person knows the file by, printable and unique among the arrivals of one store.
    `order` counts arrivals from 1. `is_duplicate`: an earlier arrival brought the same bytes. `receipt` is the number
    that the sender gets; it tells nothing and cannot be guessed.
    """

    order: int
    source: str
    sha256: str
    received_at: datetime
    is_duplicate: bool
    envelope: Envelope = PLAIN
    receipt: str = ""
