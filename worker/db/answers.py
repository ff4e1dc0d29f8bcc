"""Answers that were given to uploads with an idempotency key, so that the same again gets the same answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from worker.db import tasks
from worker.db.engine import insert_if_missing, reading
from worker.db.tables import ANSWERS

#: Who holds a key for longer without an answer has died: the next one may try.
PATIENCE = timedelta(seconds=60)
#: How long an idempotency key is good for.
KEPT = timedelta(days=30)
#: What stands in the row until there is an answer.
NONE_YET = ""


@dataclass(frozen=True, slots=True)
class Question:
    """An upload that can be recognised: the API key's name, its own idempotency key, a SHA-256 of all that was sent."""

    key_name: str
    idempotency_key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a question: `answer` is empty while another is at work on it."""

    fingerprint: str
    answer: str


def forget(engine: sa.Engine) -> int:
    """Remove what nobody will ask again: `docs/api.md` promises a key for KEPT. Returns how many."""
    with engine.begin() as connection:
        old = tasks.clock(connection) - KEPT
        return connection.execute(sa.delete(ANSWERS).where(ANSWERS.c.created_at < old)).rowcount


def claim(engine: sa.Engine, question: Question) -> Known | None:
    """Take the question on, or say what is known of it. None: the caller must `save` an answer, or `release` it."""
    with engine.begin() as connection:
        now = tasks.clock(connection)
        values = {
            "key_name": question.key_name,
            "idempotency_key": question.idempotency_key,
            "fingerprint": question.fingerprint,
            "answer": NONE_YET,
            "created_at": now,
        }
        if insert_if_missing(connection, ANSWERS, values):
            return None
        row = connection.execute(sa.select(ANSWERS).where(_is(question))).one()
        if row.fingerprint == question.fingerprint and row.answer == NONE_YET and _is_left(row.created_at, now):
            taken = sa.update(ANSWERS).where(_is(question), ANSWERS.c.created_at == row.created_at)
            if connection.execute(taken.values(created_at=now)).rowcount == 1:
                return None
        return Known(row.fingerprint, row.answer)


def find(engine: sa.Engine, question: Question) -> Known | None:
    """What is known of the question; None: nobody has it."""
    with reading(engine) as connection:
        row = connection.execute(sa.select(ANSWERS).where(_is(question))).one_or_none()
        return None if row is None else Known(row.fingerprint, row.answer)


def save(engine: sa.Engine, question: Question, answer: str) -> None:
    """The answer, for all who ask the same again."""
    with engine.begin() as connection:
        connection.execute(sa.update(ANSWERS).where(_is(question)).values(answer=answer))


def release(engine: sa.Engine, question: Question) -> None:
    """There will be no answer this time: the next one may try."""
    with engine.begin() as connection:
        connection.execute(sa.delete(ANSWERS).where(_is(question), ANSWERS.c.answer == NONE_YET))


def _is(question: Question) -> sa.ColumnElement[bool]:
    return sa.and_(ANSWERS.c.key_name == question.key_name, ANSWERS.c.idempotency_key == question.idempotency_key)


def _is_left(created_at: datetime, now: datetime) -> bool:
    """Also what was written before the clock was set back."""
    return abs(now - created_at) > PATIENCE
