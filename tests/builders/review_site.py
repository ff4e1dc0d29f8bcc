"""A real server of the review site on a free port, with people of each role who are signed in by a word."""

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import uvicorn

from worker.api.app import make_app
from worker.cli.serve import uvicorn_config
from worker.db import people, sessions
from worker.db.people import NewPerson
from worker.db.sessions import Stage
from worker.domain.person import Person, Role
from worker.domain.sign_in import SignIn
from worker.front import Front
from worker.pipeline.site import Site
from worker.review.app import make_review
from worker.review.session_cookie import COOKIE

#: One of each role, whose name begins like it; lena reviews the line `expedited` alone; omar opens sensitive pages.
PEOPLE = (
    Person("rita", "Rita Alvarez", frozenset({Role.REVIEWER})),
    Person("ravi", "Ravi Menon", frozenset({Role.REVIEWER})),
    Person("lena", "Lena Fischer", frozenset({Role.REVIEWER}), lines=frozenset({"expedited"})),
    Person("omar", "Omar Haddad", frozenset({Role.REVIEWER}), may_open_sensitive=True),
    Person("sena", "Sena Okafor", frozenset({Role.SENIOR}), may_open_sensitive=True),
    Person("supa", "Supa Lindqvist", frozenset({Role.SUPERVISOR}), may_open_sensitive=True),
    Person("adam", "Adam Novak", frozenset({Role.ADMIN})),
    Person("auda", "Auda Petit", frozenset({Role.AUDITOR})),
)


@dataclass(frozen=True)
class ServedReview:
    """The site, the address of its server, and who is signed in where."""

    site: Site
    url: str
    sign_in: SignIn
    clients: contextlib.ExitStack = field(repr=False)


@contextlib.contextmanager
def serving_review(
    site: Site, sign_in: SignIn | None = None, everybody: Sequence[Person] = PEOPLE, proxies: str = ""
) -> Iterator[ServedReview]:
    """The API and the review site, as `pigeonhole serve` runs them; people are made where they are not."""
    rules = sign_in or SignIn()
    make_people(site, everybody)
    front = Front(make_app(site, rate_per_minute=60_000), make_review(site, rules, stopping := threading.Event()))
    server = uvicorn.Server(uvicorn_config(front, "127.0.0.1", 0, grace=2, proxies=proxies))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        with contextlib.ExitStack() as clients:
            yield ServedReview(site, url, rules, clients)
    finally:
        stopping.set()
        server.should_exit = True
        thread.join()


def make_people(site: Site, everybody: Sequence[Person] = PEOPLE) -> None:
    """They have no password: they are signed in by `token_for`."""
    with site.shelf.engine.begin() as connection:
        for person in everybody:
            people.add(connection, NewPerson(person))


def token_for(site: Site, name: str, hours: float = 12.0) -> str:
    """A session of this person, signed in completely: what the cookie holds."""
    with site.shelf.engine.begin() as connection:
        return sessions.begin(connection, name, "127.0.0.1", Stage.IN, timedelta(hours=hours))


def signed_client(served: ServedReview, name: str, *, accept: str = "application/json") -> httpx.Client:
    """A client signed in as this person, which sends Origin and the CSRF token as pages do; it follows no redirect.

    With `accept="text/html"` it is answered as a person is.
    """
    token = token_for(served.site, name)
    session = sessions.find(served.site.shelf.engine, token)
    assert session is not None
    headers = {"Accept": accept, "Origin": served.url, "X-CSRF-Token": session.csrf}
    client = httpx.Client(base_url=served.url, headers=headers, cookies={COOKIE: token}, timeout=30)
    return served.clients.enter_context(client)


def stranger(served: ServedReview, *, accept: str = "text/html") -> httpx.Client:
    """A client of nobody, whose posts come from pages of the site."""
    headers = {"Accept": accept, "Origin": served.url}
    return served.clients.enter_context(httpx.Client(base_url=served.url, headers=headers, timeout=30))


def playwright_cookie(served: ServedReview, name: str) -> dict[str, object]:
    """For `context.add_cookies([...])`: the browser is signed in as this person."""
    return {"name": COOKIE, "value": token_for(served.site, name), "url": served.url, "httpOnly": True}
