"""The fault campaign in short (`python -m bench.faults` is the long form): nothing lost, nothing twice, same pages."""

import random
from pathlib import Path

import pytest

from bench import faults_room
from bench.faults_attack import Attack, Servers, Tray
from bench.faults_compare import Place, Row, judge
from bench.faults_messages import double_and_shuffle
from bench.faults_room import Held, Room
from tests.acceptance.conftest import REQUESTS, Small
from tests.builders.command import rows
from tests.servers.postgres_server import PostgresServer
from tests.servers.program import free_port
from tests.servers.redis_server import RedisServer
from worker.pipeline.work import MOST_ATTEMPTS

#: Seconds after which a run counts as hung.
LIMIT = 120.0


@pytest.fixture
def tray(small: Small) -> Tray:
    return Tray(small.scans, REQUESTS, len(small.pages.splitlines()) - 1)


@pytest.fixture
def undisturbed(small: Small, tmp_path: Path) -> dict[Place, list[Row]]:
    """What `pigeonhole process` decides of the same files."""
    table = tmp_path / "undisturbed.csv"
    table.write_text(small.pages, "utf-8")
    return {
        (row["source"], row["page"]): [(row["outcome"], row["request_id"], row["document_type"])] for row in rows(table)
    }


@pytest.fixture
def servers(postgres: PostgresServer, redis_server: RedisServer) -> Servers:
    return Servers(postgres, redis_server)


@pytest.fixture
def served(postgres_url: str, redis_url: str) -> dict[str, str]:
    return {"PIGEONHOLE_DATABASE_URL": postgres_url, "PIGEONHOLE_REDIS_URL": redis_url}


def kill_one_at_work(attack: Attack) -> None:
    """SIGKILL to a worker in the middle of a task that has not died twice before: a third time would park it."""

    def victims() -> list[Held]:
        return [held for held in attack.room.held() if held.attempts < MOST_ATTEMPTS and not attack.has_killed(held)]

    attack.room.wait(victims, "somebody at work", every=0.01)
    for victim in victims()[:1]:
        faults_room.kill(victim.pid)
        attack.note_kill([victim])


def test_workers_and_supervisor_are_killed_with_sqlite(
    tray: Tray, undisturbed: dict[Place, list[Row]], tmp_path: Path
) -> None:
    with Room(tmp_path, {}, LIMIT) as room, Servers() as servers:
        attack = Attack(room, tray, servers, random.Random(1), 0)
        room.must("requests", "import", tray.requests)
        room.on_look = room.restart_dead
        room.start("up", "up", "--workers", "2", "--threads", "1", "--port", str(free_port()))
        assert attack.drop(tray.files) == []

        kill_one_at_work(attack)
        room.kill("up")
        kill_one_at_work(attack)
        attack.finish()
        room.end_all()

        verdict = judge(room, undisturbed)
        assert verdict.is_good, verdict.problems
        assert attack.done.total() == 2


def test_redis_forgets_and_messages_come_twice_with_postgresql(
    tray: Tray, undisturbed: dict[Place, list[Row]], served: dict[str, str], servers: Servers, tmp_path: Path
) -> None:
    with Room(tmp_path, served, LIMIT) as room:
        attack = Attack(room, tray, servers, random.Random(1), 0)
        room.must("requests", "import", tray.requests)
        attack.start_workers()
        ring_twice = double_and_shuffle(attack)
        assert attack.drop(tray.files[:2]) == []
        room.wait(lambda: room.count_tasks() >= 2, "the first documents to be taken in")

        servers.redis.flush()
        room.on_look = ring_twice
        assert attack.drop(tray.files[2:]) == []
        attack.finish()
        room.end_all()

        verdict = judge(room, undisturbed)
        assert verdict.is_good, verdict.problems
        assert attack.done["ring"] > len(tray.files)
