"""Both databases: each test that uses one of these runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.servers.postgres_server import PostgresServer
from worker.db.engine import open_database, sqlite_url

BOTH = ("sqlite", "postgresql")


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with our tables and nothing in them; SQLite's are made by the first to open it."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "pigeonhole.db").render_as_string()
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "pigeonhole.db").render_as_string()
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


@pytest.fixture(scope="module", params=BOTH)
def shared_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """One database for all tests of a module that only read what its first fixture put there."""
    if request.param == "sqlite":
        engine = open_database(sqlite_url(tmp_path_factory.mktemp("shared") / "pigeonhole.db"))
        yield engine
        engine.dispose()
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new_database()
    engine = open_database(url)
    yield engine
    engine.dispose()
    server.drop_database(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()
