"""How fast the review site feels, measured in the browser: `python -m bench.review [--write MD]`.

A case of 40 and one of 400 pages, drawn, read and decided by the real program, every seventh page left open; an inbox
of 10,000 items. On SQLite and on PostgreSQL. Times are the browser's own (performance marks), from the click on.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from playwright.sync_api import Browser, Page
from rich.console import Console

from bench.faults_attack import Servers
from bench.review_desk import ReviewDesk, review_desk
from bench.service_speed import draw_long
from tests.servers.chromium import chromium
from worker.db import documents, pages, review_items, tasks
from worker.db.review_tables import REVIEW_ITEMS
from worker.db.tables import DOCUMENTS, TASKS
from worker.domain.decision import Decision, Outcome
from worker.domain.task import Step, Task
from worker.pipeline.inbox import waits_after
from worker.pipeline.site import Site

ITEMS = 10_000
#: One page in so many is left open in the cases.
OPEN_EVERY = 7
GROUNDS = ("unsure", "several_fit", "contradicted", "nothing_named", "unknown_patient", "closed", "unreadable")
SHOWN_SINCE_ASKED = """(n) => {
  const marks = performance.getEntriesByType('mark');
  const last = (name) => marks.filter((m) => m.name === name && m.detail === n).at(-1);
  return last('page-shown') ? last('page-shown').startTime - last('page-asked').startTime : null;
}"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds: of opening each case, of going to the next page, of opening the inbox."""

    database: str
    cases: dict[int, list[float]]
    turns: dict[int, list[float]]
    inbox: list[float]


def measure(folder: Path, settings: dict[str, str], database: str, sizes: Sequence[int], rounds: int) -> Figures:
    """All figures on one database."""
    home = folder / "home"
    with review_desk(home, settings=settings) as desk, chromium() as browser:
        items = {size: _case(desk, folder / f"long{size}", size) for size in sizes}
        cases = {size: _open(desk, browser, item, rounds) for size, item in items.items()}
        turns = {size: _turn_pages(desk, browser, item) for size, item in items.items()}
        _fill_inbox(desk.site)
        return Figures(database, cases, turns, _open_inbox(desk, browser, rounds))


def _case(desk: ReviewDesk, folder: Path, size: int) -> int:
    """A document of so many pages with an item, and all its pictures drawn."""
    tray, engine = draw_long(folder, size, seed=size), desk.site.shelf.engine
    command = [sys.executable, "-m", "worker", "requests", "import", str(tray.requests), "--home", str(desk.site.home)]
    subprocess.run(command, check=True, capture_output=True)
    known = {document.sha256 for document in documents.load_all(engine)}
    drop = [sys.executable, "-m", "worker", "watch", str(folder / "drop"), "--line", "routine", "--once"]
    (folder / "drop").mkdir()
    (tray.files[0]).rename(folder / "drop" / tray.files[0].name)
    subprocess.run([*drop, "--home", str(desk.site.home)], check=True, capture_output=True)
    _wait(engine)
    sha256 = next(document.sha256 for document in documents.load_all(engine) if document.sha256 not in known)
    _leave_open(desk.site, sha256)
    _wait(engine)
    return review_items.load_open(engine, sha256)[0].id


def _leave_open(site: Site, sha256: str) -> None:
    """Every seventh page was not decided after all."""
    engine = site.shelf.engine
    decisions = [_doubtful(decision) for decision in pages.load_decisions(engine, sha256)]
    pages.save_decisions(engine, _own_task(engine, sha256), decisions, waits=waits_after(site, sha256, decisions, None))


def _own_task(engine: sa.Engine, sha256: str) -> Task:
    """A task that no worker saw free."""
    with engine.begin() as connection:
        tasks.add(connection, Step.DECIDE, sha256, priority=0, position=0)
        mine = {"token": "bench", "holder": "bench", "leased_until": datetime.now(UTC) + timedelta(minutes=5)}
        which = sa.update(TASKS).where(TASKS.c.subject == sha256, TASKS.c.step == Step.DECIDE.value)
        number = connection.execute(which.values(mine).returning(TASKS.c.id)).scalar_one()
    return Task(number, Step.DECIDE, sha256, 0, 0, 0, 0, 1, "bench")


def _doubtful(decision: Decision) -> Decision:
    if decision.page % OPEN_EVERY:
        return decision
    return replace(decision, outcome=Outcome.REVIEW, request_id=None, ground="unsure", reason="Left open to measure.")


def _wait(engine: sa.Engine) -> None:
    while tasks.is_any_left(engine, list(Step)):
        time.sleep(0.2)


