"""Those who sign in to the review site: who they are, what they may do, how they prove it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from worker.db import tasks
from worker.db.engine import insert_if_missing, reading
from worker.db.people_tables import PEOPLE
from worker.domain.person import Person, Role

#: Failures after which nobody gets in under this name for a while.
MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Account:
    """A person, with what is known of the ways to sign in. Without `password_hash`: by OIDC alone."""

    person: Person
    password_hash: str | None = field(repr=False)
    must_change_password: bool
    totp_secret: str | None = field(repr=False)
    oidc_subject: str | None
    failures: int
    locked_until: datetime | None
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who is added, with a password or with what the OIDC provider calls that person, or both."""

    person: Person
    password_hash: str | None = field(default=None, repr=False)
    oidc_subject: str | None = None


def add(connection: sa.Connection, new: NewPerson) -> bool:
    """False when the name is taken. An initial password has to be changed at the first sign-in."""
    values = {
        "name": new.person.name,
        **_rights(new.person),
        "password_hash": new.password_hash,
        "must_change_password": new.password_hash is not None,
        "oidc_subject": new.oidc_subject,
        "created_at": tasks.clock(connection),
    }
    return insert_if_missing(connection, PEOPLE, values)


def find(engine: sa.Engine, name: str) -> Account | None:
    """The account of this name, disabled or not."""
    return _find(engine, PEOPLE.c.name == name)


def find_subject(engine: sa.Engine, subject: str) -> Account | None:
    """The account that the OIDC provider knows by this subject."""
    return _find(engine, PEOPLE.c.oidc_subject == subject)


def load_all(engine: sa.Engine) -> tuple[Account, ...]:
    """Everybody who was ever added, by name."""
    with reading(engine) as connection:
        return tuple(_account(row) for row in connection.execute(sa.select(PEOPLE).order_by(PEOPLE.c.name)))


def change(connection: sa.Connection, person: Person) -> bool:
    """Set the display name and the rights; False when nobody has this name."""
    return _set(connection, person.name, **_rights(person))


def disable(connection: sa.Connection, name: str) -> bool:
    """This person gets in no more; False when that is so already, or nobody has this name."""
    query = sa.update(PEOPLE).where(PEOPLE.c.name == name, PEOPLE.c.disabled_at.is_(None))
    return connection.execute(query.values(disabled_at=tasks.clock(connection))).rowcount == 1


def enable(connection: sa.Connection, name: str) -> bool:
    """This person gets in again; False when that is so already, or nobody has this name."""
    query = sa.update(PEOPLE).where(PEOPLE.c.name == name, PEOPLE.c.disabled_at.is_not(None))
    return connection.execute(query.values(disabled_at=None)).rowcount == 1


def set_password(connection: sa.Connection, name: str, password_hash: str, *, is_initial: bool) -> bool:
    """A new password; an initial one has to be changed. What was locked is open again if it is initial."""
    more: dict[str, object] = {"failures": 0, "locked_until": None} if is_initial else {}
    return _set(connection, name, password_hash=password_hash, must_change_password=is_initial, **more)


def set_totp(connection: sa.Connection, name: str, secret: str | None, step: int = 0) -> bool:
    """A second factor, first used at `step`; None: it has to be set up anew."""
    return _set(connection, name, totp_secret=secret, totp_last_step=step)


def use_step(connection: sa.Connection, name: str, step: int) -> bool:
    """Take the code of this step; False when it, or a later one, was taken before: a code is good once."""
    query = sa.update(PEOPLE).where(PEOPLE.c.name == name, PEOPLE.c.totp_last_step < step)
    return connection.execute(query.values(totp_last_step=step)).rowcount == 1


def attempt(connection: sa.Connection, name: str) -> Account | None:
    """Count a try before it is judged, so that many at once are no more than one after the other.

    None: there is no such person, or it is disabled or locked. The fifth locks; who was right calls `forgive` or
    `clear` then.
    """
    query = sa.select(PEOPLE).where(PEOPLE.c.name == name, PEOPLE.c.disabled_at.is_(None)).with_for_update()
    row = connection.execute(query).one_or_none()
    now = tasks.clock(connection)
    if row is None or (row.locked_until is not None and row.locked_until > now):
        return None
    failures = 1 if row.locked_until is not None else row.failures + 1
    locked_until = now + LOCKED_FOR if failures >= MOST_FAILURES else None
    _set(connection, name, failures=failures, locked_until=locked_until)
    return _account(connection.execute(sa.select(PEOPLE).where(PEOPLE.c.name == name)).one())


def forgive(connection: sa.Connection, name: str) -> None:
    """That one try was right, which says nothing of those before it."""
    _set(connection, name, failures=PEOPLE.c.failures - 1, locked_until=None)


def clear(connection: sa.Connection, name: str) -> None:
    """The person is in: no failures count any more."""
    _set(connection, name, failures=0, locked_until=None)


def words(items: Collection[str]) -> str:
    """As several words stand in a column."""
    return " ".join(sorted(items))


def person_of(row: sa.Row[tuple[object, ...]]) -> Person:
    """The person of a row of the table, or of a join with it."""
    values = row._mapping  # Row's documented access by name
    return Person(
        name=values["name"],
        display_name=values["display_name"],
        roles=frozenset(Role(role) for role in values["roles"].split()),
        lines=frozenset(values["lines"].split()),
        may_open_sensitive=values["may_open_sensitive"],
    )


def _rights(person: Person) -> dict[str, object]:
    return {
        "display_name": person.display_name,
        "roles": words(person.roles),
        "lines": words(person.lines),
        "may_open_sensitive": person.may_open_sensitive,
    }


def _find(engine: sa.Engine, condition: sa.ColumnElement[bool]) -> Account | None:
    with reading(engine) as connection:
        row = connection.execute(sa.select(PEOPLE).where(condition)).one_or_none()
    return None if row is None else _account(row)


def _set(connection: sa.Connection, name: str, **values: object) -> bool:
    return connection.execute(sa.update(PEOPLE).where(PEOPLE.c.name == name).values(**values)).rowcount == 1


def _account(row: sa.Row[tuple[object, ...]]) -> Account:
    values = row._mapping  # Row's documented access by name
    names = (
        "password_hash",
        "must_change_password",
        "totp_secret",
        "oidc_subject",
        "failures",
        "locked_until",
        "created_at",
        "disabled_at",
    )
    return Account(person_of(row), **{name: values[name] for name in names})
