"""`pigeonhole learn calibration` as a supervisor runs it."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.builders.busy_week import add_opinion, decision
from tests.builders.command import Ended, command, run
from worker.db.tables import DOCUMENTS
from worker.domain.decision import Outcome
from worker.domain.review import ItemKind
from worker.wiring import open_site


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A site whose machine was too sure of itself: a tenth of what it gave 99.8 % was another's."""
    site = open_site(tmp_path / "home")
    with site.shelf.engine.begin() as connection:
        connection.execute(sa.insert(DOCUMENTS).values(sha256="a" * 64, size=1, stage="filed", pages=200))
        for page in range(1, 201):
            truth = "R2" if page % 10 == 0 else "R1"
            add_opinion(
                connection, "a" * 64, "routine", page, site.now(), kind=ItemKind.EXCEPTION, request_id=truth,
                before=decision(page, Outcome.REVIEW),
            )  # fmt: skip
    site.shelf.engine.dispose()
    return tmp_path / "home"


def learn(home: Path, *more: str) -> Ended:
    return run(command("learn", "calibration", "--home", home, *more))


def test_it_shows_first_and_writes_only_when_told(home: Path) -> None:
    shown = learn(home)
    was_written = (home / "calibration.json").exists()

    applied = learn(home, "--apply", "--json")

    told = json.loads(applied.stdout)
    written = json.loads((home / "calibration.json").read_text())
    assert shown.code == applied.code == 0, shown.stderr + applied.stderr
    assert "200 labelled cases" in shown.stdout
    assert "Nothing was changed" in shown.stdout
    assert not was_written
    assert (told["cases"], told["applied"], told["is_laxer"]) == (200, True, False)
    assert written["slope"] == told["slope"]
    assert 0.85 < told["table"][-1]["after"] < 0.97


def test_laxer_only_when_allowed(home: Path) -> None:
    allowed = json.loads(learn(home, "--allow-laxer", "--json").stdout)

    kept = json.loads(learn(home, "--json").stdout)

    assert (allowed["is_laxer"], kept["is_laxer"]) == (True, False)


def test_too_few_cases_are_told_in_a_sentence(tmp_path: Path) -> None:
    home = tmp_path / "empty"

    ended = learn(home)

    assert ended.code == 5
    assert ended.stderr.startswith("pigeonhole: 0 labelled case(s) are too few")
    assert "Traceback" not in ended.stderr
