"""The kinds of faults: how the room is set up for each, and what is done to it."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench import faults_api
from bench.faults_attack import IDLE, Attack, Servers
from bench.faults_disk import fill_disk, small_disk
from bench.faults_messages import double_and_shuffle
from bench.faults_room import Held, freeze, kill, thaw
from tests.servers.program import free_port
from worker.domain.task import Step
from worker.errors import PigeonholeError
from worker.pipeline.work import MOST_ATTEMPTS

#: Seconds between two looks for a task of a certain step: opening a document takes some 50 ms.
HUNT_EVERY = 0.003
#: Seconds that a server is away, and a disk full.
OUTAGE_SECONDS = 6.0
#: Kills in a row that met nobody at work, before one is waited for.
MOST_IN_VAIN = 3
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
HOUR = 3600
#: libfaketime 0.9.10 refuses what Python's time.sleep asks for (clock_nanosleep until a monotonic time: EINVAL).
SLEEP_BY_SELECT = """import select, time
time.sleep = lambda seconds: select.select([], [], [], seconds)[0] and None
"""

Settings = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """`amount` faults in `runs` runs unless told otherwise. `settings` may prepare the folder of the run."""

    name: str
    title: str
    settings: Callable[[Servers, Path], Settings]
    attack: Callable[[Attack], None]
    amount: int
    runs: int = 1


def embedded(_servers: Servers, _folder: Path) -> Settings:
    """SQLite, no Redis: what `pigeonhole up` is without settings."""
    return {}


def served(servers: Servers, _folder: Path) -> Settings:
    """PostgreSQL and Redis."""
    servers.redis.flush()
    return {
        "PIGEONHOLE_DATABASE_URL": servers.postgres.new_database(),
        "PIGEONHOLE_REDIS_URL": servers.redis.url,
    }


def in_a_store(servers: Servers, folder: Path) -> Settings:
    """PostgreSQL, Redis and an S3-compatible store."""
    return {
        **served(servers, folder),
        "PIGEONHOLE_STORE": f"s3://{servers.s3.new_bucket()}/mailroom",
        "PIGEONHOLE_STORE_ENDPOINT": servers.s3.endpoint,
    }


def on_a_small_disk(servers: Servers, folder: Path) -> Settings:
    """SQLite in a file system of its own that can be filled. Needs the right to mount."""
    servers.keep(small_disk(folder / "home"))
    return {}


def by_a_false_clock(_servers: Servers, folder: Path) -> Settings:
    """SQLite, by a clock that a file sets; what measures how long something takes goes on as it should."""
    clock = folder / "clock"
    clock.write_text("+0\n")
    (folder / "sitecustomize.py").write_text(SLEEP_BY_SELECT)
    return {
        "PYTHONPATH": str(folder),
        "LD_PRELOAD": FAKETIME,
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }


def at_random(attack: Attack) -> None:
    """SIGKILL of one worker after the other at drawn moments; one that met a worker without work is one more.

    On a machine so busy that workers die before they have begun, the next waits until one works.
    """
    count, in_vain = len(attack.tray.files), 0
    attack.start_workers()
    attack.drop(attack.tray.files)
    while attack.done.total() - attack.done[IDLE] < attack.amount and not attack.room.is_finished(count):
        if in_vain >= MOST_IN_VAIN:
            attack.room.wait(lambda: _at_work(attack) or attack.room.is_finished(count), "somebody at work")
        attack.room.pause(attack.rng.uniform(0.2, 3.0))
        process = attack.room.running[attack.rng.choice(attack.workers)]
        idle = attack.done[IDLE]
        if process.poll() is None and freeze(process.pid):
            _kill_frozen(attack, process.pid)
        in_vain = in_vain + 1 if attack.done[IDLE] > idle else 0
    attack.finish()


def _at_work(attack: Attack) -> bool:
    return any(not attack.has_killed(held) for held in attack.room.held())


def in_every_stage(attack: Attack) -> None:
    """SIGKILL of a worker that holds a task of a certain step, each step equally often."""
    attack.start_workers()
    attack.drop(attack.tray.files)
    wanted = Counter({step.value: -(-attack.amount // len(Step)) for step in Step})
    _hunt(attack, lambda held: wanted[held.step] > 0 and held.attempts < MOST_ATTEMPTS, wanted)
    attack.finish()


def poison(attack: Attack) -> None:
    """Two documents kill every worker that opens the one, or reads the other."""
    short = [path for path in attack.tray.files if path.name.endswith(("a.tif", "a.pdf"))]
    chosen = attack.rng.sample(sorted(short, key=lambda path: path.stat().st_size)[:4], 2)
    attack.poisoned = {path.name for path in chosen}
    opened, read = (hashlib.sha256(path.read_bytes()).hexdigest() for path in chosen)
    attack.start_workers()
    attack.drop(attack.tray.files)

    def is_deadly(held: Held) -> bool:
        if held.attempts > MOST_ATTEMPTS or held.subject not in {opened, read}:
            return False  # beyond that it is not worked on, but given up
        is_split = held.step == Step.READ.value and held.pages > 1 and held.attempts > 1
        return (held.subject == opened or held.step == Step.READ.value) and not is_split

    _hunt(attack, is_deadly)
    attack.finish()


def supervisor(attack: Attack) -> None:
    """SIGKILL of `pigeonhole up` at drawn moments; it is started again at once."""
    options = ("--workers", "2", "--threads", "1", "--port", str(free_port()))
    attack.room.start("up", "up", *options)
    attack.room.on_look = attack.room.restart_dead
    attack.drop(attack.tray.files)
    for _ in range(attack.amount):
        attack.room.pause(attack.rng.uniform(3.0, 8.0))
        if attack.room.is_finished(len(attack.tray.files)):
            break
        attack.room.kill("up")
        attack.done["up"] += 1
        attack.recovered.append(attack.room.wait_for_progress(len(attack.tray.files)))
    attack.finish()


def redis_killed(attack: Attack) -> None:
    """Redis is gone at once, as in a power cut, and comes back with its file."""
    attack.start_workers()
    attack.outages(attack.servers.redis.kill, attack.servers.redis.start, OUTAGE_SECONDS)


def redis_restarted(attack: Attack) -> None:
    """Redis stops in good order and starts again."""
    attack.start_workers()
    attack.outages(attack.servers.redis.stop, attack.servers.redis.start, OUTAGE_SECONDS)


def redis_flushed(attack: Attack) -> None:
    """Redis forgets everything, half a second after documents were taken in and rung for."""
    attack.start_workers()
    attack.outages(lambda: None, attack.servers.redis.flush, 1.5)


def postgres_stopped(attack: Attack) -> None:
    """PostgreSQL stops, throwing its clients out, and starts again."""
    attack.start_workers()
    attack.outages(attack.servers.postgres.stop, attack.servers.postgres.start, OUTAGE_SECONDS)


def postgres_killed(attack: Attack) -> None:
    """PostgreSQL is gone at once and has to recover from its log."""
    attack.start_workers()
    attack.outages(attack.servers.postgres.kill, attack.servers.postgres.start, OUTAGE_SECONDS)


def store_away(attack: Attack) -> None:
    """The store refuses connections."""
    attack.start_workers()
    attack.outages(attack.servers.s3.stop, attack.servers.s3.start, OUTAGE_SECONDS)


def disk_full(attack: Attack) -> None:
    """The disk of the home (database, originals, inbox, what is filed) has not one byte left."""
    attack.start_workers()
    ballast = attack.room.home / "ballast"

    def fill() -> None:
        fill_disk(ballast)

    def look() -> None:
        attack.look()
        if ballast.exists():
            fill()

    attack.room.on_look = look
    attack.outages(fill, ballast.unlink, OUTAGE_SECONDS)


def messages(attack: Attack) -> None:
    """Every ring comes twice more, late, and what waits in Redis is shuffled all the time."""
    attack.start_workers()
    ring = double_and_shuffle(attack)

    def look() -> None:
        attack.look()
        ring()

    attack.room.on_look = look
    attack.drop(attack.tray.files)
    attack.finish()


def clock_back(attack: Attack) -> None:
    """The clock of all processes steps back an hour in the middle of the work."""
    attack.start_workers()
    clock = attack.room.folder / "clock"
    documents = len(attack.tray.files)
    attack.drop(attack.tray.files)
    for number in range(1, attack.amount + 1):
        attack.room.pause(attack.rng.uniform(4.0, 8.0))
        if attack.room.is_finished(documents):
            break
        clock.write_text(f"-{number * HOUR}\n")
        attack.done["step back"] += 1
        attack.recovered.append(attack.room.wait_for_progress(documents))
    attack.finish()


def _hunt(attack: Attack, is_wanted: Callable[[Held], bool], wanted: Counter[str] | None = None) -> None:
    """Kills workers that hold a wanted task until all is finished, or nothing more is wanted."""
    while not attack.room.is_finished(len(attack.tray.files)) and (wanted is None or wanted.total() > 0):

        def look_closely(until: float = time.monotonic() + 0.5) -> bool:
            victim = next(
                (held for held in attack.room.held() if is_wanted(held) and not attack.has_killed(held)), None
            )
            if victim is not None and freeze(victim.pid):
                killed = _kill_frozen(attack, victim.pid, is_wanted)
                if wanted is not None:
                    wanted.subtract({held.step for held in killed})
            return time.monotonic() > until

        attack.room.wait(look_closely, "a victim", every=HUNT_EVERY)


def _kill_frozen(attack: Attack, pid: int, is_wanted: Callable[[Held], bool] = lambda _: True) -> list[Held]:
    """Kills the frozen worker if it still holds what is wanted, and no task would die for the third time by chance."""
    try:
        held = [one for one in attack.room.held() if one.pid == pid]
    except PigeonholeError:
        held = []
    is_chance = not attack.poisoned
    is_last = is_chance and any(one.attempts >= MOST_ATTEMPTS for one in held)
    has_wanted = any(is_wanted(one) for one in held) or not held
    if is_last or not has_wanted:
        thaw(pid)
        return []
    kill(pid)
    attack.note_kill(held)
    return held


KINDS = (
    Kind("workers", "worker SIGKILLed at a random moment", served, at_random, 34, runs=2),
    Kind("embedded", "the same with SQLite and no Redis", embedded, at_random, 16),
    Kind("stages", "worker SIGKILLed in a certain stage", served, in_every_stage, 18),
    Kind("supervisor", "`pigeonhole up` SIGKILLed", embedded, supervisor, 5),
    Kind("api", "API SIGKILLed in mid-upload", served, faults_api.killed_in_mid_upload, 8),
    Kind("redis-killed", "Redis SIGKILLed, back after 6 s", served, redis_killed, 3),
    Kind("redis-restarted", "Redis stopped for 6 s", served, redis_restarted, 3),
    Kind("redis-flushed", "Redis flushed", served, redis_flushed, 3),
    Kind("postgres-stopped", "PostgreSQL stopped for 6 s", served, postgres_stopped, 3),
    Kind("postgres-killed", "PostgreSQL SIGKILLed, back after 6 s", served, postgres_killed, 2),
    Kind("disk", "disk full for 6 s", on_a_small_disk, disk_full, 3),
    Kind("store", "store unavailable for 6 s", in_a_store, store_away, 3),
    Kind("messages", "every message twice more, out of order", served, messages, 0),
    Kind("poison", "two documents that kill their worker each time", served, poison, 0),
    Kind("clock", "clock steps back an hour", by_a_false_clock, clock_back, 2),
)
