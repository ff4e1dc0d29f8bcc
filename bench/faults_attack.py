"""What a fault is done with: the servers, the tray, the room, and notes of what was done and how long it cost."""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bench.faults_room import Held, Room
from tests.servers.postgres_server import PostgresServer
from tests.servers.redis_server import RedisServer
from worker.errors import CannotWriteError, PigeonholeError

if TYPE_CHECKING:
    from tests.servers.s3_server import S3Server

#: Worker processes of a room, of one thread each.
WORKERS = 2
#: Any will do for moto; without some, the library would look for those of a machine in the cloud.
STORE_KEYS = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_REGION": "us-east-1"}
#: What a killed worker met that held nothing: it was starting, or there was nothing to do.
IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Tray:
    """What is dropped in, in this order, and the registry it belongs to."""

    files: Sequence[Path]
    requests: Path
    pages: int


class Servers:
    """Real servers, each started when first asked for unless it runs already. Used as a context."""

    def __init__(self, postgres: PostgresServer | None = None, redis: RedisServer | None = None) -> None:
        self._stack = ExitStack()
        self._postgres = postgres
        self._redis = redis
        self._s3: S3Server | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def postgres(self) -> PostgresServer:
        """One cluster."""
        self._postgres = self._postgres or self._stack.enter_context(PostgresServer())
        return self._postgres

    @property
    def redis(self) -> RedisServer:
        """One Redis, with an append-only file."""
        self._redis = self._redis or self._stack.enter_context(RedisServer())
        return self._redis

    @property
    def s3(self) -> "S3Server":
        """One store, in a thread of this process."""
        from tests.servers.s3_server import S3Server  # noqa: PLC0415 - moto takes seconds to import

        os.environ.update(STORE_KEYS)  # this process looks into the store as well
        self._s3 = self._s3 or self._stack.enter_context(S3Server())
        return self._s3

    def keep(self, context: AbstractContextManager[object]) -> None:
        """Something that is undone at the end."""
        self._stack.enter_context(context)


@dataclass(slots=True)
class Attack:
    """One run of one kind. `done` counts the faults by what they met, `recovered` has the seconds that each cost."""

    room: Room
    tray: Tray
    servers: Servers
    rng: random.Random
    amount: int
    done: Counter[str] = field(default_factory=Counter)
    recovered: list[float] = field(default_factory=list)
    poisoned: set[str] = field(default_factory=set)
    _killed: set[str] = field(default_factory=set)
    _taken: dict[tuple[int, str], float] = field(default_factory=dict)

    @property
    def workers(self) -> list[str]:
        """The names of the worker processes."""
        return [f"worker-{number}" for number in range(1, WORKERS + 1)]

    def start_workers(self) -> None:
        """Plain workers, started again at once when they die, and a sweep."""
        for name in self.workers:
            self.room.start(name, "worker", "--threads", "1")
        self.room.start("sweep", "sweep", "--every", "1")
        self.room.on_look = self.look

    def look(self) -> None:
        """What died is started again; what the dead held is watched until somebody else has it."""
        self.room.restart_dead()
        if self._taken:
            try:
                tokens = self.room.tokens()
            except PigeonholeError:
                return
            for (number, token), since in list(self._taken.items()):
                if number not in tokens or tokens[number] not in {None, token}:
                    self.recovered.append(time.monotonic() - since)
                    del self._taken[number, token]

    def note_kill(self, held: Iterable[Held]) -> None:
        """A worker was killed that held these: each counts, and is watched."""
        steps = {one.step for one in held}
        self.done["+".join(sorted(steps)) or IDLE] += 1
        for one in held:
            self._killed.add(one.token)
            self._taken[one.id, one.token] = time.monotonic()

    def has_killed(self, held: Held) -> bool:
        """The holder is dead already, and the lease has not run out."""
        return held.token in self._killed

    def drop(self, files: Sequence[Path]) -> list[Path]:
        """Offers files to the door; returns those that it could not take, from the first of them on."""
        for index, path in enumerate(files):
            try:
                self.room.drop(path)
            except CannotWriteError:
                return list(files[index:])
        return []

    def finish(self) -> None:
        """Waits until all is done."""
        self.room.wait_until_finished(len(self.tray.files))

    def outages(self, begin: Callable[[], object], end: Callable[[], object], seconds: float) -> None:
        """As many times as asked for: something is down for so many seconds while documents come in.

        The first time nothing is under way. Each cost what it took from its end to the next step that was done.
        """
        came = 0
        for number in range(self.amount):
            portion = self._portion(number)
            came += len(portion)
            begin()
            left = self.drop(portion)
            self.room.pause(seconds)
            end()
            left = self.drop(left)
            self.done["outage"] += 1
            self.recovered.append(self.room.wait_for_progress(came))
            if left:
                raise RuntimeError("the door could not take a document although the fault was over")
            self.room.pause(self.rng.uniform(0.0, 2.0))
        self.finish()

    def _portion(self, number: int) -> Sequence[Path]:
        """The files of one outage: the tray in parts, in its order."""
        size = -(-len(self.tray.files) // self.amount)
        return self.tray.files[number * size : (number + 1) * size]
