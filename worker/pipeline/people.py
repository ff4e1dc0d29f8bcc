"""Adding, disabling and resetting people: each is changed and put on record in one transaction.

The command line and the site do it alike. What a person had open ends at once when that person loses something.
"""

import re
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from worker import passwords
from worker.db import audit_log, people, recovery_codes, review_items, sessions
from worker.db.people import NewPerson
from worker.domain.audit import Entry
from worker.domain.person import Person, Role
from worker.errors import BadSettingsError

#: Names are words in columns and logs.
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
LONGEST_DISPLAY_NAME = 100


@dataclass(frozen=True, slots=True)
class By:
    """Who does it: a signed-in admin, or nobody who is known, on the command line; `detail` says more."""

    name: str
    address: str
    detail: dict[str, object] = field(default_factory=dict)


class NoSuchPersonError(BadSettingsError):
    """Nobody has this name, or it is as wanted already."""


class BadPersonError(BadSettingsError):
    """A name or a right that cannot be. The message says what to do."""


def checked(person: Person) -> Person:
    """The person, as it is stored. Raises BadPersonError."""
    name, display_name = person.name.strip().lower(), " ".join(person.display_name.split())
    if not NAME.fullmatch(name):
        raise BadPersonError("a name to sign in with has up to 64 letters, digits, dots, - and _, and no blanks")
    if len(display_name) > LONGEST_DISPLAY_NAME or not (display_name or name).isprintable():
        raise BadPersonError(f"a display name has up to {LONGEST_DISPLAY_NAME} characters, all of them visible")
    if not person.roles:
        raise BadPersonError("give one role at least: " + ", ".join(Role))
    return replace(person, name=name, display_name=display_name or name)


def add(engine: sa.Engine, by: By, person: Person, password: str = "", oidc_subject: str = "") -> str:
    """Add somebody. Returns the initial password, made here unless it is given; empty for who has OIDC alone.

    Raises BadPersonError.
    """
    person = checked(person)
    initial = password or ("" if oidc_subject else passwords.generate())
    if initial and (why := passwords.objection(initial, person.name)):
        raise BadPersonError(f"the initial password cannot be taken. {why}")
    new = NewPerson(person, passwords.hashed(initial) if initial else None, oidc_subject or None)
    with engine.begin() as connection:
        if not people.add(connection, new):
            raise BadPersonError(f"there is or was somebody named {person.name!r}, or with this OIDC subject")
        _record(connection, by, "people_add", person.name, **_rights(person), oidc=bool(oidc_subject))
    return initial


def change(engine: sa.Engine, by: By, person: Person) -> None:
    """Set display name and rights, from the next request on. Raises BadPersonError and NoSuchPersonError."""
    person = checked(person)
    with engine.begin() as connection:
        _expect(people.change(connection, person), person.name)
        _record(connection, by, "people_change", person.name, **_rights(person))


def disable(engine: sa.Engine, by: By, name: str) -> None:
    """Let this person in no more, from now on. Raises NoSuchPersonError."""
    with engine.begin() as connection:
        _expect(people.disable(connection, name), name)
        _record(connection, by, "people_disable", name, sessions=sessions.end_all(connection, name))
    review_items.release_all(engine, name)


def enable(engine: sa.Engine, by: By, name: str) -> None:
    """Let this person in again, as before. Raises NoSuchPersonError."""
    with engine.begin() as connection:
        _expect(people.enable(connection, name), name)
        _record(connection, by, "people_enable", name)


def reset_password(engine: sa.Engine, by: By, name: str, password: str = "") -> str:
    """A new initial password, made here unless it is given; what was locked is open. Returns it.

    Raises BadPersonError and NoSuchPersonError.
    """
    initial = password or passwords.generate()
    if why := passwords.objection(initial, name):
        raise BadPersonError(f"the initial password cannot be taken. {why}")
    hashed = passwords.hashed(initial)
    with engine.begin() as connection:
        _expect(people.set_password(connection, name, hashed, is_initial=True), name)
        _record(connection, by, "people_reset_password", name, sessions=sessions.end_all(connection, name))
    return initial


def reset_totp(engine: sa.Engine, by: By, name: str) -> None:
    """The second factor is set up anew at the next sign-in; recovery codes are good no more.

    Raises NoSuchPersonError.
    """
    with engine.begin() as connection:
        _expect(people.set_totp(connection, name, None), name)
        recovery_codes.remove(connection, name)
        _record(connection, by, "people_reset_totp", name, sessions=sessions.end_all(connection, name))


def _expect(is_done: bool, name: str) -> None:
    if not is_done:
        raise NoSuchPersonError(f"there is nobody named {name!r} to whom this applies: see pigeonhole users list")


def _record(connection: sa.Connection, by: By, action: str, name: str, **detail: object) -> None:
    audit_log.add(connection, Entry(by.name, by.address, action, detail={"name": name, **by.detail, **detail}))


def _rights(person: Person) -> dict[str, object]:
    return {
        "roles": people.words(person.roles),
        "lines": people.words(person.lines),
        "may_open_sensitive": person.may_open_sensitive,
    }
