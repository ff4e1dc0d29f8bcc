"""The gate of the site: sessions, the steps of signing in, and what people do about themselves and each other."""

from fastapi import FastAPI

from worker.buckets import Buckets
from worker.domain.sign_in import SignIn
from worker.pipeline.site import Site
from worker.review import (
    account,
    audit_screen,
    people,
    people_one,
    session_life,
    sign_in_enrol,
    sign_in_oidc,
    sign_in_password,
    sign_in_totp,
)
from worker.review import sign_in as first_step
from worker.review.session import Sessions
from worker.review.sign_in_steps import TRIES_PER_MINUTE

PAGES = (
    first_step,
    sign_in_totp,
    sign_in_password,
    sign_in_enrol,
    sign_in_oidc,
    session_life,
    account,
    people,
    people_one,
    audit_screen,
)


def put_gate(app: FastAPI, site: Site, sign_in: SignIn) -> None:
    """From here on every request is looked at, and people can sign in."""
    app.state.tries = Buckets(TRIES_PER_MINUTE)
    app.add_middleware(Sessions, site=site, sign_in=sign_in)
    for page in PAGES:
        app.include_router(page.router)
