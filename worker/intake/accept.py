"""The one way in for every door: first the bytes are safe, then the arrival is recorded."""

from pathlib import Path
from typing import Protocol

from worker.domain.document import Arrival
from worker.domain.envelope import Incoming
from worker.errors import BadDocumentError
from worker.storage.originals import Kept, Originals


class Accept(Protocol):
    """What a door is given: takes in the file at a path, as `accept` below, and rings the bell."""

    def __call__(self, incoming: Incoming, path: Path, refusal: str = "") -> Arrival:
        """Take it in; neither the file nor the fact that it came can be lost after this returns."""
        ...


class Record(Protocol):
    """Notes an arrival and returns it: the same place with the same bytes again is the same arrival.

    `kept` is None, and `refusal` says why, when the bytes could not be taken.
    """

    def __call__(self, incoming: Incoming, kept: Kept | None, refusal: str = "") -> Arrival:
        """Note it."""
        ...


def accept(incoming: Incoming, path: Path, originals: Originals, record: Record, refusal: str = "") -> Arrival:
    """Take the file at `path` in. After this returns, neither the file nor the fact that it came can be lost.

    A file that cannot be read (or has a `refusal` already) is an arrival as well, with an empty sha256 and its refusal
    on record. Raises CannotWriteError and UnreachableError: then nothing was recorded, and trying again is safe.
    """
    if refusal:
        return record(incoming, None, refusal)
    try:
        kept = originals.keep(path)
    except BadDocumentError as error:
        return record(incoming, None, error.reason)
    return record(incoming, kept)
