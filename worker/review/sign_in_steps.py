"""The steps of a sign-in after its first: which is next, the new session of each, and what all of them check."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from worker.buckets import Buckets
from worker.db import audit_log, people, sessions
from worker.db.people import Account
from worker.db.sessions import SIGN_IN_TIME, Session, Stage
from worker.domain.audit import Entry
from worker.review.leave import leave_overdue
from worker.review.origin import address_of
from worker.review.refusals import RefusedError, SignInFirstError
from worker.review.rules import sign_in_of, site_of
from worker.review.session_cookie import give

#: Tries a minute from one address, which may be that of a proxy: a whole mailroom may sign in at eight o'clock.
TRIES_PER_MINUTE = 60
#: What a sign-in remembers between its steps: where to go on to, and how the person was known.
ONWARD, WITH, SECRET = "next", "with", "secret"


class TooManyError(RefusedError):
    """More tries from this address than people make."""

    status = 429
    kind = "too-many"

    def __init__(self, wait: float) -> None:
        super().__init__(f"There were too many tries from your address. Wait {wait:.0f} seconds, then try again.")


@dataclass(frozen=True, slots=True)
class Known:
    """How far somebody is known: by which means, and where that person wants to go."""

    account: Account
    by: str
    onward: str = ""
    ended: str = ""
    """The hash of the session of the step before."""
    detail: dict[str, object] = field(default_factory=dict)


def after_password(account: Account) -> Stage:
    """The password was right."""
    return Stage.TOTP if account.totp_secret else after_second(account)


def after_second(account: Account) -> Stage:
    """The second factor was right, or is not set up yet."""
    return Stage.PASSWORD if account.must_change_password else after_change(account)


def after_change(account: Account) -> Stage:
    """The password is the person's own."""
    return Stage.IN if account.totp_secret else Stage.ENROL


def proceed(request: Request, known: Known, stage: Stage) -> Response:
    """Go on to what is still missing, or to the page that was wanted."""
    place = known.onward or "/" if stage is Stage.IN else f"/login/{stage.value}"
    return give(request, RedirectResponse(place, 303), begin(request, known, stage))


def begin(request: Request, known: Known, stage: Stage) -> str:
    """The session of the next stage, under a number that nobody saw before. Returns it."""
    name, address = known.account.person.name, address_of(request)
    is_in, site, sign_in = stage is Stage.IN, site_of(request), sign_in_of(request)
    length = timedelta(hours=sign_in.session_hours) if is_in else SIGN_IN_TIME
    remembered = {} if is_in else {ONWARD: known.onward, WITH: known.by}
    with site.shelf.engine.begin() as connection:
        if known.ended and not sessions.end(connection, known.ended):
            raise SignInFirstError
        if is_in:
            people.clear(connection, name)
            detail = {"with": known.by, **known.detail}
            audit_log.add(connection, Entry(name, address, "sign_in", detail=detail))
        token = sessions.begin(connection, name, address, stage, length, remembered)
    if is_in:
        leave_overdue(site, sign_in)
    return token


def before(request: Request) -> str:
    """The hash of the session that this browser has had so far; empty where it has none."""
    session: Session | None = request.state.session
    return session.token_sha256 if session else ""


def in_stage(stage: Stage) -> Callable[[Request], Session]:
    """A dependency that gives the session of a sign-in which has come to this stage."""

    def which(request: Request) -> Session:
        session: Session | None = request.state.session
        if session is None or session.stage is not stage:
            raise SignInFirstError
        return session

    return which


def within_rate(request: Request) -> None:
    """A dependency of all that tries secrets. Raises TooManyError."""
    wait = cast(Buckets, request.app.state.tries).take(_network(address_of(request)))
    if wait:
        raise TooManyError(wait)


def failed(request: Request, account: Account | None, by: str, *, is_locked: bool = False) -> None:
    """Note that somebody failed, and the lock if that was one time too many.

    A name that nobody has is not noted: people type their passwords there.
    """
    address, name = address_of(request), account.person.name if account else None
    with site_of(request).shelf.engine.begin() as connection:
        audit_log.add(connection, Entry("", address, "sign_in_failed", detail={"with": by, "name": name}))
        if is_locked:
            audit_log.add(connection, Entry("", address, "locked", detail={"name": name}))


def _network(address: str) -> str:
    """One household has 2^64 addresses of IPv6."""
    return ":".join(address.split(":")[:4]) if ":" in address else address
