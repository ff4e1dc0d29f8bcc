"""`pigeonhole faxsweep`: takes in what a fax server's hook lost, and names the calls that brought no document."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from worker.cli.options import Home, Json
from worker.db.fax_arrivals import load_from
from worker.errors import ExitCode
from worker.intake.fax_hook import FaxServer, fax_server
from worker.intake.fax_sweep import Spool, Swept, sweep
from worker.intake.inbox import collect
from worker.intake.xferfaxlog import ReceivedCall, find_log
from worker.wiring import open_site


def faxsweep(
    spool: Annotated[Path, typer.Argument(help="The fax server's folder, such as /var/spool/hylafax.")],
    line: Annotated[
        list[str] | None,
        typer.Option(help="As the hook has it: NAME, or NUMBER=NAME for a dialled number.", show_default="routine"),
    ] = None,
    server: Annotated[str, typer.Option(help="As the hook has it.")] = FaxServer().name,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Account for calls from this day on; all unless given."),
    ] = None,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Take in the faxes in SPOOL/recvq that the hook lost, and report every received call that has no document.

    A fax that is being received, or has come within two minutes, is left to the hook. Safe to run at any time.
    Exit code 9 when a call has no document.

    Example: pigeonhole faxsweep /var/spool/hylafax --line routine
    """
    site = open_site(home)
    fax = fax_server(server, line or ())
    for name in (fax.line, *fax.lines.values()):
        site.line(name)
    collect(site.inbox, site.accept, site.zone)
    start = since.replace(tzinfo=site.zone) if since else None
    where = Spool(spool, find_log(spool), fax, start)
    swept = sweep(where, site.accept, partial(load_from, site.shelf.engine, server), site.now())
    if as_json:
        typer.echo(_as_json(swept))
    else:
        _print(swept)
    if not swept.is_balanced:
        raise typer.Exit(ExitCode.UNBALANCED)


def _as_json(swept: Swept) -> str:
    missing = [{**asdict(call), "when": call.when.isoformat()} for call in swept.missing]
    return json.dumps({**asdict(swept), "missing": missing}, indent=2)


def _print(swept: Swept) -> None:
    console = Console()
    console.print(
        f"{swept.calls} documents in the log of calls; {len(swept.taken)} taken in that the hook had lost, "
        f"{swept.waiting} left to the hook for now."
    )
    if swept.unreadable:
        console.print(f"{swept.unreadable} lines of the log cannot be read: nobody knows what became of these calls.")
    if swept.missing:
        console.print(_table(swept.missing))
        console.print("Ask these senders to send again.")


def _table(missing: Sequence[ReceivedCall]) -> Table:
    table = Table(title="Received calls without a document")
    for column in ("when", "call", "file", "device", "from", "pages", "what went wrong"):
        table.add_column(column, justify="right" if column == "pages" else "left", overflow="fold")
    for call in missing:
        when, sender = f"{call.when:%Y-%m-%d %H:%M}", call.caller_ids[0] if call.caller_ids else ""
        cells = (when, call.commid, call.file, call.device, sender or call.tsi, str(call.pages), call.reason)
        table.add_row(*map(escape, cells))
    return table
