"""A real server of the API on a free port, over a site with SQLite in a folder of its own."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import uvicorn

from tests.builders.requests import OMAR
from worker.api.app import make_app
from worker.cli.serve import uvicorn_config
from worker.db import arrivals, documents, keys, pages, tasks
from worker.db.keys import Scope
from worker.domain.decision import Candidate, Decision, DocumentType, Outcome
from worker.domain.document import Arrival, DocumentKind
from worker.domain.line import Line
from worker.domain.reading import PageReading
from worker.domain.task import Step, Task
from worker.pipeline.site import Site

PDF = {"Content-Type": "application/pdf"}
BYTES = b"%PDF-1.7 not much of one"
LINES = {
    "routine": Line("routine"),
    "expedited": Line("expedited", priority=10, clock_hours=72),
    "small": Line("small", max_bytes=200_000, max_documents=2),
}


@dataclass(frozen=True)
class Served:
    """The site, and how to ask its server: `ask` may do everything, `client` makes others that may do less."""

    site: Site
    url: str
    ask: httpx.Client
    client: Callable[..., httpx.Client]


@contextlib.contextmanager
def listening(site: Site, rate_per_minute: int = 60_000) -> Iterator[str]:
    config = uvicorn_config(make_app(site, rate_per_minute=rate_per_minute), "127.0.0.1", 0, grace=5)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@contextlib.contextmanager
def serving(site: Site, rate_per_minute: int = 60_000) -> Iterator[Served]:
    with listening(site, rate_per_minute) as url, contextlib.ExitStack() as clients:

        def client(name: str, *scopes: Scope, lines: tuple[str, ...] = ()) -> httpx.Client:
            key = keys.add(site.shelf.engine, name, scopes, lines)
            headers = {"Authorization": f"Bearer {key}"}
            return clients.enter_context(httpx.Client(base_url=url, headers=headers, timeout=30))

        yield Served(site, url, client("everything", *Scope), client)


def came(site: Site) -> tuple[Arrival, ...]:
    return arrivals.load_all(site.shelf.engine)


def held_files(site: Site) -> list[str]:
    """What this process holds open in the spool."""
    targets = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return [target for target in targets if target.startswith(str(site.home / "spool"))]


def settled(site: Site) -> bool:
    until = time.monotonic() + 10
    while held_files(site) and time.monotonic() < until:
        time.sleep(0.02)
    return not held_files(site)


def problem(answer: httpx.Response) -> str:
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    return str(answer.json()["type"]).removeprefix("urn:pigeonhole:")


def claim(site: Site) -> Task:
    task = tasks.claim(site.shelf.engine, list(Step), "a test", timedelta(minutes=1))
    assert task is not None
    return task


def decide(site: Site, decisions: Sequence[Decision]) -> None:
    """The document that waits is opened, read, decided and filed."""
    engine = site.shelf.engine
    assert pages.save_opened(engine, claim(site), DocumentKind.PDF, [(1, len(decisions))])
    assert pages.save_readings(engine, claim(site), [PageReading(each.page, 10, 10) for each in decisions])
    assert pages.save_decisions(engine, claim(site), decisions)
    assert documents.mark_filed(engine, claim(site))


def filed(page: int, request_id: str) -> Decision:
    return Decision(page, Outcome.FILED, request_id, DocumentType.LETTER, 1.0, "Names Janet Brown.", ground="named")


def in_review(page: int) -> Decision:
    candidates = (Candidate(OMAR.request_id, 0.5, ()),)
    reason = "Names Omar Nakamura, born 1936-01-29."
    return Decision(page, Outcome.REVIEW, None, DocumentType.OTHER, 0.5, reason, candidates, "contradicted")


def set_aside(page: int) -> Decision:
    return Decision(page, Outcome.SET_ASIDE, None, DocumentType.BLANK, 1.0, "Blank.", ground="blank")
