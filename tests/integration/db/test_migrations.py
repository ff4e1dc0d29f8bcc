"""The tables: from nothing and from each released version, with what stands in them, on both databases."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.builders.old_database import STAGES, TIME, make_old
from worker.db import arrivals, documents, pages, tasks
from worker.db.engine import HEAD, find_version, open_database, reading
from worker.db.tables import METADATA, TASKS
from worker.db.upgrade import alembic_config
from worker.domain.task import Step
from worker.errors import BadSettingsError

ROOT = Path(__file__).parents[3]
OPENER = "import sys; from worker.db.engine import open_database; open_database(sys.argv[1]).connect()"
#: What each database has for full-text search by means of its own, which METADATA cannot say: FTS5's tables of SQLite,
#: an index on an expression of PostgreSQL. The tests below see that they are there, and nothing else.
OWN = {
    "sqlite": {"page_words", "page_words_config", "page_words_data", "page_words_idx"},
    "postgresql": {"ix_page_texts_words"},
}


def is_ours(engine: sa.Engine) -> Callable[[object, str | None, str, bool, object], bool]:
    return lambda _object, name, _kind, _is_reflected, _other: name not in OWN[engine.dialect.name]


def difference_of(engine: sa.Engine) -> list[object]:
    with engine.connect() as connection:
        # Alembic takes SQLite's '' for another default than ''.
        has_defaults = engine.dialect.name == "postgresql"
        options = {"compare_server_default": has_defaults, "include_object": is_ours(engine)}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, METADATA))


def test_new_database_has_exactly_the_tables(empty_url: str) -> None:
    engine = open_database(empty_url)

    names = set(sa.inspect(engine).get_table_names())
    assert difference_of(engine) == []
    tables = OWN["sqlite"] if engine.dialect.name == "sqlite" else set()
    assert names == {*METADATA.tables, "alembic_version", *tables}


def test_new_database_can_search_pages_in_full_text(empty_url: str) -> None:
    engine = open_database(empty_url)

    inspector = sa.inspect(engine)
    found = {*inspector.get_table_names(), *(index["name"] for index in inspector.get_indexes("page_texts"))}
    assert found >= OWN[engine.dialect.name]


def test_newest_migration_is_the_one_the_engine_asks_for() -> None:
    heads = ScriptDirectory.from_config(alembic_config()).get_heads()

    assert heads == [HEAD]


def test_upgraded_database_has_the_same_tables_as_a_new_one(empty_url: str) -> None:
    make_old(empty_url)

    engine = open_database(empty_url, is_upgrade=True)

    assert difference_of(engine) == []
    assert find_version(empty_url) == HEAD


def test_upgrade_keeps_what_came_and_goes_on_where_documents_stand(empty_url: str) -> None:
    make_old(empty_url)

    engine = open_database(empty_url, is_upgrade=True)

    with reading(engine) as connection:
        query = sa.select(TASKS.c.step, TASKS.c.subject, TASKS.c.position).order_by(TASKS.c.position)
        queued = [tuple(row) for row in connection.execute(query)]
    came = arrivals.load_all(engine)
    assert queued == [(Step.OPEN, "0" * 64, 1), (Step.DECIDE, "1" * 64, 2), (Step.FILE, "2" * 64, 3)]
    assert [document.stage for document in documents.load_all(engine)] == list(STAGES)
    assert [(arrival.order, arrival.is_duplicate) for arrival in came] == [(n, n == 6) for n in range(1, 8)]
    assert {arrival.received_at for arrival in came} == {TIME}
    assert arrivals.load_refusals(engine) == {"locked.tif": "no permission"}
    assert pages.load_decisions(engine, "0" * 64) == ()


def test_tasks_made_by_the_upgrade_can_be_claimed_at_once(empty_url: str) -> None:
    make_old(empty_url)
    engine = open_database(empty_url, is_upgrade=True)

    due = tasks.count_due(engine)

    assert due == {Step.OPEN: 1, Step.DECIDE: 1, Step.FILE: 1}


def test_sqlite_is_upgraded_by_whoever_opens_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'pigeonhole.db'}"
    make_old(url)

    open_database(url).dispose()

    assert find_version(url) == HEAD


def test_worker_asks_for_the_upgrade_of_a_server_and_changes_nothing(empty_postgres_url: str) -> None:
    make_old(empty_postgres_url)

    with pytest.raises(BadSettingsError, match="pigeonhole db upgrade"):
        open_database(empty_postgres_url)

    assert find_version(empty_postgres_url) == "0001"


def test_tables_that_are_newer_than_the_program_are_left_alone(database_url: str) -> None:
    engine = open_database(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(BadSettingsError, match="install the newer program"):
        open_database(database_url, is_upgrade=True)

    assert find_version(database_url) == "9999"


def test_asking_for_the_version_makes_no_tables(empty_url: str, tmp_path: Path) -> None:
    version = find_version(empty_url)

    assert version is None
    assert find_version(empty_url) is None
    assert list(tmp_path.glob("*.db")) == []


def test_processes_that_open_a_new_database_at_once_all_succeed(empty_url: str) -> None:
    opened = [subprocess.Popen([sys.executable, "-c", OPENER, empty_url], cwd=ROOT) for _ in range(4)]

    codes = [process.wait() for process in opened]

    assert codes == [0, 0, 0, 0]
    assert find_version(empty_url) == HEAD


def test_second_opening_does_not_load_alembic(database_url: str) -> None:
    open_database(database_url).dispose()
    program = f"{OPENER}; print('alembic' in sys.modules)"

    printed = subprocess.run([sys.executable, "-c", program, database_url], cwd=ROOT, capture_output=True, check=True)

    assert printed.stdout == b"False\n"
