"""Sessions: who a request's cookie says is asking, whether that is over, and whether a page of ours asks.

A session lives on by what a person does, never by what a page does alone: opening a page, sending something, and what
static/session.js reports of keys and pointer. Holding an item, looking at its state and the dashboard's stream do not
count.
"""

from datetime import timedelta

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from worker.db import sessions
from worker.db.sessions import Session, Stage
from worker.domain.sign_in import SignIn
from worker.errors import CannotWriteError, UnreachableError
from worker.pipeline.site import Site
from worker.review import csrf
from worker.review.leave import idle_of, leave, why_over
from worker.review.origin import address_of, is_own
from worker.review.refusals import refuse, wants_json
from worker.review.session_cookie import COOKIE, forget
from worker.review.who import Signed

#: Signs of life are written at most so often; a tenth of the idle time where that is less.
TOUCH_EVERY = timedelta(seconds=20)
#: A script says so where nobody did anything.
BACKGROUND = "X-Background"
#: What pages send by themselves, by the end of the path.
BY_ITSELF = ("/hold", "/release", "/session/state")
#: Here nobody is signed in yet, so there is no token: where the form comes from must do.
BEFORE = "/login"
AWAY = (UnreachableError, CannotWriteError, sa.exc.OperationalError, sa.exc.TimeoutError)


class Sessions:
    """ASGI middleware: sets `request.state.session` and, once all of a sign-in is done, `request.state.signed`."""

    def __init__(self, app: ASGIApp, site: Site, sign_in: SignIn) -> None:
        self._app = app
        self._site = site
        self._sign_in = sign_in
        self._idle = idle_of(sign_in)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http" or str(scope["path"]).startswith("/static/"):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        request.state.session = request.state.signed = None
        try:
            refusal = await self._look(request)
        except AWAY:
            why = "The database does not answer. Nothing was changed: try again in a moment."
            refusal = refuse(request, 503, "unreachable", why)
        if refusal is None and request.method not in {"GET", "HEAD"}:
            refusal, receive = await _check_origin(request, receive)
        await (refusal or self._app)(scope, receive, send)

    async def _look(self, request: Request) -> Response | None:
        """Find out who it is; a refusal where the session has ended."""
        token = request.cookies.get(COOKIE)
        if not token:
            return None
        session = await run_in_threadpool(self._find, request, token)
        if session is None or session.left(self._idle) <= timedelta(0):
            is_idle = session is not None and why_over(self._sign_in, session) == "idle_end"
            return None if request.url.path.startswith(BEFORE) else _over(request, is_idle=is_idle)
        request.state.session = session
        if session.stage is Stage.IN:
            request.state.signed = Signed(session.person, session.csrf, session.token_sha256, address_of(request))
        return None

    def _find(self, request: Request, token: str) -> Session | None:
        session = sessions.find(self._site.shelf.engine, token)
        if session is None:
            return None
        if session.left(self._idle) <= timedelta(0):
            leave(self._site, self._sign_in, session, why_over(self._sign_in, session))
        elif session.now - session.seen_at >= min(TOUCH_EVERY, self._idle / 10) and _is_by_person(request):
            sessions.touch(self._site.shelf.engine, session.token_sha256)
        return session


def is_still_signed(site: Site, sign_in: SignIn, signed: Signed) -> bool:
    """The session has not ended meanwhile: for answers that go on for long, such as streams."""
    session = sessions.find_hashed(site.shelf.engine, signed.token_sha256)
    return session is not None and session.left(idle_of(sign_in)) > timedelta(0)


def _is_by_person(request: Request) -> bool:
    """Somebody did something: opened a page or sent one."""
    if BACKGROUND in request.headers or request.url.path.endswith(BY_ITSELF):
        return False
    return request.method != "GET" or not wants_json(request)


async def _check_origin(request: Request, receive: Receive) -> tuple[Response | None, Receive]:
    """Refuse what no page of ours sent, or a page of another session."""
    if not is_own(request):
        return refuse(request, 403, "origin", "This was not sent by a page of this site. Load the page again."), receive
    session: Session | None = request.state.session
    if session is None or request.url.path == BEFORE:
        return None, receive
    sent, again = await csrf.sent_token(request.headers, receive)
    if csrf.is_same(sent, session.csrf):
        return None, again
    return refuse(request, 403, "csrf", "This page is of an earlier session. Load it again, and repeat."), again


def _over(request: Request, *, is_idle: bool) -> Response:
    """The session has ended: who reads pages signs in again and comes back."""
    if request.method == "GET" and not wants_json(request):
        path = request.url.path
        query = "&".join(part for part in ("idle=1" if is_idle else "", f"next={path}" if path != "/" else "") if part)
        answer: Response = RedirectResponse(f"/login?{query}" if query else "/login", 303)
    else:
        why = "You were signed out, since nothing happened for long." if is_idle else "Your session has ended."
        answer = refuse(request, 401, "idle" if is_idle else "sign-in", f"{why} Sign in and go on.")
    return forget(request, answer)