def _open(desk: ReviewDesk, browser: Browser, item: int, rounds: int) -> list[float]:
    """Milliseconds from the start of the navigation until keys work and the first page is shown.

    As for a reviewer who has worked on another item before: the scripts are in the browser's cache.
    """
    page = desk.page_of(browser, "rita", viewport={"width": 1920, "height": 1080})
    taken = []
    for _ in range(rounds + 1):
        page.goto(f"{desk.url}/inbox")
        page.wait_for_timeout(500)
        page.goto(f"{desk.url}/items/{item}")
        taken.append(_mark(page, "case-usable"))
    page.context.close()
    return taken[1:]


def _turn_pages(desk: ReviewDesk, browser: Browser, item: int) -> list[float]:
    """Milliseconds from the key to the next page's picture, at the pace of a quick reader."""
    page = desk.page_of(browser, "rita", viewport={"width": 1920, "height": 1080})
    page.goto(f"{desk.url}/items/{item}")
    _mark(page, "case-usable")
    taken = []
    for _ in range(25):
        time.sleep(0.4)
        page.keyboard.press("ArrowDown")
        here = page.evaluate("Number(document.activeElement.dataset.n)")
        page.wait_for_function(f"(n) => ({SHOWN_SINCE_ASKED})(n) !== null", arg=here)
        taken.append(float(page.evaluate(SHOWN_SINCE_ASKED, here)))
    page.context.close()
    return taken


def _open_inbox(desk: ReviewDesk, browser: Browser, rounds: int) -> list[float]:
    page = desk.page_of(browser, "rita", viewport={"width": 1920, "height": 1080})
    taken = []
    for _ in range(rounds + 1):
        page.goto(f"{desk.url}/documents")
        page.wait_for_timeout(500)
        page.goto(f"{desk.url}/inbox")
        taken.append(float(page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")))
    page.context.close()
    return taken[1:]


def _mark(page: Page, name: str) -> float:
    page.wait_for_function("(name) => performance.getEntriesByName(name).length > 0", arg=name)
    return float(page.evaluate(f"performance.getEntriesByName('{name}')[0].startTime"))


def _fill_inbox(site: Site) -> None:
    """As many items as a bad Monday has."""
    rng, now = random.Random(4), datetime.now(UTC)
    rows = list(_waiting(rng, now))
    with site.shelf.engine.begin() as connection:
        hashes = [{"sha256": row["sha256"], "size": 1, "stage": "filed", "pages": 8} for row in rows]
        connection.execute(sa.insert(DOCUMENTS), hashes)
        connection.execute(sa.insert(REVIEW_ITEMS), rows)


def _waiting(rng: random.Random, now: datetime) -> Iterator[dict[str, object]]:
    for number in range(ITEMS):
        received = now - timedelta(hours=rng.uniform(0, 400))
        due = received + timedelta(hours=rng.choice((72, 240, 720)))
        count = rng.randint(1, 8)
        yield {
            "kind": "exception",
            "state": "waiting",
            "sha256": f"{number:064x}",
            "pages": str(list(range(1, count + 1))),
            "ground": rng.choice(GROUNDS),
            "reason": "The page speaks for a request, but not surely enough to file it.",
            "line": rng.choice(("routine", "expedited")),
            "channel": rng.choice(("fax", "folder", "mail")),
            "received_at": received,
            "due_at": due,
            "urgency": int(due.timestamp() // 3600),
            "risk": rng.random(),
            "unblocks": count,
            "created_at": received,
        }


def report(every: Sequence[Figures]) -> str:
    """The figures as a table in Markdown: median, and the worst of ten."""
    lines = ["| | target | " + " | ".join(figures.database for figures in every) + " |"]
    lines.append("|---|--:|" + "--:|" * len(every))
    for size in every[0].cases:
        wanted = "300 ms" if size <= 40 else ""
        cells = [_cell(figures.cases[size]) for figures in every]
        lines.append(f"| a case of {size} pages, usable | {wanted} | {' | '.join(cells)} |")
        cells = [_cell(figures.turns[size]) for figures in every]
        lines.append(f"| its next page, shown | 100 ms | {' | '.join(cells)} |")
    lines.append(f"| inbox of {ITEMS:,} items | 200 ms | {' | '.join(_cell(f.inbox) for f in every)} |")
    return "\n".join(lines) + "\n"


def _cell(values: Sequence[float]) -> str:
    ordered = sorted(values)
    return f"{median(ordered):.0f} ms, 90 % {ordered[min(len(ordered) - 1, round(0.9 * len(ordered)))]:.0f} ms"


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m bench.review", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[40, 400], help="pages of the cases")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--write", type=Path, metavar="MD", help="append the table to this file")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pigeonhole-review-", ignore_cleanup_errors=True) as name, Servers() as s:
        lite = measure(Path(name) / "lite", {}, "SQLite", given.sizes, given.rounds)
        url = {"PIGEONHOLE_DATABASE_URL": s.postgres.new_database()}
        served = measure(Path(name) / "post", url, "PostgreSQL", given.sizes, given.rounds)
    Console().print(table := report([lite, served]), markup=False)
    if given.write:
        given.write.write_text(given.write.read_text("utf-8") + "\n" + table, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
