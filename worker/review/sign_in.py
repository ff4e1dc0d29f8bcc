"""Signing in with a name and a password, the first step; and the way to a person's first page."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from worker import passwords
from worker.db import people
from worker.db.people import Account
from worker.domain.person import Person, Role
from worker.review.origin import is_private, local_path
from worker.review.render import render
from worker.review.rules import sign_in_of, site_of
from worker.review.sign_in_steps import Known, after_password, before, failed, proceed, within_rate
from worker.review.who import Anybody

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
    onward = local_path(next)
    return RedirectResponse(onward or "/", 303) if request.state.signed else form(request, onward, is_idle=idle)


@router.post("/login", dependencies=[Depends(within_rate)])
def check(
    request: Request,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=2_000)] = "",
    next: Annotated[str, Form(max_length=2_000)] = "",  # noqa: A002 - the name in the form
) -> Response:
    """The right password begins a session that still needs the second factor."""
    onward, name = local_path(next), name.strip().lower()
    if not is_private(request):
        return form(request, onward, IN_CLEAR, name)
    account = _right(request, name, password)
    if account is None:
        return form(request, onward, WRONG, name)
    return proceed(request, Known(account, "password", onward, before(request)), after_password(account))


def home_of(person: Person) -> str:
    """A person's first page: where that person's work is."""
    if person.may_decide:
        return "/inbox"
    if person.is_any_of(Role.SUPERVISOR):
        return "/dashboard"
    return "/audit-log" if person.is_any_of(Role.AUDITOR) else "/people"


def form(request: Request, onward: str = "", why: str = "", name: str = "", *, is_idle: bool = False) -> Response:
    """The form to sign in; with a reason where that was refused."""
    has_oidc = sign_in_of(request).oidc is not None
    context = {"next": onward, "name": name, "why": why, "is_idle": is_idle, "has_oidc": has_oidc}
    return render(request, "login.html", context, 403 if why else 200)


def _right(request: Request, name: str, password: str) -> Account | None:
    """The account, if the password is right. The try is counted before it is judged."""
    engine = site_of(request).shelf.engine
    with engine.begin() as connection:
        account = people.attempt(connection, name)
    if passwords.is_right(account.password_hash if account else None, password):
        with engine.begin() as connection:
            people.forgive(connection, name)
        return account
    is_locked = account is not None and account.locked_until is not None
    failed(request, account or people.find(engine, name), "password", is_locked=is_locked)
    return None
