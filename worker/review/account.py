"""One's own account: who the site takes me for, a new password, new recovery codes, where I am signed in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from worker import passwords
from worker.db import audit_log, people, recovery_codes, sessions
from worker.domain.audit import Entry
from worker.review.record import entry_of
from worker.review.render import render
from worker.review.rules import site_of
from worker.review.sign_in_password import account_of, take, why_not
from worker.review.sign_in_steps import failed, within_rate
from worker.review.sign_in_totp import LOCKED, WRONG_CODE, is_current
from worker.review.who import Anybody, AtSite, Signed

router = APIRouter()
Secret = Annotated[str, Form(max_length=2_000)]
WRONG = "This is not the password that you have now."


@router.get("/account")
def show(request: Request, signed: Anybody, done: str = "") -> Response:
    """The page."""
    return _page(request, signed, done=done)


@router.post("/account/password", dependencies=[Depends(within_rate)])
def change(
    request: Request, signed: Anybody, current: Secret = "", password: Secret = "", again: Secret = ""
) -> Response:
    """Take a new password; all other sessions of this person end."""
    account, engine = account_of(request, request.state.session), site_of(request).shelf.engine
    with engine.begin() as connection:
        tried = people.attempt(connection, signed.person.name)
    if tried is None or not passwords.is_right(account.password_hash, current):
        failed(request, account, "password", is_locked=tried is not None and tried.locked_until is not None)
        return _page(request, signed, why=WRONG if tried else LOCKED)
    with engine.begin() as connection:
        people.forgive(connection, signed.person.name)
    if why := why_not(account, password, again):
        return _page(request, signed, why=why)
    take(request, account, password, signed.address)
    with engine.begin() as connection:
        sessions.end_all(connection, signed.person.name, but=signed.token_sha256)
    return RedirectResponse("/account?done=password", 303)


@router.post("/account/codes", dependencies=[Depends(within_rate)])
def renew_codes(request: Request, signed: Anybody, code: Annotated[str, Form(max_length=100)] = "") -> Response:
    """New recovery codes, for a code of the second factor; those before are good no more."""
    engine, name = site_of(request).shelf.engine, signed.person.name
    with engine.begin() as connection:
        account = people.attempt(connection, name)
    if account is None:
        return _page(request, signed, why=LOCKED)
    with engine.begin() as connection:
        is_right = is_current(connection, account, code)
        if is_right:
            people.forgive(connection, name)
            codes = recovery_codes.renew(connection, name)
            audit_log.add(connection, entry_of(signed, "recovery_renewed"))
    if not is_right:
        failed(request, account, "totp", is_locked=account.locked_until is not None)
        return _page(request, signed, why=WRONG_CODE)
    return render(request, "login_codes.html", {"codes": codes, "onward": "/account"})


@router.post("/account/elsewhere")
def sign_out_elsewhere(site: AtSite, signed: Anybody) -> Response:
    """End all sessions of this person but this one."""
    with site.shelf.engine.begin() as connection:
        number = sessions.end_all(connection, signed.person.name, but=signed.token_sha256)
        entry = Entry(signed.person.name, signed.address, "sign_out", detail={"elsewhere": number})
        audit_log.add(connection, entry)
    return RedirectResponse("/account?done=elsewhere", 303)


def _page(request: Request, signed: Signed, *, why: str = "", done: str = "") -> Response:
    engine, name = site_of(request).shelf.engine, signed.person.name
    account = account_of(request, request.state.session)
    context = {
        "why": why,
        "done": done,
        "has_password": account.password_hash is not None,
        "has_totp": account.totp_secret is not None,
        "codes_left": recovery_codes.count_left(engine, name),
        "sessions": sessions.load_all(engine, name),
        "shortest": passwords.SHORTEST,
    }
    return render(request, "account.html", context, 403 if why else 200)
