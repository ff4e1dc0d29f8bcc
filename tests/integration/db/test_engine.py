"""Opening the database, migrations, and two processes at once."""

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from worker.db.engine import HEAD, open_database, reading, sqlite_url
from worker.db.tables import ARRIVALS, METADATA, UtcTime
from worker.db.upgrade import alembic_config
from worker.errors import CannotWriteError

ROOT = Path(__file__).parents[3]


def url(folder: Path) -> str:
    return sqlite_url(folder / "pigeonhole.db").render_as_string()


def test_new_database_has_exactly_the_tables(tmp_path: Path) -> None:
    engine = open_database(url(tmp_path))

    with engine.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), METADATA)
        names = set(sa.inspect(connection).get_table_names())
    assert difference == []
    assert names == {*METADATA.tables, "alembic_version"}


def test_newest_migration_is_the_one_the_engine_asks_for() -> None:
    heads = ScriptDirectory.from_config(alembic_config()).get_heads()

    assert heads == [HEAD]


def test_second_opening_does_not_load_alembic(tmp_path: Path) -> None:
    open_database(url(tmp_path)).dispose()
    program = (
        "import sys; from worker.db.engine import open_database; "
        f"open_database({url(tmp_path)!r}); print('alembic' in sys.modules)"
    )

    printed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True)

    assert printed.stdout == b"False\n"


def test_sqlite_is_newer_than_the_wal_bug_and_durable(tmp_path: Path) -> None:
    engine = open_database(url(tmp_path))

    with reading(engine) as connection:
        version = connection.execute(sa.text("SELECT sqlite_version()")).scalar_one()
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert tuple(map(int, version.split("."))) > (3, 51, 2)
    assert pragmas == ["wal", 2, 1]


def test_readers_and_writers_at_once_neither_fail_nor_lose(tmp_path: Path) -> None:
    engine = open_database(url(tmp_path))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE counter (value INTEGER)")
        connection.exec_driver_sql("INSERT INTO counter VALUES (0)")

    def count_up() -> None:
        for _ in range(25):
            with engine.begin() as connection:  # reads, then writes: fails without BEGIN IMMEDIATE
                value = connection.exec_driver_sql("SELECT value FROM counter").scalar_one()
                connection.exec_driver_sql(f"UPDATE counter SET value = {value + 1}")

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT value FROM counter").scalar_one() == 100


def test_reader_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    engine = open_database(url(tmp_path))

    with engine.begin() as writer, reading(engine) as reader:
        writer.exec_driver_sql("DELETE FROM pages")
        count = reader.exec_driver_sql("SELECT count(*) FROM pages").scalar_one()

    assert count == 0


def test_place_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotWriteError, match="database cannot be opened"):
        open_database(url(tmp_path / "missing"))


def test_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pigeonhole.db").write_bytes(b"somebody's letter " * 100)

    with pytest.raises(CannotWriteError, match="database cannot be opened"):
        open_database(url(tmp_path))

    assert (tmp_path / "pigeonhole.db").read_bytes().startswith(b"somebody's letter")


def test_times_keep_their_zone_and_naive_ones_are_refused(tmp_path: Path) -> None:
    engine = open_database(url(tmp_path))
    local = datetime(2026, 11, 2, 9, 30, tzinfo=timezone(timedelta(hours=-5)))
    values = {"source": "a", "path": b"/a", "is_duplicate": False, "received_at": local}
    with engine.begin() as connection:
        connection.execute(sa.insert(ARRIVALS).values(values))

    with reading(engine) as connection:
        stored = connection.execute(sa.select(ARRIVALS.c.received_at)).scalar_one()

    assert stored == datetime(2026, 11, 2, 14, 30, tzinfo=UTC)
    assert stored.tzinfo is UTC
    with pytest.raises(ValueError, match="zone"):
        UtcTime().process_bind_param(datetime(2026, 11, 2), engine.dialect)


@pytest.mark.parametrize("name", ["two words", "what?", "100%", "a#b", "é", "a;b&c=d"])
def test_any_path_can_hold_the_database(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()

    open_database(url(tmp_path / name)).dispose()

    assert (tmp_path / name / "pigeonhole.db").stat().st_size > 0


def test_processes_that_open_a_new_database_at_once_all_succeed(tmp_path: Path) -> None:
    program = f"from worker.db.engine import open_database; open_database({url(tmp_path)!r}).connect()"

    opened = [subprocess.Popen([sys.executable, "-c", program], cwd=ROOT) for _ in range(4)]

    assert [process.wait() for process in opened] == [0, 0, 0, 0]
