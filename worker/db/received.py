"""What came for a request: the answer to a provider's "has it arrived?"."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from worker.db import page_also
from worker.db.engine import reading
from worker.db.tables import ARRIVALS, DOCUMENTS
from worker.domain.document import Stage
from worker.domain.envelope import Channel


@dataclass(frozen=True, slots=True)
class Received:
    """One arrival of a document that holds pages of the request; `pages` are the numbers of those pages alone."""

    receipt: str
    received_at: datetime
    channel: Channel
    line: str
    stage: Stage
    is_duplicate: bool
    pages: tuple[int, ...]


def load_of(engine: sa.Engine, request_id: str, lines: Collection[str] = ()) -> tuple[Received, ...]:
    """In the order of arrival; only what came on these lines, where some are given."""
    filed = page_also.filed_to(request_id).order_by("number")
    with reading(engine) as connection:
        numbers: dict[str, list[int]] = {}
        for sha256, number in connection.execute(filed):
            numbers.setdefault(sha256, []).append(number)
        query = (
            sa.select(ARRIVALS, DOCUMENTS.c.stage)
            .join(DOCUMENTS, DOCUMENTS.c.sha256 == ARRIVALS.c.sha256)
            .where(ARRIVALS.c.sha256.in_(numbers))
            .order_by(ARRIVALS.c.order)
        )
        if lines:
            query = query.where(ARRIVALS.c.line.in_(lines))
        return tuple(_received(row, numbers[row.sha256]) for row in connection.execute(query))


def _received(row: sa.Row[tuple[object, ...]], pages: list[int]) -> Received:
    values = row._mapping  # Row's documented access by name
    return Received(
        receipt=values["receipt"] or "",
        received_at=values["received_at"],
        channel=Channel(values["channel"]),
        line=values["line"],
        stage=Stage(values["stage"]),
        is_duplicate=values["is_duplicate"],
        pages=tuple(pages),
    )
