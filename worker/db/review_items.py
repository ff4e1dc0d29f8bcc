"""Items: what waits for people, who has it in hand, and what waited. Made in the transactions that change decisions."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from worker.db import tasks
from worker.db.engine import reading
from worker.db.plain_text import storable
from worker.db.review_tables import REVIEW_ITEMS
from worker.domain.person import Person
from worker.domain.review import Item, ItemKind, ItemState, NewItem

#: Kinds of which a document has at most one open item, whose pages change with its decisions.
ONE_A_DOCUMENT = frozenset({ItemKind.EXCEPTION, ItemKind.CORRECTION})
#: How many of the most urgent free items are tried, when others take them at the same moment.
TRIES = 25

#: Named one by one, so that the index on the state serves.
IS_OPEN = REVIEW_ITEMS.c.state.in_([ItemState.WAITING.value, ItemState.PARKED.value])
#: The order of the inbox.
TURN = (
    REVIEW_ITEMS.c.state.desc(),  # waiting before parked
    REVIEW_ITEMS.c.urgency,
    REVIEW_ITEMS.c.risk.desc(),
    REVIEW_ITEMS.c.unblocks.desc(),
    REVIEW_ITEMS.c.id,
)


def lock_of(sha256: str) -> str:
    """What transactions serialize that decide pages of the document and change its items; before all else."""
    return f"review:{sha256}"


def find(engine: sa.Engine, item_id: int) -> Item | None:
    """The item of this number, open or done."""
    with reading(engine) as connection:
        row = connection.execute(sa.select(REVIEW_ITEMS).where(REVIEW_ITEMS.c.id == item_id)).one_or_none()
        return None if row is None else item_of(row)


def load_open(engine: sa.Engine, sha256: str) -> tuple[Item, ...]:
    """The items of a document that are not done."""
    with reading(engine) as connection:
        return load_open_in(connection, sha256)


def load_open_in(connection: sa.Connection, sha256: str) -> tuple[Item, ...]:
    """The same in the caller's transaction."""
    query = sa.select(REVIEW_ITEMS).where(REVIEW_ITEMS.c.sha256 == sha256, IS_OPEN).order_by(REVIEW_ITEMS.c.id)
    return tuple(item_of(row) for row in connection.execute(query))


def put(connection: sa.Connection, sha256: str, new: Iterable[NewItem], *, is_whole: bool = False) -> None:
    """Make the items in the caller's transaction. An open exception item takes the new one's pages and urgency.

    With `is_whole`, `new` is all there is: an open exception item that is not among them is done, by nobody.
    """
    known = {item.kind: item for item in load_open_in(connection, sha256) if item.kind in ONE_A_DOCUMENT}
    kinds = set()
    for item in new:
        kinds.add(item.kind)
        if item.kind in known:
            _change(connection, known[item.kind].id, item)
        elif item.kind is not ItemKind.AUDIT or not _is_audited(connection, item):
            _insert(connection, item)
    if is_whole and ItemKind.EXCEPTION in known and ItemKind.EXCEPTION not in kinds:
        end(connection, known[ItemKind.EXCEPTION].id)
    _count_unblocked(connection, sha256)


def end(connection: sa.Connection, item_id: int) -> None:
    """It is done without anybody's work: the machine decided its pages, or they are tried again."""
    values = {"state": ItemState.DONE.value, "done_at": tasks.clock(connection), "held_by": "", "held_until": None}
    which = sa.update(REVIEW_ITEMS).where(REVIEW_ITEMS.c.id == item_id, IS_OPEN)
    connection.execute(which.values(version=REVIEW_ITEMS.c.version + 1, **values))


def end_all(connection: sa.Connection, sha256: str, but: Collection[ItemKind] = ()) -> None:
    """Whatever waits of the document, except of these kinds, is done without anybody's work: it begins anew."""
    for item in load_open_in(connection, sha256):
        if item.kind not in but:
            end(connection, item.id)


def hasten(connection: sa.Connection, sha256: str, line: str, clock_hours: int | None) -> None:
    """The document came again on a more urgent line: whatever waits of it is that line's, and due by its clock."""
    for item in load_open_in(connection, sha256):
        ends = [item.received_at + timedelta(hours=clock_hours)] if clock_hours is not None else []
        values = {"line": line, **_due(min([item.due_at, *ends]))}
        connection.execute(sa.update(REVIEW_ITEMS).where(REVIEW_ITEMS.c.id == item.id).values(values))


def hold(engine: sa.Engine, item_id: int, person: Person, length: timedelta) -> Item | None:
    """The item, in this person's hands from now on, for another `length`; None where it is another's, or done."""
    with engine.begin() as connection:
        now = tasks.clock(connection)
        query = (
            sa.update(REVIEW_ITEMS)
            .where(REVIEW_ITEMS.c.id == item_id, IS_OPEN, *is_for(person), _is_free_for(person, connection))
            .values(held_by=person.name, held_until=now + length)
        )
        row = connection.execute(query.returning(*REVIEW_ITEMS.c)).one_or_none()
        return None if row is None else item_of(row)


def take_next(engine: sa.Engine, person: Person, length: timedelta, *where: sa.ColumnElement[bool]) -> Item | None:
    """The most urgent item that waits, that this person may decide and nobody has; now held. None: there is none.

    `where` narrows it down further. An item that the person holds already comes first.
    """
    with reading(engine) as connection:
        free = _is_free_for(person, connection)
        query = (
            sa.select(REVIEW_ITEMS.c.id)
            .where(REVIEW_ITEMS.c.state == ItemState.WAITING.value, *is_for(person), free, *where)
            .order_by((REVIEW_ITEMS.c.held_by == person.name).desc(), *TURN)
            .limit(TRIES)
        )
        found = list(connection.execute(query).scalars())
    return next((item for item_id in found if (item := hold(engine, item_id, person, length))), None)


