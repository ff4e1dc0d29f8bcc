"""The cookie that holds a session's number: no script reads it, and no other site's form sends it along."""

from starlette.requests import Request
from starlette.responses import Response

from worker.review.origin import is_secure

COOKIE = "pigeonhole_session"


def give(request: Request, answer: Response, token: str) -> Response:
    """Lax, not Strict: whoever comes back from the OIDC provider must bring it along."""
    answer.set_cookie(COOKIE, token, path="/", secure=is_secure(request), httponly=True, samesite="lax")
    return answer


def forget(request: Request, answer: Response) -> Response:
    """The browser drops the cookie, and what it kept of pages."""
    answer.delete_cookie(COOKIE, path="/", secure=is_secure(request), httponly=True, samesite="lax")
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer
