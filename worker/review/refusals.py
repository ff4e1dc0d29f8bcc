"""What the site refuses, and how a person or a script is told: as a page, or as a problem (RFC 9457)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from worker.errors import PigeonholeError
from worker.review.render import render

MEDIA_TYPE = "application/problem+json"


class RefusedError(PigeonholeError):
    """The site does not do it. `status` is HTTP's, `kind` the machine's word, the message says what to do."""

    status = 400
    kind = "refused"


class SignInFirstError(RefusedError):
    """Nobody is signed in, or the session has ended."""

    status = 401
    kind = "sign-in"

    def __init__(self) -> None:
        super().__init__("You are not signed in, or your session has ended. Sign in and go on.")


class NotAllowedError(RefusedError):
    """The person has no right to do this."""

    status = 403
    kind = "not-allowed"

    def __init__(self, why: str = "Your role does not allow this: ask a supervisor.") -> None:
        super().__init__(why)


class NotFoundError(RefusedError):
    """There is no such thing here, or it is not for this person."""

    status = 404
    kind = "not-found"

    def __init__(self, why: str = "There is nothing here.") -> None:
        super().__init__(why)


class ConflictError(RefusedError):
    """Somebody else was first: what the person saw is no longer so. `kind` says which conflict."""

    status = 409

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(why)
        self.kind = kind


class InvalidError(RefusedError):
    """What was sent does not fit. `kind` may name the field."""

    status = 422
    kind = "invalid"


def wants_json(request: Request) -> bool:
    """A script asks, not a person who follows a link."""
    return "text/html" not in request.headers.get("Accept", "")


def refuse(request: Request, status: int, kind: str, why: str) -> Response:
    """The refusal in the form that the asker understands. Who is not signed in is led to sign in, and back."""
    if wants_json(request):
        body = {"type": f"urn:pigeonhole:{kind}", "title": why, "status": status}
        return JSONResponse(body, status, media_type=MEDIA_TYPE)
    if status == 401 and request.method == "GET":
        back = request.url.path if request.url.path != "/" else ""
        return RedirectResponse(f"/login?next={back}" if back else "/login", 303)
    return render(request, "refused.html", {"status": status, "why": why}, status)
