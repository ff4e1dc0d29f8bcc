"""`pigeonhole keys`: who may use the HTTP API."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from worker.cli.options import Home
from worker.db import keys
from worker.db.keys import Scope
from worker.errors import BadSettingsError
from worker.wiring import open_site

EXAMPLE = "Example: pigeonhole keys add scanner-3 --scope upload --scope read --line routine"
keys_app = typer.Typer(help="Keys of the HTTP API, one for each station.", no_args_is_help=True, epilog=EXAMPLE)

Name = Annotated[str, typer.Argument(help="The station's name: letters, digits, - _ and dots.")]


@keys_app.callback(epilog=EXAMPLE)
def _keys() -> None:
    """Keys of the HTTP API, one for each station."""


@keys_app.command(epilog=EXAMPLE)
def add(
    name: Name,
    scope: Annotated[list[Scope], typer.Option(help="What it may do; may be given several times.")],
    line: Annotated[
        list[str] | None, typer.Option(help="Only this line; may be given several times. Any line unless given.")
    ] = None,
    home: Home = None,
) -> None:
    """Make a key and show it, this once: it is stored nowhere."""
    if not name.isascii() or not name.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise typer.BadParameter("letters, digits, - _ and dots only", param_hint="NAME")
    site = open_site(home)
    lines = [site.line(each).name for each in line or ()]
    key = keys.add(site.shelf.engine, name, scope, lines)
    if key is None:
        raise BadSettingsError(f"there is or was a key named {name!r}: take another name")
    print(key)


@keys_app.command("list", epilog=EXAMPLE)
def show(home: Home = None) -> None:
    """Show all keys by name, with what they may do; never the keys themselves."""
    table = Table("name", "scopes", "lines", "made", "revoked")
    for key in keys.load_all(open_site(home).shelf.engine):
        revoked = f"{key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else ""
        lines = ", ".join(sorted(key.lines)) or "any"
        table.add_row(key.name, ", ".join(sorted(key.scopes)), lines, f"{key.created_at:%Y-%m-%d %H:%M}", revoked)
    Console().print(table)


@keys_app.command(epilog=EXAMPLE)
def revoke(name: Name, home: Home = None) -> None:
    """Make a key open nothing any more, at once."""
    if not keys.revoke(open_site(home).shelf.engine, name):
        raise BadSettingsError(f"there is no valid key named {name!r}: see pigeonhole keys list")
    print(f"{name} is revoked.")
