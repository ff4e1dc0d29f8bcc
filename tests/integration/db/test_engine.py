"""Opening SQLite's file, many at once, and what is stored in either database."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from worker.db.engine import open_database, reading, sqlite_url
from worker.db.tables import ARRIVALS, UtcTime
from worker.errors import CannotWriteError


def url(folder: Path) -> str:
    return sqlite_url(folder / "pigeonhole.db").render_as_string()


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


def test_times_keep_their_zone_and_naive_ones_are_refused(engine: sa.Engine) -> None:
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
