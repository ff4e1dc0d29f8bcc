"""Who may do what: a key of the API in `Authorization: Bearer`, its scopes, its lines and its rate."""

import math
from collections.abc import Callable
from typing import Annotated, cast

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from worker.api.problems import ProblemError
from worker.buckets import Buckets
from worker.db import keys
from worker.db.keys import ApiKey, Scope
from worker.pipeline.site import Site

#: No key that we make is longer; a longer one is nobody's.
LONGEST_KEY = 200

_bearer = HTTPBearer(
    scheme_name="key", description="A key of `pigeonhole keys add`.", bearerFormat="opaque", auto_error=False
)
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def site_of(request: Request) -> Site:
    """The site that this application serves."""
    return cast(Site, request.app.state.site)


AtSite = Annotated[Site, Depends(site_of)]


def allowed(scope: Scope) -> Callable[[Request, Site, HTTPAuthorizationCredentials | None], ApiKey]:
    """A dependency that gives the key of a request which may do this, and refuses all others before a body is read."""

    def who(request: Request, site: AtSite, bearer: Bearer) -> ApiKey:
        key = _known(site, bearer)
        _within_rate(cast(Buckets, request.app.state.buckets), key)
        if not key.may(scope):
            raise ProblemError(403, "forbidden", f"This key has no scope {scope.value!r}: ask for one that has.")
        return key

    return who


Uploader = Annotated[ApiKey, Depends(allowed(Scope.UPLOAD))]
Reader = Annotated[ApiKey, Depends(allowed(Scope.READ))]
Registrar = Annotated[ApiKey, Depends(allowed(Scope.REGISTRY))]


def _known(site: Site, bearer: HTTPAuthorizationCredentials | None) -> ApiKey:
    given = bearer.credentials if bearer else ""
    key = keys.find(site.shelf.engine, given) if 0 < len(given) <= LONGEST_KEY else None
    if key is None:
        raise ProblemError(
            401,
            "no-key",
            "Give a valid key in the header Authorization: Bearer <key>.",
            headers={"WWW-Authenticate": 'Bearer realm="pigeonhole"'},
        )
    return key


def _within_rate(buckets: Buckets, key: ApiKey) -> None:
    wait = buckets.take(key.name)
    if wait:
        seconds = math.ceil(wait)
        raise ProblemError(
            429,
            "too-many",
            f"Too many requests with this key: wait {seconds} s.",
            headers={"Retry-After": str(seconds)},
        )
