"""The commands of `pigeonhole`, put together. Importing this loads all libraries: see main."""

import typer

from worker.cli.audit import audit_app
from worker.cli.explain import explain
from worker.cli.keys import keys_app
from worker.cli.process import process
from worker.cli.requests import requests_app
from worker.cli.serve import serve
from worker.cli.status import status
from worker.cli.sweep import sweep_command
from worker.cli.tables import tables
from worker.cli.up import up
from worker.cli.worker import worker

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
app.command()(up)
app.command()(worker)
app.command()(serve)
app.command("sweep")(sweep_command)
app.command()(status)
app.command()(tables)
app.add_typer(audit_app, name="audit")
app.add_typer(keys_app, name="keys")
app.add_typer(requests_app, name="requests")
