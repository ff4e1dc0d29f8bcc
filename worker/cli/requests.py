"""`pigeonhole requests`: the registry of requests that pages are matched against."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from worker.cli.options import Home
from worker.intake.registry_csv import CheckedFile, check_registry
from worker.wiring import import_requests, open_site, sole_shelf

EXAMPLE = "Example: pigeonhole requests import requests.csv --home mailroom"
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
    out: Annotated[
        Path | None, typer.Option(help="The output folder of `process` whose registry is replaced.", show_default=False)
    ] = None,
    home: Home = None,
    skip_bad_rows: SkipBadRows = False,
) -> None:
    """Replace the registry by the requests in FILE: all of them, or none if anything is wrong with the file.

    That of the service (--home), also while it runs: pages in review that can now be decided are decided again. With
    --out, that of an output folder of `pigeonhole process`.
    """
    if out is not None and home is not None:
        raise typer.BadParameter("give --out or --home, not both")
    registry = check_registry(file, skip_bad_rows=skip_bad_rows)
    _import(registry, out, home)
    report_left_out(registry)
    console = Console()
    console.print(f"{registry.count} requests imported, {registry.still_open} of them open.")


def _import(requests: CheckedFile, out: Path | None, home: Path | None) -> None:
    if out is None:
        import_requests(open_site(home).shelf, requests)
        return
    with sole_shelf(out) as shelf:
        import_requests(shelf, requests)


def report_left_out(registry: CheckedFile) -> None:
    """Says on stderr which rows were left out."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    for problem in registry.problems:
        console.print(f"left out: {problem}", markup=False)
