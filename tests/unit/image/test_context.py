"""A build sees what .dockerignore lets through, the last line that matches deciding."""

from pathlib import Path

from tests.image.context import context_files

RULES = """\
# everything but
*
!worker
!scripts/one
**/__pycache__
"""


def test_the_last_rule_that_matches_decides(tmp_path: Path) -> None:
    names = ["worker/a.py", "worker/deep/b.py", "worker/deep/__pycache__/b.pyc", "scripts/one", "scripts/two", ".env"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".dockerignore").write_text(RULES, "utf-8")

    seen = {str(path) for path in context_files(tmp_path)}

    assert seen == {"worker/a.py", "worker/deep/b.py", "scripts/one"}


def test_the_checkout_gives_away_no_more_than_it_must() -> None:
    root = Path(__file__).parents[3]

    seen = {path.parts[0] for path in context_files(root)}

    assert seen == {"pyproject.toml", "README.md", "requirements.lock", "scripts", "worker"}
