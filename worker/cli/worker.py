"""`pigeonhole worker`: processes that work on whatever the doors take in."""

import contextlib
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from worker.actors.worker import WorkerOptions, run_worker
from worker.cli.options import Home, stop_on_signals
from worker.db import tasks
from worker.domain.task import Step
from worker.errors import ExitCode, PigeonholeError
from worker.metrics import serve_metrics
from worker.pipeline.leases import Leases, holder_of
from worker.pipeline.work import Hands
from worker.settings import settings
from worker.supervise import Program, supervise
from worker.wiring import open_site, service_desk

#: What workers claim unless told otherwise; SETTLE goes with DECIDE.
ALL_STEPS = tuple(Step)
#: Seconds that a worker gets beyond its own grace before the supervisor kills it.
EXTRA_GRACE = 10.0

Steps = Annotated[
    list[Step] | None, typer.Option("--queue", help="Only these steps; may be given several times.", show_default=False)
]


def worker(
    processes: Annotated[int, typer.Option(min=1, help="Worker processes; one is enough for most machines.")] = 1,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Tasks at once in each process; one per core unless given.")
    ] = None,
    queue: Steps = None,
    metrics_port: Annotated[
        int | None,
        typer.Option(help="Serve Prometheus metrics on this port (the next ones for more processes)."),
    ] = None,
    home: Home = None,
    alive: Annotated[int, typer.Option(hidden=True)] = -1,
) -> None:
    """Work on what the doors took in: read, match, file, notify. Run as many as you like, on as many machines.

    Woken by Redis where PIGEONHOLE_REDIS_URL is set, else it looks into the database four times a second.
    Killed at any moment, it loses nothing: others go on with its tasks when its lease has run out.

    Example: pigeonhole worker --processes 2 --queue read --queue decide --queue settle
    """
    threads = threads or settings().jobs
    if processes > 1:
        _run_many(processes, worker_command(threads, queue, home), metrics_port, home)
        return
    stop = stop_on_signals()
    site = open_site(home)
    url = settings().redis_url
    options = WorkerOptions(threads, queue or ALL_STEPS, settings().grace, alive)
    with (
        serve_metrics(settings().metrics_host, metrics_port),
        service_desk(site, threads) as desk,
        Leases(site.shelf.engine, settings().lease_seconds) as leases,
    ):
        is_done = run_worker(Hands(desk, leases), url.get_secret_value() if url else None, options, stop)
    if not is_done:
        raise typer.Exit(ExitCode.INTERRUPTED)


def worker_command(threads: int, queue: list[Step] | None, home: Path | None) -> tuple[str, ...]:
    """The command line of one worker process."""
    return (
        sys.executable, "-m", "worker.cli", "worker", "--threads", str(threads),
        *(part for step in queue or () for part in ("--queue", step.value)),
        *(("--home", str(home)) if home else ()),
    )  # fmt: skip


def worker_programs(
    count: int, command: tuple[str, ...], metrics_port: int | None, home: Path | None
) -> Iterator[Program]:
    """So many workers; when one dies its tasks are free at once."""

    def free(pid: int) -> None:
        # In a thread: while the database is down the others must still be looked after. No thread left: leases run out.
        with contextlib.suppress(RuntimeError):
            threading.Thread(target=_release, args=(pid, home), daemon=True).start()

    for number in range(count):
        port = ("--metrics-port", str(metrics_port + number)) if metrics_port else ()
        yield Program(f"worker {number + 1}", (*command, *port), says_alive=True, on_death=free)


def _run_many(count: int, command: tuple[str, ...], metrics_port: int | None, home: Path | None) -> None:
    stop = stop_on_signals()
    programs = list(worker_programs(count, command, metrics_port, home))
    if not supervise(programs, stop, settings().grace + EXTRA_GRACE):
        raise typer.Exit(ExitCode.INTERRUPTED)


def _release(pid: int, home: Path | None) -> None:
    """Its leases would run out by themselves; this saves the wait."""
    try:
        site = open_site(home)
        tasks.release(site.shelf.engine, holder_of(pid))
        site.shelf.engine.dispose()
    except PigeonholeError:
        return
