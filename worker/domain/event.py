"""An event: what others are told about a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """What happened."""

    PAGES_FILED = "pages_filed"
    """The payload says which pages of a document are filed to the request now."""
    PAGES_WITHDRAWN = "pages_withdrawn"
    """A document that had pages filed to the request has none any more."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event that is to be told. The payload holds ids and counts, never health information."""

    request_id: str
    kind: EventKind
    payload: Mapping[str, object]
