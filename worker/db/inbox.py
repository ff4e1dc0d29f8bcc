"""The inbox as a person sees it: what waits, the most urgent first, and how much of it there is.

Who decides sees no difference between what could not be decided and what is shown blind (a second look, the audit
sample): both are pages of which nobody is sure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any  # SQLAlchemy's own type of a column of any kind

import sqlalchemy as sa

from worker.db.engine import reading
from worker.db.people_tables import PEOPLE
from worker.db.review_items import TURN, is_for
from worker.db.review_tables import REVIEW_ITEMS
from worker.db.tables import ARRIVALS, DOCUMENTS
from worker.domain.inbox import DAYS, Filters, Group
from worker.domain.person import Person
from worker.domain.review import ItemKind, ItemState
from worker.matching.judgment import Ground

_ITEMS = REVIEW_ITEMS.c
_BLIND = [kind.value for kind in ItemKind if kind.is_blind]
#: Named one by one, so that an index leads past all that is done.
_STATES = (ItemState.WAITING.value, ItemState.PARKED.value)
_IS_OPEN = _ITEMS.state.in_(_STATES)
_commas = sa.func.length(_ITEMS.pages) - sa.func.length(sa.func.replace(_ITEMS.pages, ",", ""))
#: Rows of one page of the inbox.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Clock:
    """By what the inbox is told: the moment, and when the payer's day ends."""

    now: datetime
    day_ends: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One item as the table shows it; `kind` and `ground` as this person may know them.

    `waiting` pages of it wait, of `pages` that the document has. `holder` is the name to show of who holds it now.
    """

    id: int
    kind: str
    ground: str
    state: str
    line: str
    channel: str
    received_at: datetime
    due_at: datetime
    waiting: int
    pages: int | None
    source: str
    sender: str
    sender_name: str
    held_by: str
    holder: str
    note: str


def load_page(
    engine: sa.Engine, person: Person, filters: Filters, clock: Clock, after: int | None = None
) -> tuple[Row, ...]:
    """The most urgent items; those that come after the item `after`, where one is given. At most PAGE and one more."""
    shown = _shown(person, clock)
    conditions = [*_visible(person), *_passing(shown, filters)]
    with reading(engine) as connection:
        last = None
        if after is not None:
            last = connection.execute(sa.select(REVIEW_ITEMS).where(_ITEMS.id == after)).one_or_none()
        ids = _find_ids(connection, conditions, last)
        query = (
            sa.select(
                *(shown[each.name].label(each.name) for each in fields(Row) if each.name in shown),
                DOCUMENTS.c.pages,
                *(sa.func.coalesce(ARRIVALS.c[name], "").label(name) for name in ("source", "sender", "sender_name")),
                sa.func.coalesce(PEOPLE.c.display_name, shown["held_by"]).label("holder"),
            )
            .select_from(REVIEW_ITEMS)
            .join(DOCUMENTS, DOCUMENTS.c.sha256 == _ITEMS.sha256)
            .outerjoin(ARRIVALS, ARRIVALS.c.order == DOCUMENTS.c.position)
            .outerjoin(PEOPLE, PEOPLE.c.name == shown["held_by"])
            .where(_ITEMS.id.in_(ids))
            .order_by(*TURN)
        )
        return tuple(Row(**row._mapping) for row in connection.execute(query))


def load_groups(engine: sa.Engine, person: Person, clock: Clock) -> tuple[Group, ...]:
    """All that this person sees, counted by all that can be filtered: one query, whatever the filters are."""
    shown = _shown(person, clock)
    names = [each.name for each in fields(Group)[:8]]
    columns = [shown[name].label(name) for name in (*names, "waiting", "received_at")]
    # A subquery: PostgreSQL takes two CASEs with parameters for different ones, here and in GROUP BY.
    seen = sa.select(*columns).where(*_visible(person)).subquery()
    by = [seen.c[name] for name in names]
    oldest = sa.func.min(seen.c.received_at, type_=_ITEMS.received_at.type)
    query = sa.select(*by, sa.func.count(), sa.func.sum(seen.c.waiting), oldest).group_by(*by)
    with reading(engine) as connection:
        return tuple(Group(*row) for row in connection.execute(query))


def narrowed(person: Person, filters: Filters, clock: Clock) -> list[sa.ColumnElement[bool]]:
    """What the filters let through, as conditions for `review_items.take_next`."""
    return _passing(_shown(person, clock), filters)


def _shown(person: Person, clock: Clock) -> Mapping[str, sa.ColumnElement[Any]]:
    """What is shown of an item, and filtered by, as this person may know it."""
    is_held = sa.and_(_ITEMS.held_by != "", _ITEMS.held_until > clock.now)
    is_blind = _ITEMS.kind.in_(_BLIND)
    blind = {
        "kind": sa.case((is_blind, ItemKind.EXCEPTION.value), else_=_ITEMS.kind),
        "ground": sa.case((is_blind, Ground.UNSURE.value), else_=_ITEMS.ground),
    }
    overdue, today = (_ITEMS.due_at < clock.now, "overdue"), (_ITEMS.due_at < clock.day_ends, "today")
    worked_out = {
        "due": sa.case(overdue, today, else_="later"),
        "days": sa.case(*((_ITEMS.received_at <= clock.now - timedelta(days), days) for days in DAYS), else_=0),
        "whose": sa.case((sa.not_(is_held), "free"), (_ITEMS.held_by == person.name, "mine"), else_="others"),
        "held_by": sa.case((is_held, _ITEMS.held_by), else_=""),
        # Page numbers with commas between them, as JSON: both databases can count commas.
        "waiting": sa.case((_ITEMS.pages == "[]", 0), else_=_commas + 1),
    }
    plain = {column.key: column for column in _ITEMS if column.key != "pages"}
    return {**plain, **worked_out, **(blind if person.may_decide else {})}


def _visible(person: Person) -> list[sa.ColumnElement[bool]]:
    """What waits; of that, who decides sees what he may decide: what is left for others would tell what it is."""
    if person.may_decide:
        return [_IS_OPEN, *is_for(person)]
    return [_IS_OPEN, _ITEMS.line.in_(sorted(person.lines))] if person.lines else [_IS_OPEN]


def _passing(shown: Mapping[str, sa.ColumnElement[Any]], filters: Filters) -> list[sa.ColumnElement[bool]]:
    wanted = {name: getattr(filters, name) for name in ("line", "ground", "due", "channel", "kind", "whose", "state")}
    conditions = [shown[name] == value for name, value in wanted.items() if value]
    return [*conditions, shown["days"] >= filters.older] if filters.older else conditions


def _find_ids(
    connection: sa.Connection,
    conditions: Sequence[sa.ColumnElement[bool]],
    last: sa.Row[tuple[object, ...]] | None,
) -> list[int]:
    """The first of what waits, then of what is parked, behind the row `last`: by the index, without sorting all."""
    ids: list[int] = []
    at = last.state if last is not None and last.state in _STATES else _STATES[0]  # decided meanwhile: it waited
    for state in _STATES if last is None else _STATES[_STATES.index(at) :]:
        query = sa.select(_ITEMS.id).where(_ITEMS.state == state, *conditions).order_by(*TURN[1:])
        if last is not None and state == at:
            query = query.where(_comes_after(last))
        ids += connection.execute(query.limit(PAGE + 1 - len(ids))).scalars()
    return ids


def _comes_after(last: sa.Row[tuple[object, ...]]) -> sa.ColumnElement[bool]:
    """Behind the last row of the page before, among those of its state."""
    values = last._mapping  # Row's documented access by name
    steps = [
        (_ITEMS.urgency, _ITEMS.urgency > values["urgency"]),
        (_ITEMS.risk, _ITEMS.risk < values["risk"]),
        (_ITEMS.unblocks, _ITEMS.unblocks < values["unblocks"]),
        (_ITEMS.id, _ITEMS.id > values["id"]),
    ]
    ways = []
    for position, (_, is_behind) in enumerate(steps):
        same = [column == values[column.key] for column, _ in steps[:position]]
        ways.append(sa.and_(*same, is_behind))
    return sa.or_(*ways)
