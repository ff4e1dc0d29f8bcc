"""The locks are in step with pyproject.toml, hashed, and hold no index address; neither does anything else."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
OWN = re.compile(r"^([A-Za-z0-9._-]+)==.*?# via(.*?)(?=^[A-Za-z0-9]|\Z)", re.MULTILINE | re.DOTALL)
INDEX_ADDRESS = re.compile(
    r"--(extra-)?index-url|--find-links|--trusted-host|(?:extra-)?index-url\s*=|file:///"
    r"|https?://[^\s)\"']*(pypi|simple/|packages|/whl|devpi|artifactory|nexus)",
    re.IGNORECASE,
)
#: Says which options keep addresses out of the lock.
MAY_NAME_OPTIONS = {"tests/house/test_lock.py"}


def pinned(lock: str) -> dict[str, str]:
    return {canonicalize_name(name): version for name, version in PINNED.findall(lock)}


def wanted(*groups: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lines = list(project["project"]["dependencies"])
    for group in groups:
        lines += project["dependency-groups"][group]
    return [Requirement(line) for line in lines]


def out_of_step(requirements: list[Requirement], lock: str) -> list[str]:
    versions = pinned(lock)
    missing = [
        str(r) for r in requirements if not r.specifier.contains(versions.get(canonicalize_name(r.name), "0.dev0"))
    ]
    names = {canonicalize_name(r.name) for r in requirements}
    direct = {canonicalize_name(name) for name, via in OWN.findall(lock) if "pyproject.toml" in via}
    return missing + sorted(f"{name} is no longer wanted" for name in direct - names)


@pytest.mark.parametrize(
    ("lock", "groups"), [("requirements.lock", ["build"]), ("requirements-test.lock", ["build", "dev"])]
)
def test_the_lock_is_in_step(lock: str, groups: list[str]) -> None:
    text = (ROOT / lock).read_text("utf-8")

    differences = out_of_step(wanted(*groups), text)

    assert differences == [], "run scripts/lock"


def test_tests_run_with_the_versions_that_are_shipped() -> None:
    shipped = pinned((ROOT / "requirements.lock").read_text("utf-8"))
    tested = pinned((ROOT / "requirements-test.lock").read_text("utf-8"))

    assert len(shipped) > 20
    assert {name: tested.get(name) for name in shipped} == shipped


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_every_package_has_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")

    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]

    assert entries
    assert [entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_no_file_holds_an_index_address() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    names = [
        name for name in listed.decode().split("\0") if Path(name).suffix not in {".tif", ".pdf", ".png", ".csv", ".gz"}
    ]
    texts = {name: (ROOT / name).read_text("utf-8") for name in names if name and (ROOT / name).is_file()}

    holders = [name for name, text in texts.items() if name not in MAY_NAME_OPTIONS and INDEX_ADDRESS.search(text)]

    assert holders == []


def test_differences_are_found() -> None:
    lock = "old==1.0 \\\n    --hash=sha256:00\n    # via pigeonhole (pyproject.toml)\n"

    differences = out_of_step([Requirement("new>=2"), Requirement("old>=2")], lock)
    stale = out_of_step([], lock)

    assert differences == ["new>=2", "old>=2"]
    assert stale == ["old is no longer wanted"]


@pytest.mark.parametrize(
    "line",
    ["--extra-index-url https://mirror.example/simple", "https://mirror.example/pypi/x", "-f file:///opt/wheels"],
)
def test_an_index_address_is_found(line: str) -> None:
    assert INDEX_ADDRESS.search(line)
