"""The audit log on both databases: what was written reads back the same, and no change goes unnoticed."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from worker.db import audit_log, audit_search
from worker.db.audit_log import Head
from worker.db.audit_search import Wanted
from worker.db.people_tables import AUDIT_LOG
from worker.domain.audit import Entry

SHA = "ab12" * 16


def fill(engine: sa.Engine, number: int = 6) -> None:
    for n in range(1, number + 1):
        audit_log.append(
            engine, Entry("rita", "127.0.0.1", "view", SHA, n, f"R-{n}", {"n": n, "words": ["é", "\u2028"]})
        )


def unguard(connection: sa.Connection) -> None:
    """As somebody does who owns the database."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("ALTER TABLE audit_log DISABLE TRIGGER ALL"))
        return
    for verb in ("update", "delete"):
        connection.execute(sa.text(f"DROP TRIGGER audit_log_stays_{verb}"))


def tamper(engine: sa.Engine, statement: sa.Executable) -> None:
    with engine.begin() as connection:
        unguard(connection)
        connection.execute(statement)


def test_what_is_written_is_found_as_it_was(engine: sa.Engine) -> None:
    odd = {"text": "nul \0, half \ud83d, literal \\u0000, quote \"'", "none": None, "deep": {"a": [1, 2.5, True]}}
    fill(engine)
    audit_log.append(engine, Entry("pia\0", "::1", "search", None, None, "half \ud83d", odd))

    verdict = audit_log.verify(engine)

    last = list(audit_log.load(engine))[-1]
    assert verdict.problems == ()
    assert (verdict.rows, verdict.head) == (7, audit_log.head(engine))
    assert last.entry.detail["text"] == odd["text"]
    assert last.at.tzinfo is not None


@pytest.mark.parametrize("microsecond", [0, 1, 120_000, 999_999])
def test_moments_read_back_to_the_microsecond(
    engine: sa.Engine, microsecond: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime(2026, 3, 8, 2, 30, 0, microsecond, tzinfo=UTC)
    monkeypatch.setattr("worker.db.tasks.clock", lambda _: moment.astimezone(tz=None))

    fill(engine, 2)

    assert audit_log.verify(engine).problems == ()
    assert next(audit_log.load(engine)).at == moment


def test_an_empty_log_is_as_it_was_written(engine: sa.Engine) -> None:
    verdict = audit_log.verify(engine)

    assert (verdict.rows, verdict.head, verdict.problems) == (0, None, ())


@pytest.mark.parametrize(
    "change",
    [
        lambda t: sa.update(t).where(t.c.id == 3),
        lambda t: sa.delete(t).where(t.c.id == 3),
    ],
    ids=["update", "delete"],
)
def test_the_database_refuses_to_change_or_remove_rows(
    engine: sa.Engine, change: Callable[[sa.Table], sa.Update | sa.Delete]
) -> None:
    fill(engine)
    statement = change(AUDIT_LOG)
    statement = statement.values(by_name="x") if isinstance(statement, sa.Update) else statement

    with pytest.raises(Exception, match="append-only"), engine.begin() as connection:
        connection.execute(statement)

    assert audit_log.verify(engine).rows == 6


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("by_name", "ravi"),
        ("address", "10.0.0.1"),
        ("action", "search"),
        ("page", 9),
        ("page", None),
        ("request_id", None),
        ("detail", "{}"),
        ("at", datetime(2026, 1, 1, tzinfo=UTC)),
        ("hash", "0" * 64),
    ],
)
def test_a_changed_row_is_found(engine: sa.Engine, column: str, value: object) -> None:
    fill(engine)

    tamper(engine, sa.update(AUDIT_LOG).where(AUDIT_LOG.c.id == 3).values({column: value}))

    problems = audit_log.verify(engine).problems
    assert problems[0] == "row 3 is not as it was written"


