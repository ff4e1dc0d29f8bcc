"""The inbox on both databases: its order, what each person sees of it, its filters and counts."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.builders.waiting_items import NOW, Waiting, put_waiting
from worker.db import inbox
from worker.db.inbox import PAGE, Clock
from worker.db.review_tables import REVIEW_ITEMS
from worker.domain.inbox import Filters, count
from worker.domain.person import Person, Role
from worker.domain.review import ItemKind, ItemState

EVERYTHING = Filters()
CLOCK = Clock(NOW, NOW + timedelta(hours=6))
RITA = Person("rita", "Rita", frozenset({Role.REVIEWER}))
SENA = Person("sena", "Sena", frozenset({Role.SENIOR}))
SUPA = Person("supa", "Supa", frozenset({Role.SUPERVISOR}))
LENA = Person("lena", "Lena", frozenset({Role.REVIEWER}), frozenset({"expedited"}))


def sources(engine: sa.Engine, person: Person, filters: Filters = EVERYTHING, after: int | None = None) -> list[str]:
    return [row.source for row in inbox.load_page(engine, person, filters, CLOCK, after)]


def test_the_most_urgent_comes_first(engine: sa.Engine) -> None:
    put_waiting(
        engine,
        Waiting("parked", due=-9, state=ItemState.PARKED),
        Waiting("later", due=50),
        Waiting("few pages", due=4),
        Waiting("many pages", due=4, pages=(1, 2)),
        Waiting("risky", due=4, risk=0.5),
        Waiting("overdue", due=-2),
        Waiting("done", state=ItemState.DONE),
    )

    assert sources(engine, RITA) == ["overdue", "risky", "many pages", "few pages", "later", "parked"]


def test_pages_follow_each_other_without_gap_or_repeat(engine: sa.Engine) -> None:
    put_waiting(engine, *(Waiting(f"{n}", due=n % 7, risk=n % 3 / 10, pages=range(1, 2 + n % 2)) for n in range(120)))

    shown: list[inbox.Row] = []
    while rows := inbox.load_page(engine, RITA, Filters(), CLOCK, shown[-1].id if shown else None):
        shown += rows[:PAGE]

    everything = inbox.load_groups(engine, RITA, CLOCK)
    assert len(shown) == len({row.id for row in shown}) == 120 == sum(group.items for group in everything)


def test_who_pages_on_goes_on_where_the_last_item_stood(engine: sa.Engine) -> None:
    states = [ItemState.WAITING] * 3 + [ItemState.PARKED] * 2
    ids = put_waiting(engine, *(Waiting(f"{n}", due=n, state=state) for n, state in enumerate(states)))
    with engine.begin() as connection:
        connection.execute(sa.update(REVIEW_ITEMS).where(REVIEW_ITEMS.c.id == ids["1"]).values(state="done"))

    assert sources(engine, RITA, after=ids["1"]) == ["2", "3", "4"]
    assert sources(engine, RITA, after=ids["3"]) == ["4"]
    assert sources(engine, RITA, after=999) == ["0", "2", "3", "4"]


def test_a_row_tells_what_waits_and_who_has_it(engine: sa.Engine) -> None:
    put_waiting(engine, Waiting("a.tif", pages=(2, 3), held_by="ravi"), Waiting("b.tif", held_by="ravi", held=-1))

    first, second = inbox.load_page(engine, RITA, Filters(), CLOCK)

    assert (first.source, first.waiting, first.pages, first.held_by, first.holder) == ("a.tif", 2, 3, "ravi", "ravi")
    assert (second.source, second.held_by, second.sender) == ("b.tif", "", "9375550142")


@pytest.mark.parametrize("kind", [ItemKind.SECOND_LOOK, ItemKind.AUDIT])
def test_blind_items_look_like_any_other(engine: sa.Engine, kind: ItemKind) -> None:
    put_waiting(engine, Waiting("blind", kind=kind, ground=kind.value))

    (decides,) = inbox.load_page(engine, RITA, Filters(), CLOCK)
    (supervises,) = inbox.load_page(engine, SUPA, Filters(), CLOCK)

    assert (decides.kind, decides.ground) == ("exception", "unsure")
    assert (supervises.kind, supervises.ground) == (kind.value, kind.value)
    assert {(group.kind, group.ground) for group in inbox.load_groups(engine, RITA, CLOCK)} == {("exception", "unsure")}
    assert sources(engine, RITA, Filters(kind=kind.value)) == []
    assert sources(engine, RITA, Filters(ground=kind.value)) == []


def test_each_sees_what_is_for_them(engine: sa.Engine) -> None:
    put_waiting(
        engine,
        Waiting("seen by rita", due=1, kind=ItemKind.SECOND_LOOK, not_by="ravi rita"),
        Waiting("dispute", due=2, kind=ItemKind.DISAGREEMENT),
        Waiting("fast", due=3, line="expedited"),
        Waiting("slow", due=4),
    )

    assert sources(engine, RITA) == ["fast", "slow"]
    assert sources(engine, SENA) == ["seen by rita", "dispute", "fast", "slow"]
    assert sources(engine, SUPA) == ["seen by rita", "dispute", "fast", "slow"]
    assert sources(engine, LENA) == ["fast"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(line="expedited"), ["overdue"]),
        (Filters(ground="closed"), ["tonight"]),
        (Filters(due="overdue"), ["overdue"]),
        (Filters(due="today"), ["tonight"]),
        (Filters(due="later"), ["mine", "parked"]),
        (Filters(older=3), ["overdue"]),
        (Filters(channel="mail"), ["mine"]),
        (Filters(whose="mine"), ["mine"]),
        (Filters(whose="others"), ["tonight"]),
        (Filters(whose="free", state="waiting"), ["overdue"]),
        (Filters(state="parked"), ["parked"]),
        (Filters(kind="correction", line="routine"), ["parked"]),
    ],
)
def test_filters_and_counts_agree(engine: sa.Engine, filters: Filters, found: list[str]) -> None:
    put_waiting(
        engine,
        Waiting("overdue", due=-2, age=100, line="expedited", pages=(1, 2)),
        Waiting("tonight", due=3, ground="closed", held_by="ravi"),
        Waiting("mine", due=40, channel="mail", held_by="rita"),
        Waiting("parked", due=90, state=ItemState.PARKED, kind=ItemKind.CORRECTION),
    )

    counts = count(inbox.load_groups(engine, RITA, CLOCK), filters)

    assert sources(engine, RITA, filters) == found
    assert counts.items == len(found)


def test_counts_tell_how_much_and_how_old(engine: sa.Engine) -> None:
    put_waiting(engine, Waiting("a", due=-2, age=100, pages=(1, 2)), Waiting("b", due=-1, line="expedited"))

    counts = count(inbox.load_groups(engine, RITA, CLOCK), Filters(line="routine"))

    assert (counts.items, counts.pages, counts.overdue, counts.oldest) == (1, 2, 1, NOW - timedelta(hours=100))
    assert counts.values["line"] == {"routine": 1, "expedited": 1}
    assert counts.values["older"] == {"3": 1, "1": 1}
