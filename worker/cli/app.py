"""The commands of `pigeonhole`, put together. Importing this loads all libraries: see main."""

import typer

from worker.cli.explain import explain
from worker.cli.process import process
from worker.cli.requests import requests_app

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
