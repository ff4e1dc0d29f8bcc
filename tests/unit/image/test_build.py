"""Stages are built in folders: files come from the context or from earlier stages; a stage leaves its base alone."""

from pathlib import Path

import pytest

from tests.image.build import Build
from tests.image.dockerfile import UnknownStepError, parse
from tests.image.machine import Surroundings
from tests.image.root import Root

CONTEXT = {".dockerignore": "*\n!a.txt\n!lib", "a.txt": "a", "secret.txt": "s", "lib/deep/b.txt": "b"}


def pull(_image: str, path: Path) -> Root:
    (path / "from-the-image").touch()
    return Root(path)


@pytest.fixture
def build(tmp_path: Path) -> Build:
    for name, text in CONTEXT.items():
        (tmp_path / "context" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "context" / name).write_text(text, "utf-8")
    (tmp_path / "built").mkdir()
    return Build(tmp_path / "context", tmp_path / "built", pull, Surroundings({}, {}), lambda _said: None)


def files(root: Root) -> set[str]:
    return {str(path.relative_to(root.path)) for path in root.path.rglob("*") if path.is_file()}


def test_files_of_the_context_go_where_they_should(build: Build) -> None:
    built = build.run(parse("FROM some\nWORKDIR /w\nCOPY a.txt ./\nCOPY a.txt renamed\nCOPY lib/ lib/\n"))

    assert files(built.root) == {"from-the-image", "w/a.txt", "w/renamed", "w/lib/deep/b.txt"}
    assert built.settings.folder == "/w"


def test_a_stage_takes_over_its_base_and_changes_it_not(build: Build, tmp_path: Path) -> None:
    built = build.run(parse("FROM some AS base\nENV A=1\nFROM base AS later\nCOPY a.txt /a\nENV A=2\n"))

    assert files(built.root) == {"from-the-image", "a"}
    assert built.settings.env["A"] == "2"
    assert files(Root(tmp_path / "built/stage-base")) == {"from-the-image"}


def test_only_what_is_named_comes_from_another_stage(build: Build) -> None:
    built = build.run(parse("FROM some AS one\nCOPY lib /x/lib\nCOPY a.txt /y\nFROM some\nCOPY --from=one /x /x\n"))

    assert files(built.root) == {"from-the-image", "x/lib/deep/b.txt"}


@pytest.mark.parametrize("step", ["COPY secret.txt /", "COPY not-there /", "COPY --chown=a a.txt /", "COPY ../x /"])
def test_what_docker_would_not_copy_is_an_error(build: Build, step: str) -> None:
    with pytest.raises(UnknownStepError):
        build.run(parse(f"FROM some\n{step}\n"))
