"""A mailroom under test: its home, its settings, its processes, and what its database says of the progress."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from worker.db.engine import open_database, reading, sqlite_url
from worker.db.tables import ARRIVALS, DOCUMENTS, EVENTS, PAGES, TASKS
from worker.domain.document import Stage
from worker.errors import PigeonholeError
from worker.intake.inbox_drop import drop
from worker.storage.folder_store import FolderStore
from worker.storage.opening import open_store
from worker.storage.store import Store
from worker.wiring import DATABASE

ROOT = Path(__file__).parents[1]
#: Seconds between two looks, and that a command which ends by itself may take.
LOOK_EVERY, COMMAND_SECONDS = 0.1, 120.0
#: Seconds of a lease: short, so that many faults fit into a run. The default is longer.
LEASE_SECONDS = "5"
#: A campaign that is ended from outside takes what it started along.
DIES_WITH_US = ("setpriv", "--pdeathsig", "TERM")
ENDED = tuple(stage.value for stage in Stage if stage.is_end)


@dataclass(frozen=True, slots=True)
class Held:
    """A task that a process holds."""

    id: int
    token: str
    step: str
    subject: str
    pid: int
    attempts: int
    pages: int


class NotFinishedError(Exception):
    """The time of a run is over and it still waits for something: it hangs, or the limit is too short."""


class Room:
    """Starts and ends everything of one mailroom. Used as a context: afterwards nothing of it runs."""

    def __init__(self, folder: Path, settings: Mapping[str, str], limit_s: float) -> None:
        self.home = folder / "home"
        self.folder = folder
        self.settings = {"PIGEONHOLE_LEASE_SECONDS": LEASE_SECONDS, **settings, "PIGEONHOLE_HOME": str(self.home)}
        self.settings["PIGEONHOLE_EVENTS_FILE"] = str(self.home / "events.jsonl")
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.on_look: Callable[[], None] = lambda: None
        self._commands: dict[str, Sequence[str]] = {}
        self._engine: sa.Engine | None = None
        self._looked = 0.0
        self._deadline = time.monotonic() + limit_s
        self.home.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> "Room":
        return self

    def __exit__(self, *_: object) -> None:
        self.end_all()
        if self._engine is not None:
            self._engine.dispose()

    @property
    def engine(self) -> sa.Engine:
        """The database, for looking at it."""
        if self._engine is None:
            url = self.settings.get("PIGEONHOLE_DATABASE_URL")
            self._engine = open_database(url or sqlite_url(self.home / DATABASE))
        return self._engine

    @property
    def store(self) -> Store:
        """Where what was filed lies."""
        address = self.settings.get("PIGEONHOLE_STORE")
        if not address:
            return FolderStore(self.home)
        return open_store(address, self.settings["PIGEONHOLE_STORE_ENDPOINT"], cache=self.folder / "looked-at")

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
        """Runs one command of `pigeonhole` to its end, whatever that is."""
        return subprocess.run(
            _command(arguments), cwd=ROOT, env=self._environment(), capture_output=True,
            timeout=COMMAND_SECONDS, check=False,
        )  # fmt: skip

    def must(self, *arguments: str | Path) -> None:
        """Runs a command that has to succeed. Raises RuntimeError with what it said."""
        done = self.run(*arguments)
        if done.returncode:
            raise RuntimeError(f"pigeonhole {arguments[0]} ended with {done.returncode}: {done.stderr.decode()[-800:]}")

    def start(self, name: str, *arguments: str | Path) -> None:
        """Starts a command that stays; its output goes to NAME.log beside the home."""
        self._commands[name] = _command(arguments)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [*DIES_WITH_US, *self._commands[name]],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def restart_dead(self) -> None:
        """What died is started again at once, as a container's restart policy does."""
        for name, process in list(self.running.items()):
            if process.poll() is not None:
                self.start(name, *self._commands[name][3:])

    def kill(self, name: str) -> None:
        """SIGKILL to that process alone; its children have to notice by themselves."""
        self.running[name].kill()
        self.running[name].wait()

    def end_all(self) -> None:
        """Ends everything with all that it started."""
        running, self.running = self.running, {}
        for process in running.values():
            process.terminate()
        for process in running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            _kill_group(process.pid)

    def drop(self, path: Path) -> None:
        """A door that needs no server: the file stands in the inbox. Raises CannotWriteError."""
        with path.open("rb") as stream:
            note: dict[str, object] = {
                "place": f"bench:{path.name}",
                "source": path.name,
                "received_at": datetime.now(UTC).isoformat(),
                "refusal": "",
                "envelope": {"channel": "fax", "line": "routine"},
            }
            drop(self.home / "inbox", stream.fileno(), note)

    def progress(self) -> tuple[object, ...]:
        """Something that changes whenever a step is done. Raises UnreachableError."""
        pages = sa.select(sa.func.count(), sa.func.count(PAGES.c.outcome)).select_from(PAGES)
        stages = sa.select(DOCUMENTS.c.stage, sa.func.count()).group_by(DOCUMENTS.c.stage).order_by(DOCUMENTS.c.stage)
        told = sa.select(sa.func.count(EVENTS.c.delivered_at))
        with reading(self.engine) as connection:
            return tuple(tuple(row) for query in (pages, stages, told) for row in connection.execute(query))

    def held(self) -> list[Held]:
        """What is being done at this moment."""
        pages = (TASKS.c.last_page - TASKS.c.first_page + 1).label("pages")
        query = sa.select(TASKS, pages).where(TASKS.c.token.is_not(None))
        with reading(self.engine) as connection:
            return [
                Held(r.id, r.token, r.step, r.subject, int(r.holder.rpartition(":")[2]), r.attempts, r.pages)
                for r in connection.execute(query)
            ]

    def tokens(self) -> dict[int, str | None]:
        """Every task that is left -> the token of who holds it."""
        with reading(self.engine) as connection:
            return {row.id: row.token for row in connection.execute(sa.select(TASKS.c.id, TASKS.c.token))}

    def count_tasks(self) -> int:
        """How many tasks there have ever been, about: the highest number that one had. PostgreSQL alone."""
        with reading(self.engine) as connection:
            return int(connection.execute(sa.text("SELECT last_value FROM tasks_id_seq")).scalar_one())

    def is_finished(self, documents: int) -> bool:
        """So many arrivals are recorded, all documents are at their end, and nothing is left to do."""
        try:
            with reading(self.engine) as connection:
                came = connection.execute(sa.select(sa.func.count()).select_from(ARRIVALS)).scalar_one()
                left = connection.execute(sa.select(sa.func.count()).select_from(TASKS)).scalar_one()
                under_way = sa.select(sa.func.count()).where(DOCUMENTS.c.stage.not_in(ENDED))
                return came >= documents and not left and not connection.execute(under_way).scalar_one()
        except PigeonholeError:
            return False

    def wait(self, is_so: Callable[[], object], what: str, every: float = LOOK_EVERY) -> None:
        """Looks until it is so, and does `on_look` meanwhile. Raises NotFinishedError when the run's time is over."""
        while not is_so():
            if time.monotonic() > self._deadline:
                raise NotFinishedError(f"waited for {what}; it stands at {self._stand()}")
            self.look()
            time.sleep(every)

    def look(self) -> None:
        """Does `on_look`, not more often than ten times a second."""
        now = time.monotonic()
        if now - self._looked >= LOOK_EVERY:
            self._looked = now
            self.on_look()

    def wait_for_progress(self, documents: int) -> float:
        """The seconds until the next step is done, from now, or so many documents are finished.

        While the database is down nothing is seen.
        """
        began, seen = time.monotonic(), list[tuple[object, ...]]()

        def has_changed() -> bool:
            try:
                seen.append(self.progress())
            except PigeonholeError:
                return False
            return seen[-1] != seen[0] or self.is_finished(documents)

        self.wait(has_changed, "the next step to be done")
        return time.monotonic() - began

    def wait_until_finished(self, documents: int) -> None:
        """Until so many documents are at their end. Raises NotFinishedError."""
        self.wait(lambda: self.is_finished(documents), "all to be finished")

    def pause(self, seconds: float) -> None:
        """Lets time pass, and looks meanwhile."""
        until = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() >= until, "time to pass")

    def _stand(self) -> str:
        try:
            return str(self.progress())
        except PigeonholeError as error:
            return type(error).__name__

    def _environment(self) -> dict[str, str]:
        return {**os.environ, **self.settings}


def freeze(pid: int) -> bool:
    """Stops a process where it is, to look at it; False: it is gone."""
    return _send(pid, signal.SIGSTOP)


def thaw(pid: int) -> None:
    """Lets it go on."""
    _send(pid, signal.SIGCONT)


def kill(pid: int) -> None:
    """SIGKILL to that process alone, also while it is frozen."""
    _send(pid, signal.SIGKILL)


def _send(pid: int, number: signal.Signals) -> bool:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _command(arguments: Sequence[str | Path]) -> list[str]:
    return [sys.executable, "-m", "worker", *map(str, arguments)]
