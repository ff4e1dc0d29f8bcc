"""`pigeonhole watch`: the hot folder of scanning stations."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from worker.cli.options import Home, stop_on_signals, with_options
from worker.domain.document import Arrival
from worker.domain.envelope import ROUTINE
from worker.errors import ExitCode
from worker.intake.hot_folder import WatchOptions
from worker.intake.watch import watch_folder
from worker.intake.watch_told import LogOnly
from worker.wiring import open_site


@dataclass(frozen=True, slots=True)
class _Given:
    """The command line: more options than a function should take."""

    folder: Annotated[Path, typer.Argument(metavar="DIR", exists=True, file_okay=False, help="Where stations scan to.")]
    line: Annotated[str, typer.Option(help="The line that what comes belongs to.")] = ROUTINE
    station: Annotated[str, typer.Option(help="Where it comes from; the subfolder's name unless given.")] = ""
    still: Annotated[float, typer.Option(min=0, help="Seconds without a change before a file is taken.")] = 5.0
    every: Annotated[float, typer.Option(min=0.1, help="Seconds between two looks.")] = 2.0
    keep: Annotated[Path | None, typer.Option(help="Move taken files here instead of removing them.")] = None
    once: Annotated[bool, typer.Option("--once", help="End when nothing is waited for any more.")] = False
    home: Home = None


@with_options(_Given)
def watch(given: _Given) -> None:
    """Take in what scanning stations put into DIR; docs/hotfolder.md says how to set one up.

    A file is removed from DIR only when it is safe. What cannot be taken moves to DIR/rejected, the reason beside it.

    Example: pigeonhole watch /srv/scans --line expedited --station front-desk
    """
    stop = stop_on_signals()
    site = open_site(given.home)
    line = site.line(given.line)
    tell = _Terminal(given.line)
    keep = given.keep.absolute() if given.keep else None
    options = WatchOptions(
        site.now, given.line, given.station, given.every, given.still, keep, given.once, line.max_bytes
    )
    tell.summary(watch_folder(given.folder, site.accept, options, stop, tell))
    if given.once and stop.is_set():
        raise typer.Exit(ExitCode.INTERRUPTED)


class _Terminal:
    """Tells the person at the terminal with names, and the log without."""

    def __init__(self, line: str) -> None:
        self._log = LogOnly(line)
        self._console = Console(highlight=False, markup=False, soft_wrap=True)
        self._taken = self._rejected = 0
        self._stuck: dict[str, str] = {}

    def taken(self, name: str, arrival: Arrival) -> None:
        self._log.taken(name, arrival)
        self._taken += 1
        self._stuck.pop(name, None)
        again = " (the same bytes came before)" if arrival.is_duplicate else ""
        self._console.print(f"taken: {name}, receipt {arrival.receipt}{again}")

    def rejected(self, name: str, reason: str) -> None:
        self._log.rejected(name, reason)
        self._rejected += 1
        self._stuck.pop(name, None)
        self._console.print(f"rejected: {name}: {reason}")

    def waits(self, name: str, why: str) -> None:
        self._log.waits(name, why)
        self._stuck[name] = why
        self._console.print(f"not taken: {name}: {why}")

    def held(self, why: str) -> None:
        self._log.held(why)
        self._console.print(f"nothing is taken for now: {why}")

    def goes_on(self) -> None:
        self._log.goes_on()
        self._console.print("files are taken again")

    def summary(self, waiting: int) -> None:
        self._console.print(f"{self._taken} taken, {self._rejected} rejected, {waiting} waiting.")
        for name, why in self._stuck.items():
            self._console.print(f"not taken: {name}: {why}")
