"""A step of signing in: a code of the second factor, or one of the recovery codes."""

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from worker import totp
from worker.db import audit_log, people, recovery_codes, tasks
from worker.db.people import Account
from worker.db.sessions import Session, Stage
from worker.domain.audit import Entry
from worker.review.render import render
from worker.review.rules import site_of
from worker.review.sign_in_steps import (
    ONWARD,
    WITH,
    Known,
    after_second,
    failed,
    in_stage,
    proceed,
    within_rate,
)

router = APIRouter()
Proving = Annotated[Session, Depends(in_stage(Stage.TOTP))]
Code = Annotated[str, Form(max_length=100)]

WRONG_CODE = "This is not the code of this moment, or it was used already. Wait for the next one, and type that."
WRONG_RECOVERY = "This is none of your recovery codes, or it was used already."
LOCKED = "Your name is locked for 15 minutes after five failures. Wait, or ask an administrator."


@router.get("/login/totp")
def ask(request: Request, session: Proving) -> Response:
    """The form."""
    return _form(request, session, "login_totp.html")


@router.post("/login/totp", dependencies=[Depends(within_rate)])
def check(request: Request, session: Proving, code: Code = "") -> Response:
    """A code is good once, and near its time."""
    account, is_right = _try(request, session, code, is_recovery=False)
    if account is None or not is_right:
        return _refuse(request, session, account, "login_totp.html", WRONG_CODE)
    known = Known(account, f"{session.data[WITH]}, totp", session.data[ONWARD], session.token_sha256)
    return proceed(request, known, after_second(account))


@router.get("/login/recovery")
def ask_recovery(request: Request, session: Proving) -> Response:
    """The form for those who have lost their phone."""
    return _form(request, session, "login_recovery.html")


@router.post("/login/recovery", dependencies=[Depends(within_rate)])
def check_recovery(request: Request, session: Proving, code: Code = "") -> Response:
    """A recovery code is good once, at any time."""
    account, is_right = _try(request, session, code, is_recovery=True)
    if account is None or not is_right:
        return _refuse(request, session, account, "login_recovery.html", WRONG_RECOVERY)
    left = recovery_codes.count_left(site_of(request).shelf.engine, account.person.name)
    by = f"{session.data[WITH]}, recovery code"
    known = Known(account, by, session.data[ONWARD], session.token_sha256, {"recovery_codes_left": left})
    return proceed(request, known, after_second(account))


def is_current(connection: sa.Connection, account: Account, code: str) -> bool:
    """Take this code of the person's second factor: it is good near its time, and once."""
    step = totp.find_step(account.totp_secret, code, tasks.clock(connection)) if account.totp_secret else None
    return step is not None and people.use_step(connection, account.person.name, step)


def _try(request: Request, session: Session, code: str, *, is_recovery: bool) -> tuple[Account | None, bool]:
    """The account, unless it is locked, and whether the code is right. The try is counted before it is judged."""
    engine, name = site_of(request).shelf.engine, session.person.name
    with engine.begin() as connection:
        account = people.attempt(connection, name)
    if account is None:
        return None, False
    with engine.begin() as connection:
        if is_recovery:
            is_right = recovery_codes.use(connection, name, code)
            if is_right:
                audit_log.add(connection, Entry(name, session.address, "recovery_used"))
        else:
            is_right = is_current(connection, account, code)
        if is_right:
            people.forgive(connection, name)
    return account, is_right


def _refuse(request: Request, session: Session, account: Account | None, template: str, why: str) -> Response:
    is_locked = account is not None and account.locked_until is not None
    by = "recovery code" if template == "login_recovery.html" else "totp"
    failed(request, account or people.find(site_of(request).shelf.engine, session.person.name), by, is_locked=is_locked)
    return _form(request, session, template, LOCKED if account is None or is_locked else why)


def _form(request: Request, session: Session, template: str, why: str = "") -> Response:
    return render(request, template, {"csrf": session.csrf, "why": why}, 403 if why else 200)
