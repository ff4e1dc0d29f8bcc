"""Real servers for integration and acceptance tests: one of each a session, started where a test asks for it.

Each test gets a database, a bucket and a mailbox of its own, and an empty Redis. Unit tests use none of it.
"""

import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.servers.imap_server import ImapServer
from tests.servers.postgres_server import PostgresServer
from tests.servers.redis_server import RedisServer

if TYPE_CHECKING:
    from tests.servers.s3_server import S3Server


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An empty mailbox that takes plain IMAP without encryption."""

    host: str
    port: int
    user: str
    password: str


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def imap_server() -> Iterator[ImapServer]:
    with ImapServer() as server:
        yield server


@pytest.fixture(scope="session")
def s3_server() -> "Iterator[S3Server]":
    from tests.servers.s3_server import S3Server  # noqa: PLC0415 - moto takes seconds to import

    with S3Server() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """An empty Redis."""
    redis_server.flush()
    return redis_server.url


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """A database with our tables and nothing in them."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture
def empty_postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """A database without tables."""
    url = postgres.new_database(is_empty=True)
    yield url
    postgres.drop_database(url)


@pytest.fixture
def mailbox(imap_server: ImapServer) -> Mailbox:
    """A mailbox that nobody used before."""
    return Mailbox(imap_server.host, imap_server.port, f"gateway-{secrets.token_hex(6)}", imap_server.password)


@pytest.fixture
def s3_bucket(s3_server: "S3Server") -> str:
    """The name of an empty bucket at `s3_server.endpoint`."""
    return s3_server.new_bucket()


@pytest.fixture(autouse=True)
def _temporary_folder_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader process of its own sets the folder for its temporary files; called within a test it would stay set."""
    monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)
