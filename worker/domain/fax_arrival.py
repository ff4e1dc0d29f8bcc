"""A fax that has come, as the reconciliation with a fax server's log of calls sees it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FaxArrival:
    """`place` begins with the fax server's name; `commid` is its name for the call, which may bring several documents.

    Without `has_bytes` the call is on record and its document is not.
    """

    place: bytes
    commid: str
    received_at: datetime
    has_bytes: bool
