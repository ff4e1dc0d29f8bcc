"""The commands of `pigeonhole`, put together. Importing this loads all libraries: see main."""

from importlib.metadata import version
from typing import Annotated

import typer

from worker.cli.audit import audit_app
from worker.cli.db import db_app
from worker.cli.explain import explain
from worker.cli.faxrcvd import faxrcvd
from worker.cli.faxsweep import faxsweep
from worker.cli.fetch_mail import fetch_mail
from worker.cli.keys import keys_app
from worker.cli.learn import learn_app
from worker.cli.process import process
from worker.cli.requests import requests_app
from worker.cli.retry import retry
from worker.cli.serve import serve
from worker.cli.status import status
from worker.cli.sweep import sweep_command
from worker.cli.tables import tables
from worker.cli.up import up
from worker.cli.users import users_app
from worker.cli.watch import watch
from worker.cli.worker import worker

DOORS, SERVICE, LOOK = "Doors for paper", "The service", "Looking"

app = typer.Typer(
    name="pigeonhole",
    help="The mailroom worker for health payers: files every page of a fax or scan against the right records request.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Example: pigeonhole process scans/ --requests requests.csv --out out",
)


def _show_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"pigeonhole {version('pigeonhole')}")
        raise typer.Exit


@app.callback()
def main_options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version, and end.")
    ] = False,
) -> None:
    """See the help of the application: this only takes what stands before a command."""


app.command()(process)
app.add_typer(requests_app, name="requests")
app.command(rich_help_panel=SERVICE)(up)
app.command(rich_help_panel=SERVICE)(worker)
app.command("sweep", rich_help_panel=SERVICE)(sweep_command)
app.command(rich_help_panel=SERVICE)(retry)
app.command(rich_help_panel=SERVICE)(serve)
app.add_typer(keys_app, name="keys", rich_help_panel=SERVICE)
app.add_typer(users_app, name="users", rich_help_panel=SERVICE)
app.add_typer(db_app, name="db", rich_help_panel=SERVICE)
app.command(rich_help_panel=DOORS)(watch)
# For the list of commands: main calls it before this module is loaded.
app.command(rich_help_panel=DOORS, context_settings={"ignore_unknown_options": True})(faxrcvd)
app.command(rich_help_panel=DOORS)(faxsweep)
app.command("fetch-mail", rich_help_panel=DOORS)(fetch_mail)
app.command(rich_help_panel=LOOK)(explain)
app.command(rich_help_panel=LOOK)(status)
app.command(rich_help_panel=LOOK)(tables)
app.add_typer(learn_app, name="learn", rich_help_panel=LOOK)
app.add_typer(audit_app, name="audit", rich_help_panel=LOOK)
