"""`pigeonhole users`: who may sign in to the review site."""

import os
import pwd
import sys
from dataclasses import dataclass
from typing import Annotated

import typer

from worker.cli.options import Home, with_options
from worker.domain.person import Person, Role
from worker.pipeline import people
from worker.pipeline.people import By
from worker.wiring import open_site

EXAMPLE = "Example: pigeonhole users add rita --role reviewer --line routine --display-name 'Rita Alvarez'"
users_app = typer.Typer(help="People of the review site.", no_args_is_help=True, epilog=EXAMPLE)

Name = Annotated[str, typer.Argument(help="The name to sign in with: letters, digits, - _ and dots.")]
Roles = Annotated[list[Role], typer.Option("--role", help="What the person is here for; may be given several times.")]
Lines = Annotated[
    list[str] | None,
    typer.Option("--line", help="Only documents of this line; may be given several times. Any line unless given."),
]
Sensitive = Annotated[bool, typer.Option("--sensitive", help="May open sensitive pages, giving a reason.")]


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
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the initial password from standard input.")
    ] = False
    home: Home = None


@users_app.command(epilog=EXAMPLE)
@with_options(_New)
def add(new: _New) -> None:
    """Add somebody, and show the initial password, this once: it must be changed at the first sign-in."""
    site = open_site(new.home)
    lines = frozenset(site.line(each).name for each in new.line or ())
    given = sys.stdin.readline().rstrip("\r\n") if new.password_stdin else ""
    person = Person(new.name, new.display_name, frozenset(new.role), lines, new.sensitive)
    initial = people.add(site.shelf.engine, _by(), person, given, new.oidc_subject)
    if initial and not given:
        print(initial)


def _by() -> By:
    """The command line knows no person of the site, but a user of this machine."""
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        user = str(os.getuid())
    return By("", "command line", {"os_user": user})
