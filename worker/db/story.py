"""A document's story: how its pages stand, what people said of them, who looked, what others were told."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any  # SQLAlchemy's own type of a column of any kind

import sqlalchemy as sa

from worker.db import page_also
from worker.db.codec import decision_from_json, reading_from_json
from worker.db.engine import reading
from worker.db.people_tables import AUDIT_LOG, PEOPLE
from worker.db.review_items import IS_OPEN, is_for, item_of
from worker.db.review_tables import OPINIONS, REVIEW_ITEMS
from worker.db.tables import EVENTS, PAGES
from worker.domain.decision import Decision, Outcome
from worker.domain.event import EventKind
from worker.domain.person import Person
from worker.domain.reading import PageReading
from worker.domain.review import ItemKind

#: The newest entries of the audit log that a story shows.
MOST_LOOKS = 200
_BLIND = [kind.value for kind in ItemKind if kind.is_blind]


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A page as read and as it is decided. `machine` is the machine's decision where a person's stands in its place."""

    reading: PageReading
    decision: Decision | None
    decided_by: str
    decided_at: datetime | None
    machine: Decision | None


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said of a page, and what stood there before. `by` is the name to show, `kind` that of the item."""

    page: int
    by: str
    at: datetime
    kind: ItemKind
    outcome: Outcome
    request_id: str | None
    ground: str
    note: str
    duplicate_of: str
    before: Decision
    before_by: str


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody saw or did something with the document."""

    at: datetime
    by: str
    action: str
    page: int | None
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What others were told of the document's pages for a request; `delivered_at` is None until they took it.

    `withdrawn` are pages that were filed to it before.
    """

    request_id: str
    kind: EventKind
    pages: tuple[int, ...]
    withdrawn: tuple[int, ...]
    created_at: datetime
    delivered_at: datetime | None


def load_pages(engine: sa.Engine, sha256: str, first: int, last: int) -> tuple[StoryPage, ...]:
    """The pages from `first` to `last` (included) that were read, in order."""
    query = (
        sa.select(
            PAGES.c.reading,
            PAGES.c.decision,
            _shown(PAGES.c.decided_by),
            PAGES.c.decided_at,
            PAGES.c.machine,
        )
        .outerjoin(PEOPLE, PEOPLE.c.name == PAGES.c.decided_by)
        .where(PAGES.c.sha256 == sha256, PAGES.c.number.between(first, last))
        .order_by(PAGES.c.number)
    )
    with reading(engine) as connection:
        return tuple(
            StoryPage(reading_from_json(row[0]), _decision(row[1]), row[2], row[3], _decision(row[4]))
            for row in connection.execute(query)
        )


def count_outcomes(engine: sa.Engine, hashes: Collection[str]) -> dict[str, dict[Outcome, int]]:
    """Hash -> how many pages went where; decided pages only."""
    query = (
        sa.select(PAGES.c.sha256, PAGES.c.outcome, sa.func.count())
        .where(PAGES.c.sha256.in_(hashes), PAGES.c.outcome.is_not(None))
        .group_by(PAGES.c.sha256, PAGES.c.outcome)
    )
    counts: dict[str, dict[Outcome, int]] = {}
    with reading(engine) as connection:
        for sha256, outcome, number in connection.execute(query):
            counts.setdefault(sha256, {})[Outcome(outcome)] = number
    return counts


def load_filed(engine: sa.Engine, sha256: str) -> dict[str, list[int]]:
    """Request id -> the pages of the document that are filed to it now."""
    query = page_also.filed_of(sha256).order_by("number")
    filed: dict[str, list[int]] = {}
    with reading(engine) as connection:
        for request_id, number in connection.execute(query):
            filed.setdefault(request_id, []).append(number)
    return filed


def load_said(engine: sa.Engine, sha256: str) -> tuple[Said, ...]:
    """What people said, in order."""
    query = (
        sa.select(OPINIONS, _shown(OPINIONS.c.by_name))
        .outerjoin(PEOPLE, PEOPLE.c.name == OPINIONS.c.by_name)
        .where(OPINIONS.c.sha256 == sha256)
        .order_by(OPINIONS.c.id)
    )
    with reading(engine) as connection:
        return tuple(_said(row) for row in connection.execute(query))


def load_looks(engine: sa.Engine, sha256: str) -> tuple[Look, ...]:
    """Who looked at it and what was done, the newest first, at most MOST_LOOKS."""
    names = ("action", "page", "request_id")
    query = (
        sa.select(AUDIT_LOG.c.at, _shown(AUDIT_LOG.c.by_name), *(AUDIT_LOG.c[name] for name in names))
        .outerjoin(PEOPLE, PEOPLE.c.name == AUDIT_LOG.c.by_name)
        .where(AUDIT_LOG.c.sha256 == sha256)
        .order_by(AUDIT_LOG.c.id.desc())
        .limit(MOST_LOOKS)
    )
    with reading(engine) as connection:
        return tuple(Look(*row) for row in connection.execute(query))


def load_deliveries(engine: sa.Engine, sha256: str) -> tuple[Delivery, ...]:
    """What others were told of it, in order."""
    query = sa.select(EVENTS).where(EVENTS.c.sha256 == sha256).order_by(EVENTS.c.id)
    with reading(engine) as connection:
        return tuple(_delivery(row) for row in connection.execute(query))


def load_hidden(engine: sa.Engine, person: Person, sha256: str) -> frozenset[int]:
    """The pages that this person may still have to decide blind: what was decided before must not be seen."""
    if not person.may_decide:
        return frozenset()
    query = sa.select(REVIEW_ITEMS).where(
        REVIEW_ITEMS.c.sha256 == sha256, REVIEW_ITEMS.c.kind.in_(_BLIND), IS_OPEN, *is_for(person)
    )
    with reading(engine) as connection:
        return frozenset(page for row in connection.execute(query) for page in item_of(row).pages)


def _shown(name: sa.Column[Any]) -> sa.ColumnElement[str]:
    """A person's name to show; the one to sign in with where the person is not known, "" where it was nobody."""
    return sa.func.coalesce(PEOPLE.c.display_name, name, "").label("shown_name")


def _decision(text: str | None) -> Decision | None:
    return decision_from_json(text) if text else None


def _said(row: sa.Row[tuple[object, ...]]) -> Said:
    values = row._mapping  # Row's documented access by name
    return Said(
        page=values["page"],
        by=values["shown_name"],
        at=values["at"],
        kind=ItemKind(values["kind"]),
        outcome=Outcome(values["outcome"]),
        request_id=values["request_id"],
        ground=values["ground"],
        note=values["note"],
        duplicate_of=values["duplicate_of"],
        before=decision_from_json(values["before"]),
        before_by=values["before_by"] or "",
    )


def _delivery(row: sa.Row[tuple[object, ...]]) -> Delivery:
    values = row._mapping  # Row's documented access by name
    payload = json.loads(values["payload"])
    pages, withdrawn = tuple(payload.get("pages", [])), tuple(payload.get("withdrawn", []))
    told = (values["request_id"], EventKind(values["kind"]), pages, withdrawn)
    return Delivery(*told, values["created_at"], values["delivered_at"])
