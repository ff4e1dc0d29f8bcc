"""The log of calls of a HylaFAX server, `log/xferfaxlog`: the ledger that received faxes are held against.

One line a call or document, fields between tabs (xferfaxlog(5)). Those of a received document:

    date RECV commid modem file "" fax "local" "TSI" params pages jobtime conntime "reason" "CID1" "CID2" "..." "" "dcs"

The third to the last caller id stand in one field with `::` between. Quotes inside a field are not escaped: names hold
what callers like.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from worker.errors import BadDocumentError
from worker.intake.fax_hook import shown

#: Where it is, below the spool: HylaFAX 6, and what its manual page and older servers say.
PLACES = ("log/xferfaxlog", "etc/xferfaxlog")
RECEIVED = b"RECV"
DATE = "%m/%d/%y %H:%M"
FEWEST_FIELDS = 14
BETWEEN_IDS = "::"


@dataclass(frozen=True, slots=True)
class ReceivedCall:
    """A document that the server says it received. `when` the call began, to the minute; `file` without its folder.

    `reason` is what went wrong, empty when nothing did; `tsi` is what the sending machine calls itself; `caller_ids`
    are in the modem's order.
    """

    when: datetime
    commid: str
    device: str
    file: str
    tsi: str
    pages: int
    reason: str
    caller_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallLog:
    """The received documents in the log's order, and how many RECV lines could not be read."""

    calls: tuple[ReceivedCall, ...]
    unreadable: int = 0


def find_log(spool: Path) -> Path:
    """The log of this spool. Raises BadDocumentError where there is none."""
    for place in PLACES:
        if (spool / place).is_file():
            return spool / place
    raise BadDocumentError(f"{spool} has no log of calls ({' or '.join(PLACES)}): check the folder")


def read_calls(log: Path) -> CallLog:
    """Read the log. Its times are the machine's: the sweep runs on the fax server. Raises BadDocumentError."""
    try:
        lines = log.read_bytes().splitlines()
    except OSError as error:
        raise BadDocumentError(f"the log of calls {log} cannot be read ({type(error).__name__})") from error
    received = [fields for fields in (line.split(b"\t") for line in lines) if fields[1:2] == [RECEIVED]]
    calls = [_call(fields) for fields in received]
    return CallLog(tuple(call for call in calls if call), sum(call is None for call in calls))


def _call(fields: list[bytes]) -> ReceivedCall | None:
    if len(fields) < FEWEST_FIELDS:
        return None
    values = [shown(_unquoted(field)) for field in fields]
    try:
        when, pages = datetime.strptime(values[0], DATE).astimezone(), int(values[10])
    except ValueError:
        return None
    rest = values[16].split(BETWEEN_IDS) if len(values) > 16 and values[16] else []
    return ReceivedCall(
        when=when,
        commid=values[2],
        device=values[3],
        file=PurePosixPath(values[4]).name,
        tsi=values[8],
        pages=pages,
        reason=values[13],
        caller_ids=(*values[14:16], *rest),
    )


def _unquoted(field: bytes) -> bytes:
    is_quoted = len(field) >= 2 and field[:1] == field[-1:] == b'"'
    return field[1:-1] if is_quoted else field
