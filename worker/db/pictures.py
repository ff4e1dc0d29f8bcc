"""What is drawn for reviewers, and what is asked when a page is looked at."""

from dataclasses import dataclass

import sqlalchemy as sa

from worker.db import review_items, tasks
from worker.db.codec import decision_from_json, glance_from_json, reading_from_json
from worker.db.engine import reading
from worker.db.tables import DOCUMENTS, PAGES, REQUESTS
from worker.domain.decision import Decision, Outcome
from worker.domain.picture import Glance
from worker.domain.reading import PageReading
from worker.domain.task import Step
from worker.matching.sensitive import possible_owners


@dataclass(frozen=True, slots=True)
class PageView:
    """A page of a document that came on this line; `decision` is None before there is one."""

    line: str
    reading: PageReading
    decision: Decision | None

    @property
    def owners(self) -> frozenset[str]:
        """The requests that the page is filed to, or likely belongs to."""
        return possible_owners(self.decision)


@dataclass(frozen=True, slots=True)
class PageGlance:
    """The same with no more of the reading than is needed to show the page."""

    line: str
    glance: Glance
    _decision: str | None

    @property
    def owners(self) -> frozenset[str]:
        """See PageView."""
        return possible_owners(decision_from_json(self._decision) if self._decision else None)


def want_pictures(connection: sa.Connection, sha256: str) -> None:
    """A worker draws the document's pages as soon as nothing else is to be done, urgent documents first.

    In the caller's transaction; ring the bell for Step.DRAW after it.
    """
    query = sa.select(DOCUMENTS.c.priority, DOCUMENTS.c.position).where(DOCUMENTS.c.sha256 == sha256)
    priority, position = connection.execute(query).one()
    tasks.add(connection, Step.DRAW, sha256, priority=tasks.AFTER_ALL_OTHERS + priority, position=position)


def load_waiting_pages(engine: sa.Engine, sha256: str) -> frozenset[int]:
    """The numbers of the pages that a person will look at: those in review, and those of items that are not done."""
    in_review = sa.select(PAGES.c.number).where(PAGES.c.sha256 == sha256, PAGES.c.outcome == Outcome.REVIEW.value)
    with reading(engine) as connection:
        numbers = set(connection.execute(in_review).scalars())
        return frozenset(numbers.union(*(item.pages for item in review_items.load_open_in(connection, sha256))))


def load_view(engine: sa.Engine, sha256: str, number: int) -> PageView | None:
    """The page; None where there is none."""
    found = load_views(engine, sha256, number)
    return found[0] if found else None


def load_views(engine: sa.Engine, sha256: str, number: int | None = None) -> tuple[PageView, ...]:
    """The pages of a document in order, or the one of this number."""
    with reading(engine) as connection:
        return tuple(_view(row) for row in connection.execute(_pages_of(sha256, number)))


def load_glances(engine: sa.Engine, sha256: str, number: int | None = None) -> tuple[PageGlance, ...]:
    """The pages of a document in order, or the one of this number: what costs little to load."""
    with reading(engine) as connection:
        rows = connection.execute(_pages_of(sha256, number))
        return tuple(PageGlance(row.line, glance_from_json(row.reading), row.decision) for row in rows)


def load_programs(engine: sa.Engine, request_ids: frozenset[str]) -> dict[str, str]:
    """Request id -> program, of those that the registry holds."""
    if not request_ids:
        return {}
    query = sa.select(REQUESTS.c.request_id, REQUESTS.c.program).where(REQUESTS.c.request_id.in_(sorted(request_ids)))
    with reading(engine) as connection:
        return {row.request_id: row.program for row in connection.execute(query)}


def _pages_of(sha256: str, number: int | None) -> sa.Select[tuple[str, str, str | None]]:
    query = (
        sa.select(DOCUMENTS.c.line, PAGES.c.reading, PAGES.c.decision)
        .join(PAGES, PAGES.c.sha256 == DOCUMENTS.c.sha256)
        .where(DOCUMENTS.c.sha256 == sha256)
        .order_by(PAGES.c.number)
    )
    return query if number is None else query.where(PAGES.c.number == number)


def _view(row: sa.Row[tuple[str, str, str | None]]) -> PageView:
    decision = decision_from_json(row.decision) if row.decision else None
    return PageView(row.line, reading_from_json(row.reading), decision)
