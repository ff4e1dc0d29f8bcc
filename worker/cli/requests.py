"""`pigeonhole requests`: the registry of requests that pages are matched against."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from worker.intake.registry_csv import Registry, read_registry
from worker.wiring import import_requests, sole_shelf

EXAMPLE = "Example: pigeonhole requests import requests.csv --out out"
requests_app = typer.Typer(
    help="The registry of requests that pages are matched against.", no_args_is_help=True, epilog=EXAMPLE
)

SkipBadRows = Annotated[
    bool, typer.Option("--skip-bad-rows", help="Import the good rows and report the bad ones, instead of none at all.")
]


@requests_app.callback(epilog=EXAMPLE)
def _requests() -> None:
    """The registry of requests that pages are matched against."""


@requests_app.command("import", epilog=EXAMPLE)
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV with a header row, UTF-8, dates as YYYY-MM-DD.")],
    out: Annotated[Path, typer.Option(help="The output folder whose registry is replaced.")] = Path("out"),
    skip_bad_rows: SkipBadRows = False,
) -> None:
    """Replace the registry by the requests in FILE: all of them, or none if anything is wrong with the file."""
    registry = read_registry(file, skip_bad_rows=skip_bad_rows)
    with sole_shelf(out) as shelf:
        import_requests(shelf, registry.requests)
    report_left_out(registry)
    console = Console()
    still_open = sum(request.is_open for request in registry.requests)
    console.print(f"{len(registry.requests)} requests imported, {still_open} of them open.")


def report_left_out(registry: Registry) -> None:
    """Says on stderr which rows were left out."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    for problem in registry.problems:
        console.print(f"left out: {problem}", markup=False)
