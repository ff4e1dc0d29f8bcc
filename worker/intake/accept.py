"""The one way in for every door: first the bytes are safe, then the arrival is recorded."""

import os
from datetime import datetime
from typing import Protocol

from worker.domain.document import Arrival
from worker.errors import BadDocumentError
from worker.intake.scans import Scan
from worker.storage.originals import Kept, Originals


class Record(Protocol):
    """Notes an arrival and returns it: the same path with the same bytes again is the same arrival.

    `kept` is None, and `refusal` says why, when the bytes could not be taken.
    """

    def __call__(
        self, path: bytes, source: str, received_at: datetime, kept: Kept | None, refusal: str = ""
    ) -> Arrival:
        """Note it."""
        ...


def accept(scan: Scan, originals: Originals, record: Record, received_at: datetime) -> Arrival:
    """Take the scan in. After this returns, neither the file nor the fact that it came can be lost.

    A file that cannot be read is an arrival as well, with an empty sha256 and its refusal on record.
    Raises CannotWriteError: then nothing was recorded, and trying again is safe.
    """
    path = os.fsencode(scan.path)
    if scan.refusal:
        return record(path, scan.source, received_at, None, scan.refusal)
    try:
        kept = originals.keep(scan.path)
    except BadDocumentError as error:
        return record(path, scan.source, received_at, None, error.reason)
    return record(path, scan.source, received_at, kept)
