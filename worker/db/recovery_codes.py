"""Recovery codes: each gets its person in once, when the second factor is lost."""

import hashlib
import secrets

import sqlalchemy as sa

from worker.db import tasks
from worker.db.engine import reading
from worker.db.people_tables import RECOVERY_CODES

#: So many are made at a time. 16 characters of 32 are 80 bits: a plain hash protects what is stored.
NUMBER, LENGTH = 10, 16
#: Letters and digits, without those that are mistaken for others.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def renew(connection: sa.Connection, name: str) -> tuple[str, ...]:
    """New ones, which are stored nowhere and can be shown only now; those before are good no more."""
    remove(connection, name)
    codes = tuple("".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(NUMBER))
    rows = [{"code_sha256": _digest(name, code), "name": name} for code in codes]
    connection.execute(sa.insert(RECOVERY_CODES), rows)
    return tuple("-".join(code[start : start + 4] for start in range(0, LENGTH, 4)) for code in codes)


def use(connection: sa.Connection, name: str, code: str) -> bool:
    """Take this code, once; False when it is not one of this person's, or was taken before."""
    query = sa.update(RECOVERY_CODES).where(
        RECOVERY_CODES.c.code_sha256 == _digest(name, code),
        RECOVERY_CODES.c.name == name,
        RECOVERY_CODES.c.used_at.is_(None),
    )
    return connection.execute(query.values(used_at=tasks.clock(connection))).rowcount == 1


def count_left(engine: sa.Engine, name: str) -> int:
    """How many of this person's are still good."""
    query = sa.select(sa.func.count()).where(RECOVERY_CODES.c.name == name, RECOVERY_CODES.c.used_at.is_(None))
    with reading(engine) as connection:
        return connection.execute(query).scalar_one()


def remove(connection: sa.Connection, name: str) -> None:
    """None of this person's is good any more."""
    connection.execute(sa.delete(RECOVERY_CODES).where(RECOVERY_CODES.c.name == name))


def _digest(name: str, code: str) -> str:
    """Written in any way: with blanks, dashes or small letters."""
    plain = "".join(letter for letter in code.upper() if letter in LETTERS)
    return hashlib.sha256(f"{name}:{plain}".encode()).hexdigest()
