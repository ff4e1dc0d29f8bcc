"""The command line of `pigeonhole`, put together from the list of commands."""

from collections.abc import Collection
from importlib.metadata import version
from typing import Annotated

import typer

from worker.cli.commands import COMMANDS, Command

WHAT_FOR = "The mailroom worker for health payers: files every page of a fax or scan against the right records request."


def make_app(words: Collection[str] | None = None) -> typer.Typer:
    """The application. Given the words of a command line, only what they name is loaded: all else is but listed.

    All libraries together take two seconds to load, of which most commands need one.
    """
    app = typer.Typer(
        name="pigeonhole",
        help=WHAT_FOR,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        epilog="Example: pigeonhole process scans/ --requests requests.csv --out out",
    )
    app.callback()(main_options)
    for command in COMMANDS:
        add = _add if words is None or command.name in words else _list
        add(app, command)
    return app


def _show_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"pigeonhole {version('pigeonhole')}")
        raise typer.Exit


def main_options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version, and end.")
    ] = False,
) -> None:
    """See the help of the application: this only takes what stands before a command."""


def _add(app: typer.Typer, command: Command) -> None:
    if command.is_group:
        app.add_typer(command.load(), name=command.name, rich_help_panel=command.panel)
        return
    context = {"ignore_unknown_options": True} if command.takes_any_option else None
    app.command(command.name, rich_help_panel=command.panel, context_settings=context)(command.load())


def _list(app: typer.Typer, command: Command) -> None:
    """Nobody calls it: it was not named."""
    if command.is_group:
        app.add_typer(typer.Typer(), name=command.name, help=command.line, rich_help_panel=command.panel)
        return
    app.command(command.name, help=command.line, rich_help_panel=command.panel)(_unnamed)


def _unnamed() -> None:
    raise AssertionError("a command was called that the command line does not name")
