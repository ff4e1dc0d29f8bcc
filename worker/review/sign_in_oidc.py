"""Signing in with the organization's OpenID Connect provider, beside passwords. It answers for the second factor."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from functools import cache

import structlog
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from worker.db import audit_log, people
from worker.db.people import Account
from worker.db.sessions import Stage
from worker.domain.audit import Entry
from worker.domain.sign_in import Oidc
from worker.review.oidc_provider import Attempt, OidcError, Provider
from worker.review.origin import address_of, is_secure, local_path, site_url
from worker.review.refusals import NotFoundError
from worker.review.rules import sign_in_of, site_of
from worker.review.sign_in import form
from worker.review.sign_in_steps import Known, before, proceed, within_rate

_log = structlog.get_logger()
router = APIRouter()

#: Holds what one attempt must remember, signed; the browser that began it is the only one that can end it.
COOKIE, BACK, SECONDS = "pigeonhole_oidc", "/login/oidc/callback", 600
AWAY = "Your organization's sign-in does not answer. Try again in a moment, or sign in with a password."
LOST = "This sign-in took too long, or began in another browser. Try again."
REFUSED = "Your organization did not sign you in. Try again, or ask who runs it."


@dataclass(frozen=True, slots=True)
class _Begun:
    attempt: Attempt
    onward: str


@router.get("/login/oidc", dependencies=[Depends(within_rate)])
def begin(request: Request, next: str = "") -> Response:  # noqa: A002 - the name in the address
    """Send the browser to the provider."""
    oidc = _oidc_of(request)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    begun = _Begun(Attempt(state, nonce, verifier, site_url(request) + BACK), local_path(next))
    try:
        answer = RedirectResponse(_provider(oidc).address(begun.attempt), 303)
    except OidcError as error:
        _log.warning("OIDC failed", error=str(error))
        return form(request, begun.onward, AWAY)
    answer.set_cookie(
        COOKIE,
        _seal(oidc, begun),
        SECONDS,
        path="/login/oidc",
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get(BACK, dependencies=[Depends(within_rate)])
def end(request: Request, code: str = "", state: str = "", error: str = "", iss: str = "") -> Response:
    """The browser comes back with a code; whom it names is signed in, if that person was added here."""
    oidc = _oidc_of(request)
    begun = _unseal(oidc, request.cookies.get(COOKIE, ""))
    if begun is None or not hmac.compare_digest(state.encode("utf-8", "surrogatepass"), begun.attempt.state.encode()):
        return _refuse(request, LOST, "state")
    if error or not code or iss not in {"", oidc.issuer}:
        return _refuse(request, REFUSED, "refused")
    try:
        subject = _provider(oidc).subject(begun.attempt, code)
    except OidcError as failure:
        _log.warning("OIDC failed", error=str(failure))
        return _refuse(request, AWAY, "provider")
    account = people.find_subject(site_of(request).shelf.engine, subject)
    if account is None or account.disabled_at is not None:
        return _refuse(request, _unknown(subject), "unknown", account, subject=subject)
    answer = proceed(request, Known(account, "oidc", begun.onward, before(request)), Stage.IN)
    return _drop(request, answer)


def _oidc_of(request: Request) -> Oidc:
    oidc = sign_in_of(request).oidc
    if oidc is None:
        raise NotFoundError
    return oidc


@cache
def _provider(oidc: Oidc) -> Provider:
    """One for the process: it remembers the provider's addresses and keys."""
    return Provider(oidc)


def _unknown(subject: str) -> str:
    return (
        "Your organization knows you, but nobody has added you here. Ask an administrator, "
        f"and tell what you are called there: {subject[:200]}"
    )


def _refuse(request: Request, why: str, kind: str, account: Account | None = None, **more: object) -> Response:
    name = account.person.name if account else None
    detail = {"with": "oidc", "kind": kind, "name": name, **more}
    audit_log.append(site_of(request).shelf.engine, Entry("", address_of(request), "sign_in_failed", detail=detail))
    return _drop(request, form(request, "", why))


def _drop(request: Request, answer: Response) -> Response:
    answer.delete_cookie(COOKIE, path="/login/oidc", secure=is_secure(request), httponly=True, samesite="lax")
    return answer


def _seal(oidc: Oidc, begun: _Begun) -> str:
    """Signed, so that no other host of the domain can make one up, by which this browser would be another person's."""
    attempt = begun.attempt
    parts = [attempt.state, attempt.nonce, attempt.verifier, attempt.back, begun.onward, int(time.time()) + SECONDS]
    body = base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()
    return f"{body}.{_mark(oidc, body)}"


def _unseal(oidc: Oidc, sealed: str) -> _Begun | None:
    """What was remembered; None where it is not ours, or too old."""
    body, _, mark = sealed.partition(".")
    if not hmac.compare_digest(mark.encode("utf-8", "surrogatepass"), _mark(oidc, body).encode()):
        return None
    state, nonce, verifier, back, onward, until = json.loads(base64.urlsafe_b64decode(body))
    return _Begun(Attempt(state, nonce, verifier, back), onward) if time.time() < until else None


def _mark(oidc: Oidc, body: str) -> str:
    key = hashlib.sha256(f"pigeonhole sign-in\n{oidc.client_secret}".encode()).digest()
    return hmac.new(key, body.encode("utf-8", "surrogatepass"), "sha256").hexdigest()
