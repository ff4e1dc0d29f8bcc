"""What the site that is served knows: the mailroom's site and how people sign in."""

from typing import cast

from starlette.requests import Request

from worker.domain.sign_in import SignIn
from worker.pipeline.site import Site


def site_of(request: Request) -> Site:
    """The mailroom's site that this application serves."""
    return cast(Site, request.app.state.site)


def sign_in_of(request: Request) -> SignIn:
    """How people sign in here."""
    return cast(SignIn, request.app.state.sign_in)
