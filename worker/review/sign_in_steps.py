"""The steps of a sign-in after the password: which is next, and the new session of each."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from worker.db import audit_log, people, sessions
from worker.db.people import Account
from worker.db.sessions import Stage
from worker.domain.audit import Entry
from worker.pipeline.site import Site
from worker.review.rules import sign_in_of
from worker.review.session import address_of
from worker.review.session_cookie import give

PLACES = {Stage.TOTP: "/login/totp", Stage.PASSWORD: "/login/password", Stage.ENROL: "/login/enrol"}


def go_on(request: Request, site: Site, account: Account, onward: str) -> Response:
    """The password was right."""
    token = finish(request, site, account)
    return give(request, RedirectResponse(onward or "/", 303), token)


def finish(request: Request, site: Site, account: Account) -> str:
    """The person is in."""
    length = timedelta(hours=sign_in_of(request).session_hours)
    name, address = account.person.name, address_of(request)
    with site.shelf.engine.begin() as connection:
        people.clear(connection, name)
        audit_log.add(connection, Entry(name, address, "sign_in"))
        return sessions.begin(connection, name, address, Stage.IN, length)
