"""Sessions of the review site: each is known by the hash of the random number in its cookie."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from worker.db import tasks
from worker.db.engine import reading
from worker.db.people import person_of
from worker.db.people_tables import PEOPLE, SESSIONS
from worker.domain.person import Person

#: Random bytes of a session: 256 bits cannot be guessed, so a plain hash protects what is stored.
TOKEN_BYTES = 32
#: How long a sign-in may take.
SIGN_IN_TIME = timedelta(minutes=10)


class Stage(StrEnum):
    """What a session still needs."""

    TOTP = "totp"
    """A code of the second factor."""
    PASSWORD = "password"
    """A password of the person's own."""
    ENROL = "enrol"
    """A second factor."""
    IN = "in"
    """Nothing: the person is signed in."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it is `now`, by the database's clock. `data` is what a sign-in in progress must remember."""

    token_sha256: str
    person: Person
    stage: Stage
    csrf: str = field(repr=False)
    address: str
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    now: datetime
    data: Mapping[str, str] = field(repr=False)

    def idle_left(self, idle: timedelta) -> timedelta:
        """How long until it ends for want of a sign of life."""
        return self.seen_at + idle - self.now

    def left(self, idle: timedelta) -> timedelta:
        """How long until it ends, one way or the other. Negative: it has ended."""
        return min(self.idle_left(idle), self.ends_at - self.now)


def begin(
    connection: sa.Connection,
    name: str,
    address: str,
    stage: Stage,
    length: timedelta = SIGN_IN_TIME,
    data: Mapping[str, str] | None = None,
) -> str:
    """A new session; returns the number for the cookie, which is stored nowhere."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = tasks.clock(connection)
    values = {
        "token_sha256": digest(token),
        "name": name,
        "stage": stage.value,
        "csrf": secrets.token_urlsafe(TOKEN_BYTES),
        "address": address,
        "created_at": now,
        "seen_at": now,
        "ends_at": now + length,
        "data": json.dumps(dict(data or {})),
    }
    connection.execute(sa.insert(SESSIONS).values(values))
    return token


def find(engine: sa.Engine, token: str) -> Session | None:
    """The session of this cookie, over or not; None where there is none, or its person is disabled."""
    return find_hashed(engine, digest(token))


def find_hashed(engine: sa.Engine, token_sha256: str) -> Session | None:
    """The session of this hash; see `find`."""
    query = _sessions().where(SESSIONS.c.token_sha256 == token_sha256)
    with reading(engine) as connection:
        row = connection.execute(query).one_or_none()
        return None if row is None else _session(row, tasks.clock(connection))


def touch(engine: sa.Engine, token_sha256: str) -> None:
    """A sign of life."""
    with engine.begin() as connection:
        query = sa.update(SESSIONS).where(SESSIONS.c.token_sha256 == token_sha256)
        connection.execute(query.values(seen_at=tasks.clock(connection)))


def remember(connection: sa.Connection, token_sha256: str, data: Mapping[str, str]) -> None:
    """What a sign-in in progress must remember, instead of what it remembered."""
    query = sa.update(SESSIONS).where(SESSIONS.c.token_sha256 == token_sha256)
    connection.execute(query.values(data=json.dumps(dict(data))))


def end(connection: sa.Connection, token_sha256: str) -> bool:
    """It is over; False when somebody was first."""
    return connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.token_sha256 == token_sha256)).rowcount == 1


def end_all(connection: sa.Connection, name: str, but: str = "") -> int:
    """All sessions of this person are over, but for the one of this hash. Returns how many."""
    query = sa.delete(SESSIONS).where(SESSIONS.c.name == name, SESSIONS.c.token_sha256 != but)
    return connection.execute(query).rowcount


def load_all(engine: sa.Engine, name: str) -> tuple[Session, ...]:
    """The sessions in which this person is signed in, the newest first."""
    query = _sessions().where(SESSIONS.c.name == name, SESSIONS.c.stage == Stage.IN.value)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(SESSIONS.c.created_at.desc())).all()
        now = tasks.clock(connection)
        return tuple(_session(row, now) for row in rows)


def is_any_left(connection: sa.Connection, name: str, idle: timedelta) -> bool:
    """This person is signed in somewhere."""
    now = tasks.clock(connection)
    alive = (SESSIONS.c.seen_at > now - idle, SESSIONS.c.ends_at > now, SESSIONS.c.stage == Stage.IN.value)
    query = sa.select(SESSIONS.c.name).where(SESSIONS.c.name == name, *alive).limit(1)
    return connection.execute(query).one_or_none() is not None


def load_overdue(engine: sa.Engine, idle: timedelta, most: int = 100) -> tuple[Session, ...]:
    """Sessions that have ended and that nobody has ended: their browsers were closed. Disabled people have none."""
    with reading(engine) as connection:
        now = tasks.clock(connection)
        over = sa.or_(SESSIONS.c.seen_at <= now - idle, SESSIONS.c.ends_at <= now)
        rows = connection.execute(_sessions().where(over).limit(most))
        return tuple(_session(row, now) for row in rows)


def digest(token: str) -> str:
    """What is stored of a session's number."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _sessions() -> sa.Select[tuple[object, ...]]:
    """Sessions with their people, unless those are disabled."""
    of_people = (column for column in PEOPLE.c if column.name not in SESSIONS.c)
    joined = sa.select(*SESSIONS.c, *of_people).join(PEOPLE, PEOPLE.c.name == SESSIONS.c.name)
    return joined.where(PEOPLE.c.disabled_at.is_(None))


def _session(row: sa.Row[tuple[object, ...]], now: datetime) -> Session:
    values = row._mapping  # Row's documented access by name
    return Session(
        token_sha256=values["token_sha256"],
        person=person_of(row),
        stage=Stage(values["stage"]),
        csrf=values["csrf"],
        address=values["address"],
        created_at=values["created_at"],
        seen_at=values["seen_at"],
        ends_at=values["ends_at"],
        now=now,
        data=json.loads(values["data"]),
    )
