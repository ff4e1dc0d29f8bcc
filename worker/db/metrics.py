"""What the monitor asks the database, in queries whose cost does not grow with the years."""

import sqlalchemy as sa

from worker.db.engine import reading
from worker.db.tables import DOCUMENTS, PAGES
from worker.domain.document import Stage

#: Documents and pages that are looked at, the latest first.
LATEST_DOCUMENTS, LATEST_PAGES = 50, 1_000
#: How codec.reading_to_json writes a page of which no line was read.
NO_TEXT = '%"text":[]%'


def ocr_share(engine: sa.Engine) -> float | None:
    """The share of pages on which text was read, of those that were filed lately; None before there are some.

    The others were told by their barcodes, or were blank.
    """
    latest = (
        sa.select(DOCUMENTS.c.sha256)
        .where(DOCUMENTS.c.stage == Stage.FILED.value)
        .order_by(DOCUMENTS.c.priority, DOCUMENTS.c.position.desc())
        .limit(LATEST_DOCUMENTS)
    )
    has_text = sa.case((PAGES.c.reading.like(NO_TEXT), 0), else_=1).label("has_text")
    pages = sa.select(has_text).where(PAGES.c.sha256.in_(latest)).limit(LATEST_PAGES).subquery()
    with reading(engine) as connection:
        number, read = connection.execute(sa.select(sa.func.count(), sa.func.sum(pages.c.has_text))).one()
        return read / number if number else None


def ping(engine: sa.Engine) -> None:
    """Ask for nothing, to see whether the database answers. Raises what it raises."""
    with reading(engine) as connection:
        connection.execute(sa.text("SELECT 1"))
