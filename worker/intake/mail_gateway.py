"""What a fax-to-email gateway says about the call, in headers of its own, in the subject or in the text (pure).

No gateway's format is in the code: a number counts only behind a word that says whose number it is.
"""

import re
from dataclasses import dataclass

from worker.intake.mail_message import Mail

#: What stands behind a number and belongs to something else: `2155550123 (2 pages)`, `2155550123 2 pages`.
_NUMBER = (
    r"[\s\"'<\[:=#]*(\+?(?:\d{1,3}[ .\-]?)?(?:\(\d{2,5}\)[ .\-]?)?\d{2,15}(?:[ .\-]\d{2,5}){0,4})"
    r"(?![\d@])(?![ \-]*(?:page|pg))"
)
_SENDER = re.compile(
    r"\b(?:from|caller[ -]?id|calling number|caller|sender|remote(?: id| number)?|csid|tsi|ani|cid)"
    r"(?: fax)?(?: number| no\.?)?\b" + _NUMBER,
    re.IGNORECASE,
)
_DIALLED = re.compile(
    r"\b(?:to|dial+ed|dnis|did|called|recipient|destination|your)(?: fax)?(?: number| no\.?)?\b" + _NUMBER,
    re.IGNORECASE,
)
_PAGES = (
    re.compile(r"\b(?:number of |no\. of |total )?pages?(?: received| count)?\s*[:=#]\s*(\d{1,4})\b", re.IGNORECASE),
    re.compile(r"\b(\d{1,4})[ -]*(?:pages?\b|page\(s\)|pgs?\b)", re.IGNORECASE),
)
_STATION = re.compile(r"\b(?:tsi|csid|station id|remote csid)\s*[:=]\s*([^\r\n]{1,60})", re.IGNORECASE)
_FAILURE = re.compile(
    r"\b(fail(ed|ure|s)?|errors?|unsuccessful|incomplete|aborted|not (been )?received|could not|unable to)\b",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d\d[.-]\d\d[.-]\d{4}")


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of the call; empty, or None, where nothing is said."""

    sender: str = ""
    sender_name: str = ""
    dialled: str = ""
    pages: int | None = None


def read_call(mail: Mail) -> Call:
    """The call that a mail brought. The numbers are digits with at most a `+` before them."""
    said = "\n".join((_said_in_headers(mail), mail.subject, mail.text))
    station = _STATION.search(said)
    return Call(
        sender=_number(_SENDER, said),
        sender_name="" if station is None else station.group(1).strip(),
        dialled=_number(_DIALLED, said),
        pages=_pages(said),
    )


def tells_failure(mail: Mail) -> bool:
    """A mail without a document says that a fax could not be received."""
    return bool(_FAILURE.search(mail.subject) or _FAILURE.search(mail.text[:2_000]))


def _said_in_headers(mail: Mail) -> str:
    """`X-Fax-From: 2155550123` and `X-CallerID: ...` as lines `From: ...`, `CallerID: ...`."""
    own = ((name, value) for name, value in mail.headers.items() if re.match(r"x-.*(fax|caller|pages|dnis)", name))
    return "\n".join(f"{re.sub(r'^x-|fax-?', '', name).replace('-', ' ')}: {value}" for name, value in own)


def _number(pattern: re.Pattern[str], said: str) -> str:
    for found in pattern.finditer(said):
        for number in (found.group(1), found.group(1).split(" ")[0]):  # a date may follow: `2155550123 2026-11-02`
            digits = re.sub(r"\D", "", number)
            if 7 <= len(digits) <= 15 and not _DATE.match(number):
                return ("+" if number.startswith("+") else "") + digits
    return ""


def _pages(said: str) -> int | None:
    found = next((match for pattern in _PAGES if (match := pattern.search(said))), None)
    return int(found.group(1)) or None if found else None
