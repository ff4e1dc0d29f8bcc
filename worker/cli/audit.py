"""`pigeonhole audit`: proof that nothing was lost."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.console import Console

from worker.cli.options import Home, Json
from worker.db import audit_log, ledger
from worker.db.audit_log import Head
from worker.db.ledger import Account
from worker.errors import ExitCode
from worker.filing.plan import short_hash
from worker.pipeline.audit import stored_problems
from worker.wiring import open_site

EXAMPLE = "Example: pigeonhole audit pages --home mailroom"
audit_app = typer.Typer(help="Proof that nothing was lost or changed.", no_args_is_help=True, epilog=EXAMPLE)


@audit_app.callback(epilog=EXAMPLE)
def _audit() -> None:
    """Proof that nothing was lost or changed."""


@dataclass(frozen=True, slots=True)
class _Balance:
    documents: int
    under_way: int
    pages: Counter[str]
    problems: list[str]


@audit_app.command("pages", epilog=EXAMPLE)
def audit_pages(home: Home = None, as_json: Json = False) -> None:
    """Check the conservation law: pages in = filed + in review + set aside, for every document.

    Also that every original is where it was kept, and that every filed page stands in its request's folder, once.
    Exit code 9 when anything is not accounted for.
    """
    site = open_site(home)
    accounts = ledger.load_accounts(site.shelf.engine)
    problems = [f"document {short_hash(a.sha256)}: {a.problem}" for a in accounts if a.problem]
    problems += [
        f"arrival {source}: neither a document nor a refusal" for source in ledger.load_strays(site.shelf.engine)
    ]
    problems += stored_problems(site.shelf)
    balance = _Balance(len(accounts), sum(not a.stage.is_end for a in accounts), _total(accounts), problems)
    _print_json(balance) if as_json else _print(balance)
    if problems:
        raise typer.Exit(ExitCode.UNBALANCED)


@audit_app.command("verify", epilog="Example: pigeonhole audit verify --head 4711:9f2c...")
def audit_verify(
    head: Annotated[str, typer.Option(help="What an earlier run printed: nothing up to there may be missing.")] = "",
    home: Home = None,
) -> None:
    """Check that the audit log is as it was written: each row is chained to the one before by its hash.

    Prints the head of the log; keep it where whoever administers the database cannot change it, and give it to a later
    run. Exit code 9 when a row was changed, removed or cut off.
    """
    verdict = audit_log.verify(open_site(home).shelf.engine, _head(head))
    for problem in verdict.problems:
        print(problem)
    if verdict.problems:
        print("The audit log was tampered with, or the database is damaged: keep this file, and tell your auditor.")
        raise typer.Exit(ExitCode.UNBALANCED)
    print(f"{verdict.rows} rows, all as they were written.")
    print(f"head {verdict.head}" if verdict.head else "There is no head: nothing was written yet.")


def _head(text: str) -> Head | None:
    """What `audit verify` printed, with or without the word `head`."""
    number, _, digest = text.removeprefix("head").strip().partition(":")
    if not text:
        return None
    if not number.isdecimal() or len(digest) != 64:
        raise typer.BadParameter("give NUMBER:HASH as audit verify prints it", param_hint="--head")
    return Head(int(number), digest.lower())


def _total(accounts: tuple[Account, ...]) -> Counter[str]:
    total: Counter[str] = Counter()
    for account in accounts:
        total.update(pages=account.pages or 0, filed=account.filed, review=account.review, set_aside=account.set_aside)
    return total


def _print(balance: _Balance) -> None:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    pages = balance.pages
    under_way = pages["pages"] - pages["filed"] - pages["review"] - pages["set_aside"]
    ended = f"{pages['filed']} filed + {pages['review']} in review + {pages['set_aside']} set aside"
    console.print(f"{balance.documents} documents, {balance.under_way} of them under way.")
    console.print(f"{pages['pages']} pages in = {ended} + {under_way} under way.")
    for problem in balance.problems:
        console.print(problem)
    console.print("Everything is accounted for." if not balance.problems else f"{len(balance.problems)} problem(s).")


def _print_json(balance: _Balance) -> None:
    data = {
        "documents": balance.documents,
        "under_way": balance.under_way,
        **balance.pages,
        "problems": balance.problems,
    }
    typer.echo(json.dumps(data, indent=1))
