"""`pigeonhole sweep`: makes good what was lost between the doors, the database and the bell."""

import time
from typing import Annotated

import structlog
import typer

from worker.cli.options import Home, stop_on_signals
from worker.db import answers
from worker.errors import PigeonholeError
from worker.intake.inbox import collect
from worker.pipeline.inbox import list_unlisted
from worker.pipeline.site import Site
from worker.pipeline.sweep import Swept, sweep
from worker.storage.whole import remove_unfinished
from worker.wiring import counting_bell, open_site

_log = structlog.get_logger()

#: Seconds between two looks for what is no longer needed, and the age of a file that nobody can still be writing.
TIDY_EVERY, NOBODY_WRITES = 3600.0, 3600.0


def sweep_command(
    every: Annotated[float | None, typer.Option(min=0.1, help="Go on for ever, with so many seconds between.")] = None,
    home: Home = None,
) -> None:
    """Ring again for what is due, take in what hooks dropped into the inbox, decide again what the registry changed.

    Once, unless --every is given. Safe to run many times at once.

    Example: pigeonhole sweep --every 2
    """
    stop = stop_on_signals()
    site = open_site(home)
    if every is None:
        taken, swept = _pass(site)
        _list_all(site)
        typer.echo(
            f"{taken} taken from the inbox, {swept.rung} rings, {swept.again} documents to be decided again, "
            f"{swept.mended} tasks mended"
        )
        return
    tidy_at = 0.0
    while not stop.is_set():
        try:
            _pass(site)
            if time.monotonic() >= tidy_at:
                _tidy(site)
                tidy_at = time.monotonic() + TIDY_EVERY
        except PigeonholeError as error:
            _log.error("cannot sweep now", error=type(error).__name__, why=str(error))
        stop.wait(every)


def _pass(site: Site) -> tuple[int, Swept]:
    taken = collect(site.inbox, site.accept, site.zone)
    return taken, sweep(site.shelf.engine, counting_bell(site.bell))


def _tidy(site: Site) -> None:
    """What the dead left half written, on this machine or another that shares the folder, and answers nobody wants."""
    remove_unfinished(site.home, older_than=NOBODY_WRITES)
    answers.forget(site.shelf.engine)
    _list_all(site)


def _list_all(site: Site) -> None:
    """What an older version left for review comes into the inbox."""
    while list_unlisted(site):
        _log.info("brought into the inbox what was not listed")
