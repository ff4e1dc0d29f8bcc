"""A step of the first sign-in: the second factor is set up, and recovery codes are shown, once."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from worker import totp
from worker.db import audit_log, people, recovery_codes, sessions, tasks
from worker.db.sessions import Session, Stage
from worker.domain.audit import Entry
from worker.review.render import render
from worker.review.rules import site_of
from worker.review.session_cookie import give
from worker.review.sign_in_password import account_of
from worker.review.sign_in_steps import ONWARD, SECRET, WITH, Known, after_second, begin, in_stage, within_rate

router = APIRouter()
Enrolling = Annotated[Session, Depends(in_stage(Stage.ENROL))]

WRONG = "This is not the code of this moment. Is the phone's clock right? Wait for the next one, and type that."


@router.get("/login/enrol")
def ask(request: Request, session: Enrolling) -> Response:
    """The QR code, the secret as text, and a field for the first code."""
    return _form(request, session)


@router.get("/login/enrol.svg")
def picture(request: Request, session: Enrolling) -> Response:
    """The QR code."""
    content = totp.picture(_secret(request, session), session.person.name)
    return Response(content, media_type="image/svg+xml")


@router.post("/login/enrol", dependencies=[Depends(within_rate)])
def confirm(request: Request, session: Enrolling, code: Annotated[str, Form(max_length=100)] = "") -> Response:
    """The first code proves that the secret has arrived. Recovery codes are shown, now and never again."""
    account, secret, name = account_of(request, session), _secret(request, session), session.person.name
    engine = site_of(request).shelf.engine
    with engine.begin() as connection:
        step = totp.find_step(secret, code, tasks.clock(connection))
    if step is None or account.totp_secret is not None:
        return _form(request, session, WRONG)
    with engine.begin() as connection:
        people.set_totp(connection, name, secret, step)
        codes = recovery_codes.renew(connection, name)
        audit_log.add(connection, Entry(name, session.address, "enrol"))
    known = Known(account, f"{session.data[WITH]}, totp", session.data[ONWARD], session.token_sha256)
    token = begin(request, known, after_second(replace(account, totp_secret=secret)))
    context = {"codes": codes, "onward": session.data[ONWARD] or "/"}
    return give(request, render(request, "login_codes.html", context), token)


def _secret(request: Request, session: Session) -> str:
    """The secret of this enrolment, made when it is first asked for."""
    if SECRET in session.data:
        return session.data[SECRET]
    secret = totp.new_secret()
    with site_of(request).shelf.engine.begin() as connection:
        sessions.remember(connection, session.token_sha256, {**session.data, SECRET: secret})
    return secret


def _form(request: Request, session: Session, why: str = "") -> Response:
    secret = _secret(request, session)
    parts = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return render(request, "login_enrol.html", {"csrf": session.csrf, "why": why, "secret": parts}, 403 if why else 200)
