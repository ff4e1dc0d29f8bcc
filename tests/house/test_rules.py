"""The repository keeps the rules of the house, and each rule catches who breaks it."""

import subprocess
from pathlib import Path

import pytest

from tests.house.rules import RULES, Rule, Source

ROOT = Path(__file__).parents[2]
DOC = '"""Says what it is for."""\n'

#: For each rule: where the file stands, what breaks the rule, and what is like it and does not.
CASES = {
    "module_length": ("worker/a.py", DOC + "x = 1\n" * 300, DOC + "x = 1\n" * 299),
    "function_length": (
        "worker/a.py",
        DOC + "def f():\n" + "    g()\n" * 50,
        DOC + "def f():\n" + "    g()\n" * 49,
    ),
    "parameter_count": (
        "worker/a.py",
        DOC + "def f(a, b, c, d, *, e, f, g): return 1",
        DOC + "class A:\n    def f(self, a, b, c, d, *, e, f): return 1",
    ),
    "names": ("worker/a.py", DOC + "class PageManager:\n    x = 1", DOC + "def ink_in_common(): return manage()"),
    "module_docstring": ("worker/a.py", "x = 1", DOC),
    "no_skips": (
        "tests/unit/test_a.py",
        "import pytest\n@pytest.mark.skipif(True, reason='slow')\ndef test_a(): assert 1",
        "import pytest\ndef test_a(): assert skip",
    ),
    "no_mocks": ("tests/unit/test_a.py", "from unittest import mock", "from tests.builders import mockingbird"),
    "environment": (
        "worker/a.py",
        "import os\nx = os.environ['HOME']",
        "import os\nos.environ['OMP_THREAD_LIMIT'] = '1'",
    ),
    "no_any": ("worker/matching/a.py", "from typing import Any\nx: Any = 1", "x = any([])"),
    "no_clock": ("worker/domain/a.py", "x = datetime.now()", "x = now"),
    "no_stubs": (
        "worker/a.py",
        'def f():\n    """Later."""\n    raise NotImplementedError',
        "class P(Protocol):\n    def f(self) -> int: ...\ndef g(): return None",
    ),
    "comments": (
        "worker/a.py",
        "x = 1  # no" + "qa: BLE001",
        "x = 1  # noqa: BLE001  the edge of the process",
    ),
}
MORE_OFFENCES = [
    ("names", "worker/utils.py", DOC),
    ("names", "worker/common.py", DOC),
    ("names", "worker/common/pages.py", DOC),
    ("names", "worker/a.py", "def page_helpers(): return 1"),
    ("no_skips", "tests/a.py", "from pytest import importorskip"),
    ("no_skips", "tests/a.py", "import pytest\npytest.skip('no server')"),
    ("environment", "worker/a.py", "from os import getenv"),
    ("environment", "worker/a.py", "import os\nx = os.environ.get('A')"),
    ("comments", "worker/a.py", "x = 1  # type" + ": ignore"),
    ("comments", "worker/a.py", "x = 1  # TO" + "DO later"),
    ("no_stubs", "worker/a.py", "def f(): ..."),
]


def rule_named(name: str) -> Rule:
    return next(rule for rule in RULES if rule.__name__ == name)


def python_files() -> list[Path]:
    """What is or will be checked in: known to git, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.py"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    return sorted(Path(name) for name in set(listed.decode().split("\0")) if name and (ROOT / name).is_file())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_repository_keeps_the_rule(rule: Rule) -> None:
    sources = [Source(path, (ROOT / path).read_text("utf-8")) for path in python_files()]

    offences = [offence for source in sources for offence in rule(source)]

    assert len(sources) > 50
    assert not offences, "\n".join([rule.__doc__ or "", *offences])


def test_each_rule_is_proved() -> None:
    assert {rule.__name__ for rule in RULES} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_rule_catches_an_offender_and_nobody_else(name: str) -> None:
    path, offender, innocent = CASES[name]

    caught = list(rule_named(name)(Source(Path(path), offender)))
    let_go = list(rule_named(name)(Source(Path(path), innocent)))

    assert caught
    assert let_go == []


@pytest.mark.parametrize(("name", "path", "text"), MORE_OFFENCES)
def test_other_ways_to_offend_are_caught(name: str, path: str, text: str) -> None:
    assert list(rule_named(name)(Source(Path(path), text)))
