"""The parts of compose.yaml, as its command lines start them, file what is dropped; each is healthy and stops."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.builders.command import SAMPLES, wait_until
from tests.image.composed import Composed, load_composed
from tests.servers.program import free_port

#: The program itself, where a container has it on its path.
PROGRAMS = {"pigeonhole": (sys.executable, "-m", "worker"), "python": (sys.executable,)}
PARTS = ("api", "worker", "sweep", "watch", "watch-expedited")


@dataclass(frozen=True)
class Stack:
    """The services of compose.yaml as processes here: other ports, and folders instead of volumes."""

    composed: Composed
    folder: Path
    replaced: Mapping[str, str]
    env: Mapping[str, str]

    def words(self, name: str, words: list[str]) -> list[str]:
        for old, new in {**self.replaced, "/drop": str(self.folder / name)}.items():
            words = [word.replace(old, new) for word in words]
        return words

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [*PROGRAMS[words[0]], *words[1:]]
        return subprocess.run(command, env=self.env, cwd=self.folder, capture_output=True, text=True, check=False)

    def start(self, name: str) -> subprocess.Popen[bytes]:
        words = self.words(name, self.composed.services[name].command)
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [*PROGRAMS["pigeonhole"], *words], env=self.env, cwd=self.folder, stdout=log, stderr=log
            )

    def is_healthy(self, name: str) -> bool:
        check = self.composed.services[name].healthcheck["test"]
        return self.run(*self.words(name, check[1:])).returncode == 0

    def is_done(self, documents: int) -> bool:
        status = json.loads(self.run("pigeonhole", "status", "--json").stdout)
        return bool(sum(status["documents"].values()) == documents and not status["steps"])


@pytest.fixture
def stack(tmp_path: Path, empty_postgres_url: str, redis_url: str) -> Stack:
    secrets = {"database_url": empty_postgres_url, "redis_url": redis_url, "webhook_secret": "0" * 64}
    (tmp_path / "secrets").mkdir()
    for name, value in secrets.items():
        (tmp_path / "secrets" / f"pigeonhole_{name}").write_text(f"{value}\n", "utf-8")
    for name in ("watch", "watch-expedited"):
        (tmp_path / name).mkdir()
    own = {"PIGEONHOLE_SECRETS": str(tmp_path / "secrets"), "PIGEONHOLE_HOME": str(tmp_path / "home")}
    ports = {"8080": str(free_port()), "9100": str(free_port())}
    return Stack(load_composed(), tmp_path, ports, {"PATH": os.environ["PATH"], **own})


@pytest.fixture
def parts(stack: Stack) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    migrated = stack.run("pigeonhole", *stack.composed.services["migrate"].command)
    assert migrated.returncode == 0, migrated.stderr
    started = {name: stack.start(name) for name in PARTS}
    yield started
    for process in started.values():
        process.kill()
        process.wait()


def test_the_parts_file_what_is_dropped(stack: Stack, parts: dict[str, subprocess.Popen[bytes]]) -> None:
    scans = {"watch": "01-barcode-letter.tif", "watch-expedited": "02-ocr-only-letter.tif"}
    stack.run("pigeonhole", "requests", "import", str(SAMPLES / "requests.csv"))

    for door, scan in scans.items():
        shutil.copy(SAMPLES / "scans" / scan, stack.folder / door)
    is_done = wait_until(lambda: stack.is_done(len(scans)), every=2)
    unhealthy = [name for name in PARTS if not stack.is_healthy(name)]
    audit = stack.run("pigeonhole", "audit", "pages")
    for process in parts.values():
        process.send_signal(signal.SIGTERM)
    codes = {name: process.wait(timeout=50) for name, process in parts.items()}

    assert is_done, {name: (stack.folder / f"{name}.log").read_text() for name in PARTS}
    assert unhealthy == []
    assert "7 pages in = 7 filed" in audit.stdout, audit.stdout
    assert codes == dict.fromkeys(PARTS, 0)
