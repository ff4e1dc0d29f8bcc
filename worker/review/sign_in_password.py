"""A step of signing in: a password of one's own instead of the initial one."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from worker import passwords
from worker.db import audit_log, people
from worker.db.people import Account
from worker.db.sessions import Session, Stage
from worker.domain.audit import Entry
from worker.review.refusals import SignInFirstError
from worker.review.render import render
from worker.review.rules import site_of
from worker.review.sign_in_steps import ONWARD, WITH, Known, after_change, in_stage, proceed, within_rate

router = APIRouter()
Changing = Annotated[Session, Depends(in_stage(Stage.PASSWORD))]


@router.get("/login/password")
def ask(request: Request, session: Changing) -> Response:
    """The form."""
    return _form(request, session)


@router.post("/login/password", dependencies=[Depends(within_rate)])
def change(
    request: Request,
    session: Changing,
    password: Annotated[str, Form(max_length=2_000)] = "",
    again: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """Take the password, and go on to the second factor if there is none yet."""
    account = account_of(request, session)
    why = why_not(account, password, again)
    if why:
        return _form(request, session, why)
    take(request, account, password, session.address)
    known = Known(account, session.data[WITH], session.data[ONWARD], session.token_sha256)
    return proceed(request, known, after_change(replace(account, must_change_password=False)))


def account_of(request: Request, session: Session) -> Account:
    """Whose session it is, as that account is now."""
    account = people.find(site_of(request).shelf.engine, session.person.name)
    if account is None:
        raise SignInFirstError
    return account


def why_not(account: Account, password: str, again: str) -> str:
    """Why this cannot be the new password; empty where it can."""
    if password != again:
        return "The two are not the same: type it twice."
    if passwords.is_right(account.password_hash, password):
        return "This is the password that you have now: take another."
    return passwords.objection(password, account.person.name)


def take(request: Request, account: Account, password: str, address: str) -> None:
    """The person's own password from now on."""
    name, hashed = account.person.name, passwords.hashed(password)
    with site_of(request).shelf.engine.begin() as connection:
        people.set_password(connection, name, hashed, is_initial=False)
        audit_log.add(connection, Entry(name, address, "password_changed"))


def _form(request: Request, session: Session, why: str = "") -> Response:
    context = {"csrf": session.csrf, "why": why, "name": session.person.name, "shortest": passwords.SHORTEST}
    return render(request, "login_password.html", context, 422 if why else 200)
