"""The conservation law: pages in = filed + in review + set aside, of every document."""

from dataclasses import dataclass

import sqlalchemy as sa

from worker.db.engine import reading
from worker.db.tables import ARRIVALS, DOCUMENTS, PAGES, TASKS
from worker.domain.decision import Outcome
from worker.domain.document import Stage


@dataclass(frozen=True, slots=True)
class Account:
    """One document's pages: how many it has (None: not opened yet), and where they are."""

    sha256: str
    stage: Stage
    pages: int | None
    rows: int
    filed: int
    review: int
    set_aside: int
    is_queued: bool
    reason: str

    @property
    def problem(self) -> str:
        """What is wrong with it, as a sentence; empty when every page is accounted for."""
        decided = self.filed + self.review + self.set_aside
        if not self.stage.is_end:
            return "" if self.is_queued else "it is not at its end, and nothing is queued for it"
        if self.stage is not Stage.FILED:
            return "" if self.reason else "it ended without a reason"
        if self.pages is None or self.pages != decided or self.rows != decided:
            return f"it has {self.pages} pages, of which {self.rows} are known and {decided} have an outcome"
        return ""


def load_accounts(engine: sa.Engine) -> tuple[Account, ...]:
    """The account of every document, in the order of arrival."""
    outcomes = {
        outcome: sa.func.count(sa.case((PAGES.c.outcome == outcome.value, 1))).label(outcome.value)
        for outcome in Outcome
    }
    is_queued = sa.exists().where(TASKS.c.subject == DOCUMENTS.c.sha256).label("is_queued")
    query = (
        sa.select(
            DOCUMENTS.c.sha256,
            DOCUMENTS.c.stage,
            DOCUMENTS.c.pages,
            DOCUMENTS.c.reason,
            sa.func.count(PAGES.c.number).label("rows"),
            is_queued,
            *outcomes.values(),
        )
        .join(PAGES, PAGES.c.sha256 == DOCUMENTS.c.sha256, isouter=True)
        .group_by(DOCUMENTS.c.sha256, DOCUMENTS.c.stage, DOCUMENTS.c.pages, DOCUMENTS.c.reason, DOCUMENTS.c.position)
        .order_by(DOCUMENTS.c.position)
    )
    with reading(engine) as connection:
        return tuple(
            Account(
                sha256=row.sha256,
                stage=Stage(row.stage),
                pages=row.pages,
                rows=row.rows,
                filed=row.filed,
                review=row.review,
                set_aside=row.set_aside,
                is_queued=bool(row.is_queued),
                reason=row.reason,
            )
            for row in connection.execute(query)
        )


def load_strays(engine: sa.Engine) -> tuple[str, ...]:
    """Sources of arrivals that have neither a document nor a refusal."""
    query = sa.select(ARRIVALS.c.source).where(ARRIVALS.c.sha256.is_(None), ARRIVALS.c.refusal == "")
    with reading(engine) as connection:
        return tuple(connection.execute(query.order_by(ARRIVALS.c.order)).scalars())


def load_queued(engine: sa.Engine) -> frozenset[str]:
    """The subjects of all tasks: documents that are under way."""
    with reading(engine) as connection:
        return frozenset(connection.execute(sa.select(TASKS.c.subject)).scalars())
