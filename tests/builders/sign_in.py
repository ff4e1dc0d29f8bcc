"""Signing in as people do: forms with their hidden fields, codes of an authenticator, people with passwords."""

import html
import re
import time

import httpx
import pyotp
import sqlalchemy as sa

from worker import passwords, totp
from worker.db import audit_log, people, recovery_codes
from worker.db.audit_log import Logged
from worker.db.people import NewPerson
from worker.db.people_tables import PEOPLE, SESSIONS
from worker.domain.person import Person, Role
from worker.pipeline.site import Site

PASSWORD = "stapler gravel moonlit"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PIA = Person("pia", "Pia Berg", frozenset({Role.REVIEWER}))


def new_person(site: Site, person: Person = PIA, password: str = PASSWORD) -> str:
    """Somebody who was just added: the initial password must be changed, the second factor set up."""
    with site.shelf.engine.begin() as connection:
        people.add(connection, NewPerson(person, passwords.hashed(password)))
    return password


def ready_person(site: Site, person: Person = PIA) -> tuple[str, ...]:
    """Somebody whose password is PASSWORD and whose authenticator has SECRET; returns the recovery codes."""
    new_person(site, person)
    with site.shelf.engine.begin() as connection:
        people.set_password(connection, person.name, passwords.hashed(PASSWORD), is_initial=False)
        people.set_totp(connection, person.name, SECRET)
        return recovery_codes.renew(connection, person.name)


def code_now(secret: str = SECRET, steps: int = 0) -> str:
    """What the authenticator shows, or `steps` later. Just before it changes we wait, or tests would flicker."""
    if time.time() % totp.STEP > totp.STEP - 1:
        time.sleep(1.1)
    return pyotp.TOTP(secret).generate_otp(int(time.time()) // totp.STEP + steps)


def field(answer: httpx.Response, name: str = "csrf") -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text)
    assert found, answer.text[:500]
    return html.unescape(found[1])


def submit(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    """Load the page's form, fill it in and send it."""
    return client.post(path, data={"csrf": field(client.get(path)), **fields})


def give_password(client: httpx.Client, name: str = "pia", password: str = PASSWORD, **more: str) -> httpx.Response:
    """The first form, which has no token yet."""
    return client.post("/login", data={"name": name, "password": password, **more})


def log_of(site: Site) -> list[Logged]:
    """The whole audit log."""
    return list(audit_log.load(site.shelf.engine))


def actions_of(site: Site) -> list[str]:
    """What is in the audit log, in order."""
    return [row.entry.action for row in log_of(site)]


def set_person(site: Site, name: str, **values: object) -> None:
    """Change a person's row."""
    with site.shelf.engine.begin() as connection:
        connection.execute(sa.update(PEOPLE).where(PEOPLE.c.name == name).values(**values))


def set_sessions(site: Site, name: str, **values: object) -> None:
    """Change the sessions of a person."""
    with site.shelf.engine.begin() as connection:
        connection.execute(sa.update(SESSIONS).where(SESSIONS.c.name == name).values(**values))
