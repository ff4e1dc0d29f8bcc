"""The entry point: commands, and errors turned into one line with advice and an exit code."""

import signal
import sys
from types import FrameType

import typer
from rich.console import Console

from worker.cli.explain import explain
from worker.cli.process import process
from worker.cli.requests import requests_app
from worker.errors import BadRegistryError, ExitCode, PigeonholeError
from worker.logs import set_up_logs, where

app = typer.Typer(
    name="pigeonhole",
    help="The mailroom worker for health payers: files every page of a fax or scan against the right records request.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Example: pigeonhole process scans/ --requests requests.csv --out out",
)
app.command()(process)
app.command()(explain)
app.add_typer(requests_app, name="requests")


def main() -> None:
    """Runs the command line; never returns."""
    set_up_logs()
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        app()  # exits itself: 2 after a wrong command line, 130 after an interrupt
    except PigeonholeError as error:
        _report(error)
        sys.exit(error.exit_code)
    except SystemExit as stop:
        if stop.code == ExitCode.INTERRUPTED:
            _say("Stopped. What is done is kept: run the same command again to finish the rest.")
        raise
    except Exception as error:  # noqa: BLE001 - the edge of the command: what errors say may quote pages
        _say(f"pigeonhole: failed in itself ({type(error).__name__} at {where(error)}): please report it.")
        _say("What is done is kept: run the same command again to finish the rest.")
        sys.exit(ExitCode.FAILED)


def _as_interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _report(error: PigeonholeError) -> None:
    _say(f"pigeonhole: {error}")
    if isinstance(error, BadRegistryError):
        for problem in error.problems:
            _say(f"  {problem}")
        _say("Mend the file and run again, or give --skip-bad-rows to leave these rows out.")


def _say(text: str) -> None:
    Console(stderr=True, soft_wrap=True, highlight=False).print(text, markup=False)
