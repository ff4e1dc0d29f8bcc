"""Locks by name: one holder among processes, freed by death, on both databases."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.servers.postgres_server import PostgresServer
from worker.db.engine import open_database
from worker.db.locks import hold
from worker.errors import InUseError, UnreachableError

ROOT = Path(__file__).parents[3]
HOLDER = """
import sys
from worker.db.engine import open_database
from worker.db.locks import hold
with hold(open_database(sys.argv[1]), sys.argv[2:]):
    print("held", flush=True)
    sys.stdin.readline()
print("freed", flush=True)
sys.stdin.readline()
"""


@contextmanager
def holder(url: str, *names: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the names until it reads a line."""
    command = [sys.executable, "-c", HOLDER, url, *names]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def test_name_that_another_process_holds_is_waited_for_in_vain(engine: sa.Engine, database_url: str) -> None:
    before = time.monotonic()

    with holder(database_url, "R1"), pytest.raises(InUseError, match="trying again later"), hold(engine, "R1", 0.3):
        pytest.fail("two hold it")

    assert 0.3 <= time.monotonic() - before < 10


def test_other_names_are_free_meanwhile(engine: sa.Engine, database_url: str) -> None:
    with holder(database_url, "R1", "R2"), hold(engine, ["R3", "R4"], 0.3):
        taken = True

    assert taken


def test_killed_holder_lets_go(engine: sa.Engine, database_url: str) -> None:
    with holder(database_url, "R1") as process:
        process.kill()

        with hold(engine, "R1", 5):
            taken = True

    assert taken


def test_holder_that_ends_lets_go_while_its_process_lives(engine: sa.Engine, database_url: str) -> None:
    with holder(database_url, "R1") as process:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()

        with hold(engine, ["R1"], 10):
            is_alive = process.poll() is None

    assert is_alive


def test_error_in_the_block_lets_go(engine: sa.Engine) -> None:
    with pytest.raises(ZeroDivisionError), hold(engine, ["R1", "R2"]):
        _ = 1 / 0

    with hold(engine, ["R2", "R1"], 0.3):
        taken = True
    assert taken


def test_threads_that_want_the_same_names_in_any_order_take_turns(engine: sa.Engine) -> None:
    inside, most = [0], [0]

    def work(names: list[str]) -> None:
        for _ in range(10):
            with hold(engine, names):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.001)
                inside[0] -= 1

    orders = (["R1", "R2", "R3"], ["R3", "R2", "R1"], ["R2", "R3"])
    threads = [threading.Thread(target=work, args=(names,)) for names in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == [1]


def test_nothing_to_hold_asks_nobody(tmp_path: Path) -> None:
    unused = sa.create_engine(f"sqlite:///{tmp_path / 'missing' / 'x.db'}")

    with hold(unused, []):
        held = True

    assert held
    assert list(tmp_path.iterdir()) == []


def test_server_that_dies_under_a_holder_ends_the_block_without_an_error() -> None:
    with PostgresServer() as server:
        engine = open_database(server.new_database())

        with hold(engine, "R1"):
            server.kill()

        with pytest.raises(UnreachableError, match="the database"), hold(engine, "R1"):
            pytest.fail("nobody can hold it")
        server.start()
        with hold(engine, "R1", 1):
            taken = True
        assert taken
