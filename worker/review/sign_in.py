"""Signing in with a name and a password, the first step; and the way to a person's first page."""

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from worker import passwords
from worker.db import audit_log, people
from worker.db.people import Account
from worker.domain.audit import Entry
from worker.domain.person import Person, Role
from worker.review.origin import is_private, local_path
from worker.review.render import render
from worker.review.rules import sign_in_of
from worker.review.session import address_of
from worker.review.sign_in_steps import go_on
from worker.review.who import Anybody, AtSite

router = APIRouter()

WRONG = (
    "The name or the password is not right. After five failures a name is locked for 15 minutes, "
    "whatever is given then."
)
IN_CLEAR = (
    "This site is reached over plain HTTP, where others could read your password. Use its https:// address; "
    "only on the server itself is http://127.0.0.1 good enough."
)


@router.get("/")
def first_page(signed: Anybody) -> Response:
    """Go where this person's work is."""
    return RedirectResponse(home_of(signed.person), 303)


@router.get("/login")
def ask(request: Request, next: str = "", idle: bool = False) -> Response:  # noqa: A002 - the name in the address
    """The form. Who is signed in goes on."""
    if request.state.signed is not None:
        return RedirectResponse(local_path(next) or "/", 303)
    return _form(request, onward=local_path(next), is_idle=idle)


@router.post("/login")
def check(
    request: Request,
    site: AtSite,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=2_000)] = "",
    next: Annotated[str, Form(max_length=2_000)] = "",  # noqa: A002 - the name in the form
) -> Response:
    """The right password begins a session that still needs the second factor."""
    onward, name = local_path(next), name.strip().lower()
    if not is_private(request):
        return _form(request, onward, name, IN_CLEAR, status=403)
    engine, address = site.shelf.engine, address_of(request)
    account = _right(engine, name, password, address)
    if account is None:
        return _form(request, onward, name, WRONG, status=403)
    return go_on(request, site, account, onward)


def home_of(person: Person) -> str:
    """A person's first page: where that person's work is."""
    if person.may_decide:
        return "/inbox"
    if person.is_any_of(Role.SUPERVISOR):
        return "/dashboard"
    return "/audit-log" if person.is_any_of(Role.AUDITOR) else "/people"


def _form(
    request: Request, onward: str, name: str = "", why: str = "", status: int = 200, *, is_idle: bool = False
) -> Response:
    context = {
        "next": onward,
        "name": name,
        "why": why,
        "is_idle": is_idle,
        "has_oidc": sign_in_of(request).oidc is not None,
    }
    return render(request, "login.html", context, status)


def _right(engine: sa.Engine, name: str, password: str, address: str) -> Account | None:
    """The account, if the password is right. The try is counted before it is judged."""
    with engine.begin() as connection:
        account = people.attempt(connection, name)
    is_right = passwords.is_right(account.password_hash if account else None, password)
    with engine.begin() as connection:
        if account is not None and is_right:
            people.forgive(connection, name)
            return account
        audit_log.add(connection, Entry("", address, "sign_in_failed", detail={"name": name, "with": "password"}))
        if account is not None and account.locked_until is not None:
            audit_log.add(connection, Entry("", address, "locked", detail={"name": name}))
    return None