def release(engine: sa.Engine, item_id: int, name: str) -> None:
    """The person does not have it in hand any more; nothing happens where another has it."""
    with engine.begin() as connection:
        _release(connection, REVIEW_ITEMS.c.id == item_id, REVIEW_ITEMS.c.held_by == name)


def release_all(engine: sa.Engine, name: str) -> None:
    """The person went away: whatever was in hand is given back."""
    with engine.begin() as connection:
        _release(connection, REVIEW_ITEMS.c.held_by == name, IS_OPEN)


def park(engine: sa.Engine, item: Item, name: str, note: str) -> bool:
    """Put it off with a note, by whoever holds it; False where that is another, or the item has changed."""
    with engine.begin() as connection:
        query = sa.update(REVIEW_ITEMS).where(
            REVIEW_ITEMS.c.id == item.id,
            IS_OPEN,
            REVIEW_ITEMS.c.version == item.version,
            REVIEW_ITEMS.c.held_by == name,
        )
        values = {"state": ItemState.PARKED.value, "note": storable(note), "held_by": "", "held_until": None}
        return connection.execute(query.values(version=item.version + 1, **values)).rowcount == 1


def item_of(row: sa.Row[tuple[object, ...]]) -> Item:
    """A row of the table as a value."""
    values = row._mapping  # Row's documented access by name
    plain = ("id", "sha256", "ground", "reason", "line", "channel", "received_at", "due_at", "risk", "unblocks")
    more = ("held_by", "held_until", "note", "version")
    return Item(
        kind=ItemKind(values["kind"]),
        state=ItemState(values["state"]),
        pages=tuple(json.loads(values["pages"])),
        not_by=frozenset(values["not_by"].split()),
        **{name: values[name] for name in (*plain, *more)},
    )


def is_for(person: Person) -> tuple[sa.ColumnElement[bool], ...]:
    """What the person may decide at all: lines, a senior's items, none that the person must not see a second time."""
    is_not_mine = ~(" " + REVIEW_ITEMS.c.not_by + " ").contains(f" {person.name} ", autoescape=True)
    rules = [is_not_mine]
    if person.lines:
        rules.append(REVIEW_ITEMS.c.line.in_(sorted(person.lines)))
    if not person.may_settle:
        rules.append(REVIEW_ITEMS.c.kind != ItemKind.DISAGREEMENT.value)
    return tuple(rules)


def _is_free_for(person: Person, connection: sa.Connection) -> sa.ColumnElement[bool]:
    """Nobody else has it in hand, or not for so long that he must have gone."""
    held, until = REVIEW_ITEMS.c.held_by, REVIEW_ITEMS.c.held_until
    return sa.or_(held == "", held == person.name, until < tasks.clock(connection))


def _release(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> None:
    connection.execute(sa.update(REVIEW_ITEMS).where(*which).values(held_by="", held_until=None))


def _insert(connection: sa.Connection, item: NewItem) -> None:
    values = {
        **_columns(item),
        "kind": item.kind.value,
        "state": ItemState.WAITING.value,
        "sha256": item.sha256,
        "line": item.line,
        "channel": item.channel,
        "received_at": item.received_at,
        "not_by": " ".join(sorted(item.not_by)),
        "created_at": tasks.clock(connection),
    }
    connection.execute(sa.insert(REVIEW_ITEMS).values(values))


def _change(connection: sa.Connection, item_id: int, item: NewItem) -> None:
    which = sa.update(REVIEW_ITEMS).where(REVIEW_ITEMS.c.id == item_id)
    connection.execute(which.values(version=REVIEW_ITEMS.c.version + 1, **_columns(item)))


def _columns(item: NewItem) -> dict[str, object]:
    return {
        "pages": json.dumps(list(item.pages)),
        "ground": item.ground,
        "reason": storable(item.reason),
        **_due(item.due_at),
        "risk": item.risk,
        "unblocks": max(1, len(item.pages)),
    }


def _due(moment: datetime) -> dict[str, object]:
    return {"due_at": moment, "urgency": int(moment.timestamp() // 3600)}


def _is_audited(connection: sa.Connection, item: NewItem) -> bool:
    """It waits to be, or somebody has done it; what ended without anybody's work is asked again."""
    query = sa.select(REVIEW_ITEMS.c.id).where(
        REVIEW_ITEMS.c.sha256 == item.sha256,
        REVIEW_ITEMS.c.kind == item.kind.value,
        REVIEW_ITEMS.c.pages == json.dumps(list(item.pages)),
        sa.or_(IS_OPEN, REVIEW_ITEMS.c.done_by != ""),
    )
    return connection.execute(query.limit(1)).one_or_none() is not None


def _count_unblocked(connection: sa.Connection, sha256: str) -> None:
    """How many pages of the document wait, on each of its open items."""
    open_items = load_open_in(connection, sha256)
    waiting = len(_pages_of(open_items))
    which = sa.update(REVIEW_ITEMS).where(REVIEW_ITEMS.c.sha256 == sha256, IS_OPEN)
    connection.execute(which.values(unblocks=max(1, waiting)))


def _pages_of(items: Collection[Item]) -> frozenset[int]:
    return frozenset(page for item in items if item.kind is not ItemKind.AUDIT for page in item.pages)
