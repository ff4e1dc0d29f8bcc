"""Who may sign in: everybody, with what they may do; adding somebody. For admins."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from worker.db import people as accounts
from worker.domain.person import Person, Role
from worker.errors import BadSettingsError
from worker.pipeline import people
from worker.pipeline.people import By
from worker.pipeline.site import Site
from worker.review.refusals import InvalidError
from worker.review.render import render
from worker.review.rules import site_of
from worker.review.who import Signed, allowed

router = APIRouter()
Admin = Annotated[Signed, Depends(allowed(lambda person: person.is_any_of(Role.ADMIN)))]
Word = Annotated[str, Form(max_length=200)]
Words = Annotated[list[str], Form(max_length=100)]

#: What the roles are for, as admins read it.
ROLES = {
    Role.REVIEWER: "decides what waits",
    Role.SENIOR: "decides also where two reviewers disagree",
    Role.SUPERVISOR: "sees how the work goes, gives held items back",
    Role.ADMIN: "adds and disables people; sees no documents",
    Role.AUDITOR: "reads everything, changes nothing",
}


class Rights:
    """The rights in a form: they stand there as boxes that are ticked."""

    def __init__(
        self, role: Words | None = None, line: Words | None = None, sensitive: Annotated[bool, Form()] = False
    ) -> None:
        self.roles, self.lines, self.sensitive = role or [], line or [], sensitive

    def person(self, site: Site, name: str, display_name: str) -> Person:
        """The person with these rights. Raises InvalidError."""
        if not set(self.roles) <= set(Role) or not set(self.lines) <= set(site.lines):
            raise InvalidError("There is no such role or line: load the page again.")
        roles = frozenset(Role(role) for role in self.roles)
        return Person(name, display_name, roles, frozenset(self.lines), self.sensitive)


@router.get("/people")
def show(request: Request, signed: Admin) -> Response:
    """Everybody who was ever added, and the form to add somebody."""
    return _page(request)


@router.post("/people")
def add(
    request: Request,
    signed: Admin,
    rights: Annotated[Rights, Depends()],
    name: Word = "",
    display_name: Word = "",
    oidc_subject: Word = "",
) -> Response:
    """Add somebody. The initial password is shown, this once."""
    site = site_of(request)
    given = rights.person(site, name, display_name)
    try:
        initial = people.add(site.shelf.engine, by(signed), given, oidc_subject=oidc_subject.strip())
    except BadSettingsError as error:
        return _page(request, str(error), given)
    return once(request, name.strip().lower(), initial, is_new=True)


def by(signed: Signed) -> By:
    """Who changes people, for the log."""
    return By(signed.person.name, signed.address)


def once(request: Request, name: str, initial: str, *, is_new: bool) -> Response:
    """The page that shows an initial password, once."""
    return render(request, "people_once.html", {"name": name, "initial": initial, "is_new": is_new})


def _page(request: Request, why: str = "", given: Person | None = None) -> Response:
    site = site_of(request)
    context = {
        "accounts": accounts.load_all(site.shelf.engine),
        "now": site.now(),
        "why": why,
        "given": given or Person("", "", frozenset({Role.REVIEWER})),
        "roles": ROLES,
        "lines": sorted(site.lines),
    }
    return render(request, "people.html", context, 422 if why else 200)
