"""Finding documents by what people know of them: the receipt, the file's name, the sender, the hash."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from worker.db import page_also
from worker.db.engine import reading
from worker.db.tables import ARRIVALS, DOCUMENTS
from worker.domain.document import Stage
from worker.domain.envelope import Channel

#: Rows of one page.
PAGE = 50
#: The beginning of a hash, and how few of its digits tell a document apart.
_HASH = re.compile(r"[0-9a-f]{8,64}")
#: A telephone number as people write it.
_NUMBER = re.compile(r"\+?[\d\s().-]{4,}")


@dataclass(frozen=True, slots=True)
class Came:
    """An arrival with how far its document is; `sha256` and `stage` are None where it was refused."""

    order: int
    source: str
    receipt: str
    received_at: datetime
    channel: Channel
    line: str
    sender: str
    sender_name: str
    is_repeat: bool
    refusal: str
    sha256: str | None
    stage: Stage | None
    pages: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A document that holds pages of a request, by its first arrival; `pages` are the numbers of those pages."""

    came: Came
    pages: tuple[int, ...]


def find_holders(engine: sa.Engine, request_id: str, lines: Collection[str] = ()) -> tuple[Holder, ...]:
    """The documents with pages that are filed to the request, in the order in which they came."""
    filed = page_also.filed_to(request_id).order_by("number")
    numbers: dict[str, list[int]] = {}
    with reading(engine) as connection:
        for sha256, number in connection.execute(filed):
            numbers.setdefault(sha256, []).append(number)
    first = ARRIVALS.c.order == DOCUMENTS.c.position
    came = _load(engine, _came(lines).where(ARRIVALS.c.sha256.in_(numbers), first))
    return tuple(Holder(each, tuple(numbers[each.sha256 or ""])) for each in reversed(came))


def load_recent(engine: sa.Engine, lines: Collection[str] = (), before: int | None = None) -> tuple[Came, ...]:
    """What came, the newest first, on these lines (none: any); what came before the arrival `before`, where given.

    At most PAGE and one more.
    """
    query = _came(lines).limit(PAGE + 1)
    return _load(engine, query if before is None else query.where(ARRIVALS.c.order < before))


def load_sources(engine: sa.Engine, hashes: Collection[str]) -> dict[str, str]:
    """Hash -> the name that people know the document by: that of its first arrival."""
    query = sa.select(DOCUMENTS.c.sha256, ARRIVALS.c.source).join(ARRIVALS, ARRIVALS.c.order == DOCUMENTS.c.position)
    with reading(engine) as connection:
        rows = connection.execute(query.where(DOCUMENTS.c.sha256.in_(hashes)))
        return {row.sha256: row.source for row in rows}


def find_documents(engine: sa.Engine, text: str, lines: Collection[str] = (), limit: int = PAGE) -> tuple[Came, ...]:
    """Arrivals that this may mean: by receipt or hash first, else by a part of file name, sender or outside id."""
    text = text.strip()
    if not text:
        return ()
    found = _load(engine, _came(lines).where(_is_exactly(text)).limit(limit))
    return found or _load(engine, _came(lines).where(_contains(text)).limit(limit))


def _is_exactly(text: str) -> sa.ColumnElement[bool]:
    is_receipt = ARRIVALS.c.receipt == text.upper().replace("-", "").replace(" ", "")
    folded = text.lower()
    if not _HASH.fullmatch(folded):
        return is_receipt
    return sa.or_(is_receipt, sa.and_(ARRIVALS.c.sha256 >= folded, ARRIVALS.c.sha256 < folded + "g"))


def _contains(text: str) -> sa.ColumnElement[bool]:
    columns = (ARRIVALS.c.source, ARRIVALS.c.sender, ARRIVALS.c.sender_name, ARRIVALS.c.external_id)
    ways = [column.icontains(text, autoescape=True) for column in columns]
    if _NUMBER.fullmatch(text):
        digits = re.sub(r"\D", "", text)
        ways.append(ARRIVALS.c.sender.contains(digits, autoescape=True))
    return sa.or_(*ways)


def _came(lines: Collection[str]) -> sa.Select[tuple[object, ...]]:
    line = sa.func.coalesce(DOCUMENTS.c.line, ARRIVALS.c.line)
    names = ("order", "source", "receipt", "received_at", "channel", "sender", "sender_name", "refusal", "sha256")
    query = (
        sa.select(
            *(ARRIVALS.c[name] for name in names),
            line.label("line"),
            ARRIVALS.c.is_duplicate.label("is_repeat"),
            *(DOCUMENTS.c[name] for name in ("stage", "pages")),
            sa.func.coalesce(DOCUMENTS.c.reason, "").label("reason"),
        )
        .outerjoin(DOCUMENTS, DOCUMENTS.c.sha256 == ARRIVALS.c.sha256)
        .order_by(ARRIVALS.c.order.desc())
    )
    return query.where(line.in_(sorted(lines))) if lines else query


def _load(engine: sa.Engine, query: sa.Select[tuple[object, ...]]) -> tuple[Came, ...]:
    with reading(engine) as connection:
        return tuple(_row(row) for row in connection.execute(query))


def _row(row: sa.Row[tuple[object, ...]]) -> Came:
    values = dict(row._mapping)  # Row's documented access by name
    stage = None if values["stage"] is None else Stage(str(values["stage"]))
    known = {"stage": stage, "channel": Channel(str(values["channel"])), "receipt": values["receipt"] or ""}
    return Came(**values | known)
