"""`pigeonhole users`: who may sign in to the review site."""

import os
import pwd
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from worker.cli.options import Home, with_options
from worker.db import people as accounts
from worker.db.people import Account
from worker.domain.person import Person, Role
from worker.errors import BadSettingsError
from worker.pipeline import people
from worker.pipeline.people import By, NoSuchPersonError
from worker.wiring import open_site

EXAMPLE = "Example: pigeonhole users add rita --role reviewer --line routine --display-name 'Rita Alvarez'"
users_app = typer.Typer(help="People of the review site, and their rights.", no_args_is_help=True, epilog=EXAMPLE)

Name = Annotated[str, typer.Argument(help="The name to sign in with: letters, digits, - _ and dots.")]
Roles = Annotated[list[Role], typer.Option("--role", help="What the person is here for; may be given several times.")]
Lines = Annotated[
    list[str] | None,
    typer.Option("--line", help="Only documents of this line; may be given several times. Any line unless given."),
]
Sensitive = Annotated[bool, typer.Option("--sensitive", help="May open sensitive pages, giving a reason.")]

PasswordStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the initial password from standard input.")]


@users_app.callback(epilog=EXAMPLE)
def _users() -> None:
    """People of the review site. There is no default password: the first admin is made here."""


@dataclass(frozen=True, slots=True)
class _New:
    name: Name
    role: Roles
    line: Lines = None
    display_name: Annotated[str, typer.Option(help="As others see it; the name unless given.")] = ""
    sensitive: Sensitive = False
    oidc_subject: Annotated[str, typer.Option(help="The person's `sub` at the OIDC provider: no password then.")] = ""
    password_stdin: PasswordStdin = False
    home: Home = None


@users_app.command(epilog=EXAMPLE)
@with_options(_New)
def add(new: _New) -> None:
    """Add somebody, and show the initial password, this once: it must be changed at the first sign-in."""
    site = open_site(new.home)
    lines = frozenset(site.line(each).name for each in new.line or ())
    given = _given(new.password_stdin)
    person = Person(new.name, new.display_name, frozenset(new.role), lines, new.sensitive)
    initial = people.add(site.shelf.engine, _by(), person, given, new.oidc_subject)
    if initial and not given:
        print(f"{person.name} signs in to the review site with this, once, and chooses a password:", file=sys.stderr)
        print(initial, flush=True)


@users_app.command("list", epilog=EXAMPLE)
def show(home: Home = None) -> None:
    """Show everybody by name, with what they may do and how they sign in."""
    table = Table("name", "display name", "roles", "lines", "sensitive", "signs in with", "state")
    for account in accounts.load_all(open_site(home).shelf.engine):
        person = account.person
        lines, sensitive = ", ".join(sorted(person.lines)) or "any", "yes" if person.may_open_sensitive else "no"
        roles = ", ".join(sorted(person.roles))
        table.add_row(person.name, person.display_name, roles, lines, sensitive, _means(account), _state(account))
    Console(markup=False, highlight=False).print(table)


@users_app.command(epilog="Example: pigeonhole users disable rita")
def disable(name: Name, home: Home = None) -> None:
    """Let somebody in no more, at once: sessions end, and what was held is given back. Nothing is forgotten."""
    people.disable(open_site(home).shelf.engine, _by(), _lower(name))
    print(f"{_lower(name)} is disabled.")


@users_app.command(epilog="Example: pigeonhole users enable rita")
def enable(name: Name, home: Home = None) -> None:
    """Let somebody in again, as before."""
    people.enable(open_site(home).shelf.engine, _by(), _lower(name))
    print(f"{_lower(name)} is enabled.")


@users_app.command(epilog="Example: pigeonhole users reset rita --password --totp")
def reset(
    name: Name,
    password: Annotated[bool, typer.Option("--password", help="A new initial password, shown this once.")] = False,
    password_stdin: PasswordStdin = False,
    totp: Annotated[bool, typer.Option("--totp", help="Set up the second factor anew; recovery codes end.")] = False,
    home: Home = None,
) -> None:
    """For a forgotten password, a lost phone, a locked name. All sessions of the person end."""
    if not (password or password_stdin or totp):
        raise typer.BadParameter("say what: --password, --password-stdin or --totp", param_hint="reset")
    engine, name = open_site(home).shelf.engine, _lower(name)
    if totp:
        people.reset_totp(engine, _by(), name)
        print(f"{name} sets up the second factor at the next sign-in.", file=sys.stderr)
    if password or password_stdin:
        initial = people.reset_password(engine, _by(), name, _given(password_stdin))
        if not password_stdin:
            print(initial)


@users_app.command(epilog="Example: pigeonhole users roles rita --role reviewer --role senior --line expedited")
def roles(
    name: Name,
    role: Roles,
    line: Lines = None,
    sensitive: Sensitive = False,
    home: Home = None,
) -> None:
    """Set all rights of somebody anew, from now on: what is not given is taken away."""
    site, name = open_site(home), _lower(name)
    account = accounts.find(site.shelf.engine, name)
    if account is None:
        raise NoSuchPersonError(f"there is nobody named {name!r}: see pigeonhole users list")
    lines = frozenset(site.line(each).name for each in line or ())
    changed = Person(name, account.person.display_name, frozenset(role), lines, sensitive)
    people.change(site.shelf.engine, _by(), changed)
    print(f"{name} is {', '.join(sorted(role))}; lines: {', '.join(sorted(lines)) or 'any'}.")


def _given(is_given: bool) -> str:
    """The password on standard input. Nothing there is no password."""
    if not is_given:
        return ""
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise BadSettingsError("--password-stdin: there is nothing on standard input")
    return password


def _lower(name: str) -> str:
    return name.strip().lower()


def _means(account: Account) -> str:
    means = ["password"] if account.password_hash else []
    return ", ".join(means + (["OIDC"] if account.oidc_subject else []))


def _state(account: Account) -> str:
    if account.disabled_at:
        return f"disabled {account.disabled_at:%Y-%m-%d}"
    if account.locked_until and account.locked_until > datetime.now(UTC):
        return f"locked until {account.locked_until:%H:%M} UTC"
    return "active" if account.totp_secret or not account.password_hash else "not set up yet"


def _by() -> By:
    """The command line knows no person of the site, but a user of this machine."""
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        user = str(os.getuid())
    return By("", "command line", {"os_user": user})
