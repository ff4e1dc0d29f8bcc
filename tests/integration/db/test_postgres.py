"""PostgreSQL that is down, comes back, refuses or is full: each is told as what it is, and told no more than that."""

import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests.servers.postgres_server import PostgresServer
from tests.servers.program import free_port
from worker.db import facts
from worker.db.engine import find_version, open_database, reading
from worker.errors import BadSettingsError, CannotWriteError, UnreachableError


@pytest.fixture(scope="module")
def own_server() -> Iterator[PostgresServer]:
    """One that a test may stop and kill; it starts it again."""
    with PostgresServer() as server:
        yield server


def test_server_that_is_not_there_is_told() -> None:
    url = f"postgresql://somebody:secret@127.0.0.1:{free_port()}/x"

    with pytest.raises(UnreachableError, match="the database does not answer") as told:
        open_database(url)

    assert "secret" not in str(told.value)
    with pytest.raises(UnreachableError):
        find_version(url)


def test_database_that_is_not_there_is_told(postgres: PostgresServer) -> None:
    with pytest.raises(UnreachableError, match="no_such_database"):
        open_database(postgres.url("no_such_database"))


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_engine_works_again_once_the_server_is_back(own_server: PostgresServer, end: str) -> None:
    engine = open_database(own_server.new_database())

    getattr(own_server, end)()
    with pytest.raises(UnreachableError):
        facts.load(engine, "a")
    own_server.start()

    assert facts.load(engine, "a") == 0


def test_transaction_that_loses_its_server_is_told_and_did_not_happen(own_server: PostgresServer) -> None:
    engine = open_database(own_server.new_database())

    def lose() -> None:
        with engine.begin() as connection:
            facts.bump(connection, "a")
            own_server.kill()
            facts.bump(connection, "a")

    with pytest.raises(UnreachableError):
        lose()
    own_server.start()

    assert facts.load(engine, "a") == 0


def test_server_killed_before_the_commit_is_told(own_server: PostgresServer) -> None:
    engine = open_database(own_server.new_database())

    def lose() -> None:
        with engine.begin() as connection:
            facts.bump(connection, "a")
            own_server.kill()

    with pytest.raises(UnreachableError):
        lose()
    own_server.start()

    assert facts.load(engine, "a") == 0


def test_connection_that_an_administrator_ends_is_told(postgres_url: str) -> None:
    engine = open_database(postgres_url)

    with pytest.raises(UnreachableError), reading(engine) as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))

    assert facts.load(engine, "a") == 0


def test_two_that_wait_for_each_other_are_told_to_try_again(postgres_url: str) -> None:
    engine = open_database(postgres_url)
    both_hold_one, told = threading.Barrier(2), []

    def work(first: str, second: str) -> None:
        try:
            with engine.begin() as connection:
                facts.bump(connection, first)
                both_hold_one.wait()
                facts.bump(connection, second)
        except UnreachableError as error:
            told.append(error)

    with engine.begin() as connection:
        facts.bump(connection, "a")
        facts.bump(connection, "b")
    threads = [threading.Thread(target=work, args=names) for names in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(told) == 1
    assert not told[0].is_permanent
    assert (facts.load(engine, "a"), facts.load(engine, "b")) == (2, 2)


@pytest.mark.parametrize(
    ("state", "kind"), [("53100", CannotWriteError), ("58030", CannotWriteError), ("53300", UnreachableError)]
)
def test_trouble_of_the_server_is_told_by_its_kind(postgres_url: str, state: str, kind: type[Exception]) -> None:
    engine = open_database(postgres_url)
    statement = f"DO $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '{state}', DETAIL = 'Jane Doe'; END $$"

    with pytest.raises(kind, match="no room") as told, engine.begin() as connection:
        connection.exec_driver_sql(statement)

    assert "Jane" not in str(told.value)


def test_role_that_may_make_no_tables_is_told(postgres: PostgresServer, empty_postgres_url: str) -> None:
    owner = sa.create_engine(empty_postgres_url)
    with owner.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE reader LOGIN")
    url = sa.make_url(empty_postgres_url).set(username="reader")

    with pytest.raises(CannotWriteError, match="permission denied"):
        open_database(url)

    with owner.begin() as connection:
        connection.exec_driver_sql("DROP ROLE reader")
    owner.dispose()


def test_errors_do_not_quote_what_was_to_be_stored(postgres_url: str) -> None:
    engine = open_database(postgres_url)

    with pytest.raises(sa.exc.IntegrityError) as told, engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO facts VALUES (:name, NULL)"), {"name": "Jane Doe"})

    assert "SQL parameters hidden" in str(told.value)


def test_other_databases_are_refused() -> None:
    with pytest.raises(BadSettingsError, match="mysql is no database for Pigeonhole"):
        open_database("mysql://somebody@127.0.0.1/x")
