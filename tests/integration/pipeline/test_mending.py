"""Tasks that are missing, which should never be: the sweep adds them."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from tests.builders.desk import SURE, desk, hands, stages, take_in, work_on
from tests.builders.fake_reader import LONG, LONG_PAGES, FakeReader
from worker.db import ledger, tasks, waiting
from worker.db.tables import TASKS
from worker.domain.document import Stage
from worker.domain.task import Step
from worker.pipeline.give_out import Shelf
from worker.pipeline.work import work_once

LEASE = timedelta(seconds=60)
SURE_BUT_LONG = f"{LONG}\n{SURE}"


def test_a_task_that_is_missing_is_mended(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {"1": SURE})
    lost = tasks.claim(shelf.engine, [Step.OPEN], "me", LEASE)
    assert lost is not None
    with shelf.engine.begin() as connection:
        assert tasks.finish(connection, lost)
    assert ledger.load_accounts(shelf.engine)[0].problem

    assert waiting.mend(shelf.engine) == 1

    work_on(hands(desk(shelf, FakeReader())))
    assert stages(shelf) == {"1": Stage.FILED}


def test_pages_that_nobody_is_to_read_are_mended(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {"1": SURE_BUT_LONG})
    worker = hands(desk(shelf, FakeReader()))
    assert work_once(worker, [Step.OPEN])
    assert work_once(worker, [Step.READ])
    with shelf.engine.begin() as connection:
        connection.execute(sa.delete(TASKS))

    assert waiting.mend(shelf.engine) == 1

    work_on(worker)
    assert stages(shelf) == {"1": Stage.FILED}
    assert ledger.load_accounts(shelf.engine)[0].rows == LONG_PAGES
