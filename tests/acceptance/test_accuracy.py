"""A drawn tray filed whole: nothing misfiled, nothing lost, and most of it without a person.

The trays are small, so these bounds catch a broken rule, not a small drift; `python -m bench.accuracy` measures.
"""

from pathlib import Path

import pytest

from bench.mailroom import draw_tray
from bench.reliability import bins_of
from bench.scoring import Score, read_rows, read_truth, score
from bench.stated import load
from bench.trust import ALL, chances_of
from tests.builders.command import run, tray


def filed(folder: Path, *, bundles: int, seed: int, only_traps: bool) -> Score:
    """Draws a tray, files it with the real command, and scores what pages.csv says."""
    draw_tray(folder / "tray", bundles, seed, requests=3000, only_traps=only_traps)
    line = tray(folder / "tray" / "scans", requests=folder / "tray" / "requests.csv", out=folder / "out")
    ended = run(line)
    assert ended.code == 0, ended.stderr
    return score(read_truth(folder / "tray" / "truth.json"), read_rows(folder / "out" / "pages.csv"))


@pytest.mark.parametrize(("bundles", "seed", "only_traps"), [(8, 90210, False), (6, 90211, True)])
def test_a_drawn_tray_is_filed_safely(tmp_path: Path, bundles: int, seed: int, *, only_traps: bool) -> None:
    found = filed(tmp_path, bundles=bundles, seed=seed, only_traps=only_traps)

    assert found.total.misfiled == 0
    assert (found.lost, found.doubled, found.strange_rows) == (0, 0, 0)
    assert found.total.touchless >= 0.75


def test_what_a_run_stated_of_its_pages_is_read_from_its_folder(tmp_path: Path) -> None:
    result = filed(tmp_path, bundles=2, seed=90212, only_traps=False)

    run = load(f"{tmp_path / 'tray'}:{tmp_path / 'out'}")

    told = chances_of([run])[ALL]
    assert len(run.stated) == len(run.pages) == result.total.pages
    assert {page.row.outcome for page in run.stated if page.ground in ("named", "follows")} == {"filed"}
    assert sum(found.pages for found in bins_of(told)) == len(told) > 0
    assert all(chance.is_right for chance in told if chance.probability > 0.99)
