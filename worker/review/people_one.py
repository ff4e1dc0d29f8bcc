"""One person, for admins: rights, disable and enable, reset. Nobody does any of it to themselves."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from worker.db import people as accounts
from worker.db import recovery_codes, sessions
from worker.errors import BadSettingsError
from worker.pipeline import people
from worker.review.people import ROLES, Admin, Rights, by, once
from worker.review.refusals import NotAllowedError, NotFoundError
from worker.review.render import render
from worker.review.rules import site_of
from worker.review.who import AtSite, Signed

router = APIRouter()
ACTS: dict[str, Callable[..., None]] = {
    "disable": people.disable,
    "enable": people.enable,
    "reset-totp": people.reset_totp,
}


def another(name: str, signed: Admin) -> Signed:
    """A dependency: an admin, about somebody else. So one admin is left whatever happens."""
    if name == signed.person.name:
        raise NotAllowedError("Nobody changes their own rights: ask another admin, or use pigeonhole users.")
    return signed


Another = Annotated[Signed, Depends(another)]


@router.get("/people/{name}")
def show(request: Request, name: str, signed: Admin, done: str = "") -> Response:
    """What the person may do, and what can be done about it."""
    return _page(request, name, done=done)


@router.post("/people/{name}/rights")
def change(
    request: Request,
    name: str,
    site: AtSite,
    signed: Another,
    rights: Annotated[Rights, Depends()],
    display_name: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Set display name and rights."""
    try:
        people.change(site.shelf.engine, by(signed), rights.person(site, name, display_name))
    except BadSettingsError as error:
        return _page(request, name, why=str(error))
    return RedirectResponse(f"/people/{name}?done=rights", 303)


@router.post("/people/{name}/reset-password")
def reset_password(request: Request, name: str, site: AtSite, signed: Another) -> Response:
    """A new initial password, shown this once."""
    try:
        initial = people.reset_password(site.shelf.engine, by(signed), name)
    except BadSettingsError as error:
        return _page(request, name, why=str(error))
    return once(request, name, initial, is_new=False)


@router.post("/people/{name}/{act}")
def act(request: Request, name: str, act: str, site: AtSite, signed: Another) -> Response:
    """Disable, enable, or have the second factor set up anew."""
    if act not in ACTS:
        raise NotFoundError
    try:
        ACTS[act](site.shelf.engine, by(signed), name)
    except BadSettingsError as error:
        return _page(request, name, why=str(error))
    return RedirectResponse(f"/people/{name}?done={act}", 303)


def _page(request: Request, name: str, *, why: str = "", done: str = "") -> Response:
    site = site_of(request)
    account = accounts.find(site.shelf.engine, name)
    if account is None:
        raise NotFoundError("There is nobody of this name.")
    context = {
        "account": account,
        "is_locked": account.locked_until is not None and account.locked_until > site.now(),
        "sessions": sessions.load_all(site.shelf.engine, name),
        "codes_left": recovery_codes.count_left(site.shelf.engine, name),
        "why": why,
        "done": done,
        "roles": ROLES,
        "lines": sorted(site.lines),
    }
    return render(request, "people_one.html", context, 422 if why else 200)
