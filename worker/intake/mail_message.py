"""A mail taken apart: which of its parts are documents, and the words that may tell about the fax (no network).

What a part is, its first bytes say: gateways send application/octet-stream, under names that strangers chose. Logos of
a signature are left out, but only where they are certain to be that; what is no document and no furniture either is
kept for a person to see.
"""

import email
import email.errors
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

from PIL import Image

from worker.domain.document import DocumentKind
from worker.errors import BadDocumentError

#: Characters of text that are searched for what the gateway says.
MOST_TEXT = 20_000
#: A picture inside the text with fewer bytes and pixels is a logo: a fax page is at least 1,000 pixels wide.
LOGO_BYTES, LOGO_PIXELS = 40_000, 300_000
LOGO_SIDE = 800
#: As in ocr.kinds, which a door does not import.
_STARTS = (
    (b"II*\0", DocumentKind.TIFF),
    (b"MM\0*", DocumentKind.TIFF),
    (b"II+\0", DocumentKind.TIFF),
    (b"MM\0+", DocumentKind.TIFF),
    (b"\x89PNG\r\n\x1a\n", DocumentKind.PNG),
    (b"\xff\xd8\xff", DocumentKind.JPEG),
)
#: Types of parts that go with a mail and hold no pages.
_FURNITURE = re.compile(r"application/(pgp-|pkcs7-sig|x-pkcs7-sig)|text/(x-)?(vcard|calendar|directory)|message/")
#: Where a mail says that it does not hang together; parts may be missing.
_BROKEN = (
    email.errors.NoBoundaryInMultipartDefect,
    email.errors.StartBoundaryNotFoundDefect,
    email.errors.CloseBoundaryNotFoundDefect,
    email.errors.MultipartInvariantViolationDefect,
    email.errors.MissingHeaderBodySeparatorDefect,
)
#: What Python's parser raises on hostile mails, deep nesting included.
_UNREADABLE = (
    email.errors.MessageError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is to be taken in. `number` is its place among the mail's parts, from 1; `kind` None: no document."""

    number: int
    name: str
    data: bytes
    kind: DocumentKind | None


@dataclass(frozen=True, slots=True)
class Mail:
    """`key` is the Message-ID, or a hash of the mail. `headers` have small names; `is_report`: a bounce or receipt.

    `is_broken`: the mail does not hang together, as if its end were missing.
    """

    key: str
    subject: str
    sender: str
    mailbox: str
    text: str
    headers: Mapping[str, str]
    parts: tuple[Part, ...]
    is_report: bool
    is_broken: bool


def read_mail(raw: bytes) -> Mail:
    """Take a mail apart. Raises BadDocumentError when nothing can be made of it."""
    try:
        return _mail(raw, email.message_from_bytes(raw))
    except _UNREADABLE as error:
        raise BadDocumentError(f"this mail cannot be taken apart ({type(error).__name__})") from error


def key_of(raw: bytes) -> str:
    """The name of a mail that has none: a hash, the same for the same bytes."""
    return f"sha256-{hashlib.sha256(raw).hexdigest()[:32]}"


def sniff(data: bytes) -> DocumentKind | None:
    """What kind of document the bytes are; None for all else."""
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    return DocumentKind.PDF if b"%PDF-" in data[:1_024] else None


def _mail(raw: bytes, message: Message) -> Mail:
    leaves = [part for part in message.walk() if not part.is_multipart()]
    is_report = message.get_content_type() == "multipart/report"
    headers = {name.lower(): _plain(value) for name, value in message.items()}
    return Mail(
        key=" ".join(headers.get("message-id", "").split())[:500] or key_of(raw),
        subject=headers.get("subject", ""),
        sender=parseaddr(headers.get("from", ""))[1],
        mailbox=_first_address(headers, "delivered-to", "x-original-to", "to"),
        text=_text(leaves),
        headers=headers,
        parts=tuple(_parts(leaves, is_report=is_report)),
        is_report=is_report,
        is_broken=any(isinstance(defect, _BROKEN) for part in message.walk() for defect in part.defects),
    )


def _parts(leaves: list[Message], *, is_report: bool) -> Iterator[Part]:
    for number, leaf in enumerate(leaves, 1):
        data = _data(leaf)
        kind = sniff(data)
        if not data or _is_logo(leaf, data) or (kind is None and (is_report or not _may_hold_pages(leaf))):
            continue
        yield Part(number, _name(leaf), data, kind)


def _may_hold_pages(leaf: Message) -> bool:
    """Not a document by its bytes: an archive, an Office file, or something of which we know nothing."""
    if _FURNITURE.match(leaf.get_content_type()):
        return False
    if leaf.get_content_maintype() == "multipart":  # without its boundary: the mail is broken
        return False
    return leaf.get_content_maintype() != "text" or leaf.get_content_disposition() == "attachment"


def _is_logo(leaf: Message, data: bytes) -> bool:
    """A small picture that belongs to the text. In doubt it is none: pages must not be lost."""
    belongs_to_text = leaf.get("Content-ID") is not None or leaf.get_content_disposition() == "inline"
    if not belongs_to_text or len(data) > LOGO_BYTES or not data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        return False
    try:
        with Image.open(io.BytesIO(data)) as picture:
            wide, high = picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return max(wide, high) <= LOGO_SIDE and wide * high <= LOGO_PIXELS


def _data(leaf: Message) -> bytes:
    data = leaf.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _name(leaf: Message) -> str:
    """The part's file name as a person may see it: the last of a path, printable, not too long."""
    plain = _plain(leaf.get_filename() or "")
    last = re.split(r"[/\\]", plain)[-1]
    return "".join(c for c in last if c.isprintable()).strip()[-100:]


def _text(leaves: list[Message]) -> str:
    """The words of the mail itself: plain text, or else what its HTML says."""
    for kind in ("text/plain", "text/html"):
        for leaf in leaves:
            if leaf.get_content_type() == kind and leaf.get_content_disposition() != "attachment":
                words = _data(leaf)[: 4 * MOST_TEXT].decode(_charset(leaf), "replace")
                return (words if kind == "text/plain" else re.sub(r"<[^>]{0,2000}>|&nbsp;", " ", words))[:MOST_TEXT]
    return ""


def _charset(leaf: Message) -> str:
    name = leaf.get_content_charset("utf-8")
    try:
        return name if "x".encode(name) else "utf-8"
    except (LookupError, ValueError):
        return "latin-1"


def _plain(value: object) -> str:
    """A header as text; what cannot be decoded stays as it came."""
    try:
        plain = str(make_header(decode_header(str(value))))
    except (LookupError, ValueError, email.errors.MessageError):
        plain = str(value)
    return plain.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _first_address(headers: Mapping[str, str], *names: str) -> str:
    addresses = (parseaddr(headers.get(name, ""))[1] for name in names)
    return next((address for address in addresses if address), "")