def test_a_removed_row_is_found(engine: sa.Engine) -> None:
    fill(engine)

    tamper(engine, sa.delete(AUDIT_LOG).where(AUDIT_LOG.c.id.in_([3, 4])))

    assert audit_log.verify(engine).problems == ("rows 3 to 4 are missing",)


def test_a_removed_row_whose_number_is_closed_up_is_found(engine: sa.Engine) -> None:
    fill(engine)

    tamper(engine, sa.delete(AUDIT_LOG).where(AUDIT_LOG.c.id == 5))
    with engine.begin() as connection:
        connection.execute(sa.update(AUDIT_LOG).where(AUDIT_LOG.c.id == 6).values(id=5))

    assert audit_log.verify(engine).problems[0] == "row 5 is not chained to the row before it"


def test_a_removed_tail_is_found_by_an_earlier_head(engine: sa.Engine) -> None:
    fill(engine)
    head = audit_log.head(engine)

    tamper(engine, sa.delete(AUDIT_LOG).where(AUDIT_LOG.c.id >= 5))

    assert audit_log.verify(engine).problems == ()
    assert audit_log.verify(engine, head).problems == ("rows 5 to 6 are missing: the log was cut off",)


def test_a_log_that_was_written_anew_is_found_by_an_earlier_head(engine: sa.Engine) -> None:
    fill(engine)
    head = audit_log.head(engine)
    tamper(engine, sa.delete(AUDIT_LOG))

    fill(engine)

    assert audit_log.verify(engine).problems == ()
    assert "written anew" in audit_log.verify(engine, head).problems[0]


def test_a_head_stays_good_while_the_log_grows(engine: sa.Engine) -> None:
    fill(engine)
    head = audit_log.head(engine)

    fill(engine)

    assert audit_log.verify(engine, head).problems == ()
    assert audit_log.verify(engine, Head(3, "0" * 64)).problems != ()


def test_the_log_is_searched_by_each_field(engine: sa.Engine) -> None:
    fill(engine)
    audit_log.append(engine, Entry("ravi", "::1", "search", "cd" * 32))
    now = datetime.now(UTC)

    found = {
        name: [row.id for row in audit_search.search(engine, wanted, 10)]
        for name, wanted in {
            "person": Wanted(name="ravi"),
            "action": Wanted(action="search"),
            "hash": Wanted(sha256="cd" * 4),
            "request": Wanted(request_id="R-2"),
            "since": Wanted(since=now - timedelta(minutes=5), name="ravi"),
            "future": Wanted(since=now + timedelta(minutes=5)),
            "past": Wanted(until=now - timedelta(minutes=5)),
            "before": Wanted(before=3),
            "after": Wanted(after=5),
        }.items()
    }

    assert found == {
        "person": [7],
        "action": [7],
        "hash": [7],
        "request": [2],
        "since": [7],
        "future": [],
        "past": [],
        "before": [2, 1],
        "after": [7, 6],
    }
    assert audit_search.load_actions(engine) == ("search", "view")


def test_a_span_of_time_is_found_among_many(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    start, moment = datetime(2026, 5, 1, tzinfo=UTC), random.Random(4)
    moments = sorted(start + timedelta(seconds=moment.randrange(10_000)) for _ in range(60))
    ticking = iter(moments)
    monkeypatch.setattr("worker.db.tasks.clock", lambda _: next(ticking))
    fill(engine, 60)
    since, until = moments[17], moments[41]

    found = audit_search.search(engine, Wanted(since=since, until=until), 100)

    assert [row.at for row in reversed(found)] == [at for at in moments if since <= at < until]


def test_a_moment_that_cannot_be_one_is_told(engine: sa.Engine) -> None:
    fill(engine)
    if engine.dialect.name == "postgresql":  # it keeps moments as numbers
        return

    tamper(engine, sa.text("UPDATE audit_log SET at = 'yesterday' WHERE id = 3"))

    assert "was never written" in audit_log.verify(engine).problems[0]
