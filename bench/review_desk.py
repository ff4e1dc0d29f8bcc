"""A review site to measure: `pigeonhole serve` and a worker on a home, people who are signed in, a browser."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page

from worker.db import people, sessions
from worker.db.people import NewPerson
from worker.db.sessions import Stage
from worker.domain.person import Person, Role
from worker.pipeline.site import Site
from worker.review.session_cookie import COOKIE
from worker.settings import settings as read_settings
from worker.wiring import open_site

#: Two reviewers, since what one says without an id another must say as well; a senior, and somebody who looks on.
PEOPLE = (
    Person("rita", "Rita Alvarez", frozenset({Role.REVIEWER}), may_open_sensitive=True),
    Person("ravi", "Ravi Menon", frozenset({Role.REVIEWER}), may_open_sensitive=True),
    Person("sena", "Sena Okafor", frozenset({Role.REVIEWER, Role.SENIOR}), may_open_sensitive=True),
    Person("supa", "Supa Lindqvist", frozenset({Role.SUPERVISOR, Role.AUDITOR})),
)
START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class ReviewDesk:
    """The site and its address."""

    site: Site
    url: str

    def page_of(self, browser: Browser, name: str, **context: object) -> Page:
        """A fresh browser window in which this person is signed in."""
        window = browser.new_context(**context)  # type: ignore[arg-type]  # Playwright's own options
        with self.site.shelf.engine.begin() as connection:
            token = sessions.begin(connection, name, "127.0.0.1", Stage.IN, timedelta(hours=8))
        window.add_cookies([{"name": COOKIE, "value": token, "url": self.url, "httpOnly": True}])
        return window.new_page()


@contextlib.contextmanager
def review_desk(home: Path, *, workers: int = 1, settings: Mapping[str, str] | None = None) -> Iterator[ReviewDesk]:
    """The site of `home` served, with so many workers, until the block ends."""
    os.environ.update({**(settings or {}), "PIGEONHOLE_HOME": str(home)})
    read_settings.cache_clear()  # those of another site may have been read before
    port = _free_port()
    site = open_site(home)
    with site.shelf.engine.begin() as connection:
        for person in PEOPLE:
            people.add(connection, NewPerson(person))
    commands = [["serve", "--port", str(port), "--home", str(home)]]
    commands += [["worker", "--home", str(home)]] * workers
    with contextlib.ExitStack() as running:
        for command in commands:
            running.enter_context(_running(command))
        url = f"http://127.0.0.1:{port}"
        _wait_for(url)
        yield ReviewDesk(site, url)
    site.shelf.engine.dispose()


@contextlib.contextmanager
def _running(command: list[str]) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "worker.cli", *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{url}/healthz", timeout=5).status_code == 200:
                return
        time.sleep(0.1)
    raise TimeoutError(f"{url} does not answer after {START_SECONDS:.0f} s")
