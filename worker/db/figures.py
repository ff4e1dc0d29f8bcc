"""What the dashboard counts: decided pages by day, what waits, how long people took. All of it from indices.

Rows of pages are large, so nothing here reads them: `ix_pages_decided_at` holds all that is asked, a day at a time.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from worker.db.engine import reading
from worker.db.review_items import IS_OPEN
from worker.db.review_tables import REVIEW_ITEMS
from worker.db.tables import ARRIVALS, DOCUMENTS, PAGES
from worker.domain.decision import Outcome
from worker.domain.review import ItemKind, ItemState

#: Items that are looked at, the latest first: figures of a busy week, at a bounded cost.
MOST_DONE = 20_000
#: Pages whose quality is looked up in one query.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Decided:
    """So many pages were last decided alike. `quality` is empty where the page came before it was noted."""

    line: str
    channel: str
    quality: str
    outcome: Outcome
    is_by_person: bool
    pages: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that is not done."""

    line: str
    kind: ItemKind
    ground: str
    state: ItemState
    received_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """An item that a person has done; `seconds` of attention. `first_page` stands for all its pages."""

    line: str
    channel: str
    kind: ItemKind
    ground: str
    seconds: float
    sha256: str
    pages: str

    @property
    def first_page(self) -> int:
        """The number of the item's first page."""
        return int(self.pages.strip("[]").partition(",")[0] or 0)


def count_decided(engine: sa.Engine, since: datetime, until: datetime) -> tuple[Decided, ...]:
    """Pages whose last decision was made from `since` to before `until`."""
    is_by_person = sa.case((PAGES.c.decided_by.is_(None), 0), else_=1)
    quality = sa.func.coalesce(PAGES.c.quality, "")
    keys = (DOCUMENTS.c.line, ARRIVALS.c.channel, quality, PAGES.c.outcome, is_by_person)
    query = (
        sa.select(*keys, sa.func.count())
        .select_from(PAGES)
        .join(DOCUMENTS, DOCUMENTS.c.sha256 == PAGES.c.sha256)
        .join(ARRIVALS, ARRIVALS.c.order == DOCUMENTS.c.position)
        .where(PAGES.c.decided_at >= since, PAGES.c.decided_at < until, PAGES.c.outcome.is_not(None))
        .group_by(*keys)
    )
    with reading(engine) as connection:
        return tuple(
            Decided(line, channel, found, Outcome(outcome), bool(by_person), number)
            for line, channel, found, outcome, by_person, number in connection.execute(query)
        )


def load_waiting(engine: sa.Engine) -> tuple[Waiting, ...]:
    """Every item that is not done."""
    item = REVIEW_ITEMS.c
    query = sa.select(item.line, item.kind, item.ground, item.state, item.received_at, item.due_at)
    states = [state.value for state in ItemState if state is not ItemState.DONE]
    with reading(engine) as connection:
        rows = connection.execute(query.where(IS_OPEN, item.state.in_(states)))
        return tuple(
            Waiting(line, ItemKind(kind), ground, ItemState(state), received_at, due_at)
            for line, kind, ground, state, received_at, due_at in rows
        )


def load_done(engine: sa.Engine, since: datetime) -> tuple[Done, ...]:
    """The items that people have done since then, the latest first; what the machine ended is not among them."""
    item = REVIEW_ITEMS.c
    query = (
        sa.select(item.line, item.channel, item.kind, item.ground, item.seconds, item.sha256, item.pages)
        .where(item.done_at >= since, item.seconds.is_not(None))
        .order_by(item.done_at.desc())
        .limit(MOST_DONE)
    )
    with reading(engine) as connection:
        return tuple(
            Done(line, channel, ItemKind(kind), *rest) for line, channel, kind, *rest in connection.execute(query)
        )


def load_qualities(engine: sa.Engine, pages: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Document and page -> how well it came, where that was noted."""
    wanted, found = sorted(set(pages)), dict[tuple[str, int], str]()
    with reading(engine) as connection:
        for start in range(0, len(wanted), BATCH):
            these = sa.tuple_(PAGES.c.sha256, PAGES.c.number).in_(wanted[start : start + BATCH])
            query = sa.select(PAGES.c.sha256, PAGES.c.number, PAGES.c.quality)
            for sha256, number, quality in connection.execute(query.where(these, PAGES.c.quality.is_not(None))):
                found[sha256, number] = quality
    return found


def load_lines(engine: sa.Engine, hashes: Collection[str]) -> dict[str, str]:
    """Document -> its line."""
    query = sa.select(DOCUMENTS.c.sha256, DOCUMENTS.c.line).where(DOCUMENTS.c.sha256.in_(sorted(hashes)))
    with reading(engine) as connection:
        return dict(connection.execute(query).all())
