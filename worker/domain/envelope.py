"""How a document came: everything that is known about it apart from its bytes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

#: The line of documents that say nothing else.
ROUTINE = "routine"


class Channel(StrEnum):
    """The door a document came through."""

    TRAY = "tray"
    """Given to `pigeonhole process`."""
    FOLDER = "folder"
    FAX = "fax"
    API = "api"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a door knows of a document. Names and numbers are text that strangers chose: to be shown, never run.

    `sender` is the calling number or mail address, `sender_name` what the caller calls himself (caller id, TSI),
    `dialled` the number or mailbox that was reached, `declared_pages` how many pages the sender announced,
    `error` what the receiving side says went wrong, `external_id` its own name for the call, message or batch
    (one call may bring several documents), `index` what a scanning station keyed in, as name and value.
    """

    channel: Channel = Channel.TRAY
    line: str = ROUTINE
    sender: str = ""
    sender_name: str = ""
    dialled: str = ""
    station: str = ""
    operator: str = ""
    declared_pages: int | None = None
    error: str = ""
    external_id: str = ""
    index: tuple[tuple[str, str], ...] = ()


#: Nothing is known but the bytes.
PLAIN = Envelope()


@dataclass(frozen=True, slots=True)
class Incoming:
    """Something that stands in a door, before its bytes are known.

    `place` is where it lies, by which it is recognised when it is offered again: an absolute path as the system's
    bytes, or a door's own name for it (`mail:<message id>/2`). `source` is the name that people know it by, printable.
    `received_at` is aware, in the payer's time zone where the door knows it.
    """

    place: bytes
    source: str
    received_at: datetime
    envelope: Envelope = PLAIN
