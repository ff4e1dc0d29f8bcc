"""`pigeonhole up`: the whole service on this machine, under one supervisor."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from worker.cli.options import Home, stop_on_signals
from worker.cli.worker import EXTRA_GRACE, worker_command, worker_programs
from worker.errors import ExitCode
from worker.pipeline.site import Site
from worker.settings import settings
from worker.storage.lock import hold_folder
from worker.storage.whole import make_folder, remove_unfinished
from worker.supervise import Program, supervise
from worker.wiring import open_site

#: Seconds between two sweeps, and between two looks into the hot folders.
SWEEP_EVERY, LOOK_EVERY = 2.0, 1.0


def up(
    workers: Annotated[int, typer.Option(min=0, help="Worker processes.")] = 1,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Tasks at once in each worker; one per core unless given.")
    ] = None,
    host: Annotated[str, typer.Option(help="Where the review site and the API listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Their port.")] = 8080,
    home: Home = None,
) -> None:
    """Run everything: hot folders, review site, API, workers and sweep, restarted when they die.

    Needs no server: without PIGEONHOLE_REDIS_URL the workers look into the database, without PIGEONHOLE_DATABASE_URL
    that is SQLite in the home folder. Ctrl-C ends it; run again, it goes on where it stopped.

    Example: pigeonhole up --home mailroom, then: cp scan.pdf mailroom/drop/routine/
    """
    place = (home or settings().home).absolute()
    stop = stop_on_signals()
    with hold_folder(place):
        remove_unfinished(place)
        site = open_site(place)
        for line in site.lines:
            make_folder(site.drop / line)
        _tell(site, host, port)
        site.shelf.engine.dispose()
        command = worker_command(threads or settings().jobs, None, place)
        programs = [*_programs(site, host, port), *worker_programs(workers, command, None, place)]
        if not supervise(programs, stop, settings().grace + EXTRA_GRACE):
            raise typer.Exit(ExitCode.INTERRUPTED)


def _programs(site: Site, host: str, port: int) -> Iterator[Program]:
    at_home = ("--home", str(site.home))
    yield Program("sweep", _pigeonhole("sweep", "--every", str(SWEEP_EVERY), *at_home))
    yield Program("serve", _pigeonhole("serve", "--host", host, "--port", str(port), *at_home))
    for line in site.lines:
        folder = str(site.drop / line)
        every = ("--every", str(LOOK_EVERY))
        yield Program(f"watch {line}", _pigeonhole("watch", folder, "--line", line, *every, *at_home))


def _pigeonhole(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "worker.cli", *arguments)


def _tell(site: Site, host: str, port: int) -> None:
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    console.print(f"Pigeonhole is up in {site.home}. Ctrl-C ends it.")
    for line in site.lines:
        console.print(f"  scans for the line {line}: drop them into {_near(site.drop / line)}")
    console.print(f"  the registry: pigeonhole requests import requests.csv --home {_near(site.home)}")
    console.print(f"  what was filed: {_near(site.home / 'requests')}, for review: {_near(site.home / 'review')}")
    console.print(f"  what waits: pigeonhole status --home {_near(site.home)}")
    console.print(f"  to decide what waits: http://{host}:{port} (people: pigeonhole users add --help)")
    console.print(f"  the API: http://{host}:{port}/v1 (keys: pigeonhole keys add --help)")


def _near(path: Path) -> str:
    """The path as one would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
