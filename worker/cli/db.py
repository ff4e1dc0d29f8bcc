"""`pigeonhole db`: the version of the database's tables, and bringing it up to date."""

from pathlib import Path

import sqlalchemy as sa
import typer

from worker.cli.options import Home
from worker.db.engine import HEAD, find_version, open_database, sqlite_url
from worker.errors import ExitCode
from worker.settings import settings
from worker.storage.whole import make_folder
from worker.wiring import DATABASE

EXAMPLE = "Example: pigeonhole db upgrade --home mailroom"
db_app = typer.Typer(help="The database's tables.", no_args_is_help=True, epilog=EXAMPLE)


@db_app.callback(epilog=EXAMPLE)
def _db() -> None:
    """The database's tables."""


@db_app.command("upgrade", epilog=EXAMPLE)
def upgrade(home: Home = None) -> None:
    """Bring the tables to the version of this program: wholly or not at all, and only once if many try.

    Stop the workers of the older version first (docs/operations.md). Where nothing is to be done, nothing is done.
    """
    url = _url(home)
    if url.get_backend_name() == "sqlite":
        make_folder(Path(url.database or "").parent)
    open_database(url, is_upgrade=True).dispose()
    typer.echo(f"The tables are of version {HEAD}.")


@db_app.command("version", epilog="Example: pigeonhole db version")
def version(home: Home = None) -> None:
    """Say which version this program needs and the tables have. Changes nothing."""
    found = find_version(_url(home))
    typer.echo(f"program {HEAD}, tables {found or 'none yet'}")
    if found is not None and found != HEAD:
        raise typer.Exit(ExitCode.FAILED)


def _url(home: Path | None) -> sa.URL:
    url = settings().database_url
    if url is not None:
        return sa.make_url(url.get_secret_value())
    return sqlite_url((home or settings().home).resolve() / DATABASE)
