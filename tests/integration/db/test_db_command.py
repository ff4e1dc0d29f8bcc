"""`pigeonhole db` as an operator runs it, on both databases."""

import os
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa

from tests.builders.old_database import make_old
from worker.db.engine import HEAD

ROOT = Path(__file__).parents[3]
PROGRAM = "from worker.cli.db import db_app; db_app()"


def run(command: str, url: str, home: Path) -> subprocess.CompletedProcess[str]:
    """The server's address from the environment, SQLite's file in the home folder."""
    environment = {**os.environ, "PIGEONHOLE_DATABASE_URL": url} if url.startswith("postgresql") else dict(os.environ)
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, command, "--home", str(home)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_old_tables_are_told_and_brought_up_to_date_once(empty_url: str, tmp_path: Path) -> None:
    make_old(empty_url)

    before = run("version", empty_url, tmp_path)
    upgrades = [run("upgrade", empty_url, tmp_path) for _ in range(2)]
    after = run("version", empty_url, tmp_path)

    assert (before.returncode, before.stdout) == (1, f"program {HEAD}, tables 0001\n")
    assert [done.returncode for done in upgrades] == [0, 0]
    assert (after.returncode, after.stdout) == (0, f"program {HEAD}, tables {HEAD}\n")


def test_upgrade_makes_what_is_missing_and_version_makes_nothing(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"

    version = run("version", "", home)
    is_made = home.exists()
    upgrade = run("upgrade", "", home)

    assert version.stdout == f"program {HEAD}, tables none yet\n"
    assert not is_made
    assert upgrade.returncode == 0
    with sa.create_engine(f"sqlite:///{home / 'pigeonhole.db'}").connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM documents")).scalar_one() == 0
