"""What the sweep tidies up: answers that nobody will ask for again."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from worker.db import answers
from worker.db.answers import KEPT, Question
from worker.db.tables import ANSWERS
from worker.wiring import open_shelf


def test_answers_are_forgotten_after_their_time(tmp_path: Path) -> None:
    engine = open_shelf(tmp_path).engine
    old, fresh = Question("k", "old", "f"), Question("k", "fresh", "f")
    for question in (old, fresh):
        assert answers.claim(engine, question) is None
        answers.save(engine, question, "{}")
    with engine.begin() as connection:
        is_old = ANSWERS.c.idempotency_key == "old"
        connection.execute(sa.update(ANSWERS).where(is_old).values(created_at=_before(connection)))

    assert answers.forget(engine) == 1

    assert answers.claim(engine, old) is None
    assert answers.claim(engine, fresh) is not None


def _before(connection: sa.Connection) -> object:
    created = connection.execute(sa.select(ANSWERS.c.created_at).limit(1)).scalar_one()
    return created - KEPT - timedelta(days=1)
