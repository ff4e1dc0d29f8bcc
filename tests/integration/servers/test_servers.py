"""The servers that tests use: they start, keep their data over a kill, isolate tests, and die with their starter."""

import imaplib
import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis
import sqlalchemy as sa

from tests.conftest import Mailbox
from tests.servers.imap_server import ImapServer
from tests.servers.postgres_server import PostgresServer
from tests.servers.program import MissingProgramError, find_program, is_alive, wait_until
from tests.servers.redis_server import RedisServer

ROOT = Path(__file__).parents[3]


def rows(url: str) -> int:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return int(connection.execute(sa.text("SELECT count(*) FROM facts")).scalar_one())


def test_redis_keeps_what_it_was_told_over_a_restart() -> None:
    with RedisServer() as server:
        redis.Redis.from_url(server.url).set("bell", "rung")

        server.restart()

        assert redis.Redis.from_url(server.url).get("bell") == b"rung"


def test_postgres_comes_back_after_a_kill_with_what_was_committed() -> None:
    with PostgresServer() as server:
        url = server.new_database()
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute("INSERT INTO facts VALUES ('a', 1)")

        server.kill()
        server.start()

        assert rows(url) == 1


def test_each_test_has_a_database_of_its_own(postgres: PostgresServer, postgres_url: str) -> None:
    other = postgres.new_database()
    with psycopg.connect(other.replace("+psycopg", "")) as connection:
        connection.execute("INSERT INTO facts VALUES ('a', 1)")

    counts = rows(postgres_url), rows(other)

    postgres.drop_database(other)
    assert counts == (0, 1)


def test_mailbox_takes_a_mail_and_wants_its_password(mailbox: Mailbox) -> None:
    with imaplib.IMAP4(mailbox.host, mailbox.port) as client:
        client.login(mailbox.user, mailbox.password)
        client.append("INBOX", "", "", b"Subject: fax\r\n\r\nhello\r\n")
        selected = client.select("INBOX")

    assert selected == ("OK", [b"1"])
    with imaplib.IMAP4(mailbox.host, mailbox.port) as client, pytest.raises(imaplib.IMAP4.error):
        client.login(mailbox.user, "wrong")


@pytest.mark.parametrize("kind", [RedisServer, PostgresServer, ImapServer])
def test_server_dies_with_its_starter(kind: type[RedisServer | PostgresServer | ImapServer]) -> None:
    program = (
        f"from {kind.__module__} import {kind.__name__}; server = {kind.__name__}(); server.start(); "
        "print(server.pid, server.folder, flush=True); input()"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout is not None
    pid, folder = starter.stdout.readline().split()

    os.kill(starter.pid, signal.SIGKILL)
    starter.communicate()

    assert wait_until(lambda: not is_alive(int(pid)), 10)
    subprocess.run(["rm", "-rf", folder], check=True)


def test_what_is_not_installed_is_told() -> None:
    with pytest.raises(MissingProgramError, match="install-system-packages --test"):
        find_program("no-such-server")
