"""`pigeonhole fetch-mail`: the inbox of a fax-to-email gateway."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from worker.cli.options import Home, stop_on_signals, with_options
from worker.domain.envelope import ROUTINE
from worker.errors import BadSettingsError, ExitCode
from worker.intake.mail import MailDoor, Tally, fetch_for_ever, fetch_once
from worker.intake.mail_box import Account, Security
from worker.settings import settings
from worker.wiring import open_site


@dataclass(frozen=True, slots=True)
class _Given:
    """The command line: more options than a function should take."""

    host: Annotated[str, typer.Option(help="The IMAP server; host:port where the port is not 993 (143 without TLS).")]
    user: Annotated[str, typer.Option(help="The mailbox's user.")]
    starttls: Annotated[bool, typer.Option("--starttls", help="TLS by STARTTLS.")] = False
    plain: Annotated[bool, typer.Option("--plain", help="No TLS; only to a server on this machine.")] = False
    password_file: Annotated[Path | None, typer.Option(help="Else PIGEONHOLE_MAIL_PASSWORD.")] = None
    folder: Annotated[str, typer.Option(help="The mailbox's folder.")] = "INBOX"
    done_folder: Annotated[str, typer.Option(help="Move finished mails here instead of marking them.")] = ""
    line: Annotated[str, typer.Option(help="The line that what comes belongs to.")] = ROUTINE
    every: Annotated[float, typer.Option(min=1.0, help="Seconds between two looks.")] = 30.0
    once: Annotated[bool, typer.Option("--once", help="Take in what is there, then end.")] = False
    home: Home = None


@with_options(_Given)
def fetch_mail(given: _Given) -> None:
    """Take in faxes from the inbox of a fax-to-email gateway; docs/mail.md says how to set one up.

    A mail is marked as done only when its documents are safe; none is ever deleted.

    Example: pigeonhole fetch-mail --host imap.example.org --user faxes --line expedited
    """
    stop = stop_on_signals()
    name, port = _place(given.host)
    security = _security(starttls=given.starttls, plain=given.plain)
    account = Account(name, given.user, _password(given.password_file), port, given.folder, given.done_folder, security)
    site = open_site(given.home)
    door, tally = MailDoor(site.accept, site.line(given.line), site.home / "mail", site.now), Tally()
    try:
        if given.once:
            fetch_once(account, door, tally, stop)
        else:
            fetch_for_ever(account, door, tally, given.every, stop)
    finally:
        Console(highlight=False, soft_wrap=True).print(
            f"{tally.mails} mails: {tally.documents} documents taken, {tally.refused} refused, "
            f"{tally.notices} without documents, {tally.failures} of them told of a failed fax."
        )
    if given.once and stop.is_set():
        raise typer.Exit(ExitCode.INTERRUPTED)


def _place(host: str) -> tuple[str, int | None]:
    """Host and port; `[::1]:143` for an address with colons."""
    name, colon, port = host.rpartition(":")
    if colon and port.isdecimal() and (":" not in name or name.endswith("]")):
        return name.strip("[]"), int(port)
    return host.strip("[]"), None


def _password(file: Path | None) -> str:
    if file is not None:
        try:
            return file.read_text("utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise BadSettingsError(f"the password cannot be read from {file}: {type(error).__name__}") from error
    password = settings().mail_password
    if password is None:
        raise BadSettingsError("no password: set PIGEONHOLE_MAIL_PASSWORD, or give --password-file")
    return password.get_secret_value()


def _security(*, starttls: bool, plain: bool) -> Security:
    if starttls and plain:
        raise BadSettingsError("give --starttls or --plain, not both")
    if plain:
        return Security.PLAIN
    return Security.STARTTLS if starttls else Security.TLS
