"""What the page asks of the session meanwhile: how long it lives, that somebody is there, that it shall end."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from worker.db import sessions
from worker.review.leave import idle_of, leave
from worker.review.rules import sign_in_of
from worker.review.session_cookie import forget
from worker.review.who import Anybody, AtSite

router = APIRouter()


@router.get("/session/state")
def state(request: Request, signed: Anybody) -> Response:
    """Seconds until the session ends for want of a sign of life, and whatever happens. Asking is no sign of life."""
    session = request.state.session
    idle = session.idle_left(idle_of(sign_in_of(request)))
    return JSONResponse({"idle": idle.total_seconds(), "end": (session.ends_at - session.now).total_seconds()})


@router.post("/session/alive")
def alive(request: Request, site: AtSite, signed: Anybody) -> Response:
    """Somebody pressed a key or moved something since the last time."""
    sessions.touch(site.shelf.engine, signed.token_sha256)
    session, sign_in = request.state.session, sign_in_of(request)
    end = (session.ends_at - session.now).total_seconds()
    return JSONResponse({"idle": idle_of(sign_in).total_seconds(), "end": end})


@router.post("/logout")
def sign_out(request: Request, site: AtSite) -> Response:
    """End the session, whatever its stage."""
    if request.state.session is not None:
        leave(site, sign_in_of(request), request.state.session, "sign_out")
    return forget(request, RedirectResponse("/login", 303))
