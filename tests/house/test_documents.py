"""What the documents tell a reader to type exists, their links lead somewhere, and their exit codes are real."""

import importlib.util
import os
import re
from pathlib import Path

import pytest

from worker.cli.commands import COMMANDS
from worker.errors import ExitCode

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "ARCHITECTURE.md",
    "samples/README.md",
    "docs/operations.md",
    "docs/accuracy.md",
)
#: Code in backticks or indented as a block, where commands stand.
CODE = re.compile(r"`([^`\n]+)`|^(?: {4}|\t)(.+)$", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def code_in(text: str) -> list[str]:
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [a or b for a, b in CODE.findall(text)] + [line for block in fenced for line in block.splitlines()]


def unknown_commands(text: str) -> list[str]:
    """The commands in a document's code that do not exist here."""
    return [problem for line in code_in(text) for problem in _problems(line.strip().removeprefix("$ "))]


def _problems(line: str) -> list[str]:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    problems = [f"make {t}" for t in re.findall(r"^make ([a-z-]+)", line) if t not in targets]
    modules = [m for m in re.findall(r"\bpython3? -m ([\w.]+)", line) if m.split(".")[0] in {"worker", "bench"}]
    problems += [f"python -m {m}" for m in modules if importlib.util.find_spec(m) is None]
    scripts = re.findall(r"(?:^|\s)((?:scripts|\.ci)/[\w-]+)", line)
    problems += [name for name in scripts if not os.access(ROOT / name, os.X_OK)]
    return problems + [
        f"pigeonhole {c}" for c in re.findall(r"^pigeonhole ([a-z][a-z-]*)", line) if c not in _commands()
    ]


def _commands() -> set[str]:
    return {command.name for command in COMMANDS}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_in_the_documents_exist(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")

    assert unknown_commands(text) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_in_the_documents_lead_somewhere(name: str) -> None:
    document = ROOT / name

    links = LINK.findall(document.read_text("utf-8"))

    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_readme_has_the_two_commands_and_every_exit_code() -> None:
    text = (ROOT / "README.md").read_text("utf-8")

    commands = [command for command in ("make demo", "make test") if command in "\n".join(code_in(text))]
    codes = {int(code) for code in re.findall(r"^\|\s*(\d+)\s*\|", text, re.MULTILINE)}

    assert commands == ["make demo", "make test"]
    assert codes == {int(code) for code in ExitCode}


def test_unknown_commands_are_found() -> None:
    text = "Run `make nothing`\n\n    pigeonhole juggle --now\n\n```\npython -m bench.nothing\nscripts/nothing\n```\n"

    found = unknown_commands(text)

    assert found == ["make nothing", "pigeonhole juggle", "python -m bench.nothing", "scripts/nothing"]
