"""Both databases, each with its folder: a test that uses a shelf runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from worker.db.engine import open_database
from worker.pipeline.give_out import Shelf
from worker.wiring import sole_shelf


@pytest.fixture(params=["sqlite", "postgresql"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    with sole_shelf(tmp_path / "out") as shelf:
        if request.param == "postgresql":
            engine = open_database(request.getfixturevalue("postgres_url"))
            yield replace(shelf, engine=engine)
            engine.dispose()
        else:
            yield shelf
