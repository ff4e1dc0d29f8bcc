"""Pages: what was read on each, and what was decided. Saved together with the document's next stage."""

from collections.abc import Sequence

import sqlalchemy as sa

from worker.db.codec import decision_from_json, decision_to_json, reading_from_json, reading_to_json
from worker.db.documents import advance
from worker.db.engine import reading
from worker.db.tables import PAGES
from worker.domain.decision import Decision
from worker.domain.document import DocumentKind, Stage
from worker.domain.reading import PageReading


def save_readings(
    engine: sa.Engine, sha256: str, kind: DocumentKind, readings: Sequence[PageReading], *, damage: str = ""
) -> bool:
    """RECEIVED -> READ with one row per page, in one transaction; False: another worker was first.

    `damage` says what is wrong with the file as a whole; it becomes the document's reason. Raises ValueError unless
    the pages are numbered from 1 without a gap: a page would be lost.
    """
    numbers = [page.number for page in readings]
    if numbers != list(range(1, len(readings) + 1)):
        raise ValueError(f"pages must be numbered 1 to {len(readings)}, not {numbers}")
    with engine.begin() as connection:
        facts: dict[str, str | int | None] = {"kind": kind.value, "pages": len(readings), "reason": damage}
        if not advance(connection, sha256, Stage.RECEIVED, Stage.READ, facts):
            return False
        rows = [{"sha256": sha256, "number": page.number, "reading": reading_to_json(page)} for page in readings]
        if rows:
            connection.execute(sa.insert(PAGES), rows)
        return True


def save_decisions(
    engine: sa.Engine, sha256: str, decisions: Sequence[Decision], readings: Sequence[PageReading] = ()
) -> bool:
    """READ -> DECIDED with a decision for every page; False: another worker was first.

    `readings` are those pages that were read further in order to decide; they replace what was stored.
    Raises ValueError unless there is exactly one decision per page: a page would be lost or doubled.
    """
    with engine.begin() as connection:
        if not advance(connection, sha256, Stage.READ, Stage.DECIDED):
            return False
        _check_complete(connection, sha256, decisions)
        for page in readings:
            _update(connection, sha256, page.number, {"reading": reading_to_json(page)})
        for decision in decisions:
            _update(connection, sha256, decision.page, _columns(decision))
        return True


def load_readings(engine: sa.Engine, sha256: str) -> tuple[PageReading, ...]:
    """The document's pages as read, in order."""
    with reading(engine) as connection:
        query = sa.select(PAGES.c.reading).where(PAGES.c.sha256 == sha256).order_by(PAGES.c.number)
        return tuple(reading_from_json(text) for text in connection.execute(query).scalars())


def load_rotations(engine: sa.Engine, sha256: str) -> dict[int, int]:
    """Page number -> the clockwise turn that brings it upright, in degrees."""
    return {page.number: page.rotation for page in load_readings(engine, sha256)}


def load_decisions(engine: sa.Engine, sha256: str) -> tuple[Decision, ...]:
    """The document's decisions in page order; empty before it was decided."""
    query = (
        sa.select(PAGES.c.decision)
        .where(PAGES.c.sha256 == sha256, PAGES.c.decision.is_not(None))
        .order_by(PAGES.c.number)
    )
    with reading(engine) as connection:
        return tuple(decision_from_json(text) for text in connection.execute(query).scalars() if text)


def load_documents_of(engine: sa.Engine, request_id: str) -> tuple[str, ...]:
    """The hashes of the documents that hold pages filed to this request."""
    query = sa.select(PAGES.c.sha256).where(PAGES.c.request_id == request_id).distinct()
    with reading(engine) as connection:
        return tuple(connection.execute(query.order_by(PAGES.c.sha256)).scalars())


def _check_complete(connection: sa.Connection, sha256: str, decisions: Sequence[Decision]) -> None:
    query = sa.select(PAGES.c.number).where(PAGES.c.sha256 == sha256).order_by(PAGES.c.number)
    pages = list(connection.execute(query).scalars())
    decided = sorted(decision.page for decision in decisions)
    if decided != pages:
        raise ValueError(f"pages {pages} need one decision each, but decided are {decided}")


def _update(connection: sa.Connection, sha256: str, number: int, values: dict[str, str | float | None]) -> None:
    query = sa.update(PAGES).where(PAGES.c.sha256 == sha256, PAGES.c.number == number)
    if connection.execute(query.values(values)).rowcount != 1:
        raise ValueError(f"there is no page {number}")


def _columns(decision: Decision) -> dict[str, str | float | None]:
    return {
        "decision": decision_to_json(decision),
        "outcome": decision.outcome.value,
        "request_id": decision.request_id,
        "document_type": decision.document_type.value,
        "confidence": decision.confidence,
        "reason": _storable(decision.reason),
    }


def _storable(text: str) -> str:
    """Text that every database takes: PostgreSQL refuses NUL, and no encoding takes half a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "backslashreplace").decode("utf-8")
