"""Idempotency keys: what is sent again with the same key is answered as before, and recorded once."""

import contextlib
import time
from collections.abc import Callable

import sqlalchemy as sa

from worker.api.problems import ProblemError
from worker.db import answers
from worker.db.answers import Question
from worker.errors import PigeonholeError

#: Seconds to wait for somebody who is answering the same, and between two looks.
WAIT, LOOK_AGAIN = 10.0, 0.1
#: Seconds after which a client may ask again.
RETRY_AFTER = 5


def answer_once(engine: sa.Engine, question: Question, work: Callable[[], str]) -> tuple[str, bool]:
    """The answer, and whether it was given before. `work` is done by one caller at a time, and not again once it was.

    Raises ProblemError 409 when the key came with something else, or another is still at work on it.
    """
    known = _claim(engine, question)
    if known is not None:
        return known, True
    try:
        answer = work()
    except BaseException:
        with contextlib.suppress(sa.exc.SQLAlchemyError, PigeonholeError):
            answers.release(engine, question)
        raise
    answers.save(engine, question, answer)
    return answer, False


def _claim(engine: sa.Engine, question: Question) -> str | None:
    until = time.monotonic() + WAIT
    while True:
        known = answers.claim(engine, question)
        if known is None:
            return None
        if known.fingerprint != question.fingerprint:
            raise ProblemError(409, "key-reused", "This Idempotency-Key came with something else: take a new one.")
        if known.answer:
            return known.answer
        if time.monotonic() > until:
            message = "The same upload is still being taken in: ask again."
            raise ProblemError(409, "in-progress", message, headers={"Retry-After": str(RETRY_AFTER)})
        time.sleep(LOOK_AGAIN)
