"""Pictures of the review site for docs/review.md, light and dark: `python -m bench.review_screens [docs]`.

The samples come in by fax this morning and are read and decided by the real program; the week before it is drawn. Rita
and Ravi have decided some pages. Takes a minute.
"""

import argparse
import io
import sys
import tempfile
import time
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from bench.review_desk import PEOPLE, ReviewDesk, review_desk
from tests.builders import busy_week
from tests.servers.chromium import chromium
from worker.db import arrivals, documents, pages, review_items, tasks
from worker.db.requests import replace_all
from worker.db.reviews import Work
from worker.domain.decision import Outcome
from worker.domain.envelope import Channel, Envelope, Incoming
from worker.domain.person import Person
from worker.domain.request import Request
from worker.domain.review import BY_PERSON, Answer, Item
from worker.domain.task import Step
from worker.intake.registry_csv import read_registry
from worker.pipeline.review_save import Given, save_review
from worker.pipeline.site import Site

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"
SIZE = {"width": 1600, "height": 1000}
SCHEMES = ("light", "dark")
#: The document whose story is told, and the one whose case is shown.
STORY, CASE = "12-closed-request.tif", "08-strangers-page.tif"
HELD = timedelta(minutes=30)
BY_NAME = {person.name: person for person in PEOPLE}


def prepare(desk: ReviewDesk) -> None:
    """The week, the morning's faxes read and decided, and what people have said so far."""
    site, now = desk.site, datetime.now(UTC)
    busy_week.fill(site.shelf.engine, busy_week.Mailroom(now=now - timedelta(hours=2)))
    replace_all(site.shelf.engine, _this_month(now.date()))
    for k, path in enumerate(sorted((SAMPLES / "scans").iterdir())):
        line = "expedited" if k % 5 == 2 else "routine"
        envelope = Envelope(Channel.FAX, line, sender=f"50255501{k:02}", sender_name="CEDAR FORK", dialled="5025550199")
        site.accept(Incoming(str(path).encode(), path.name, now - timedelta(minutes=190 - 11 * k), envelope), path)
    while tasks.is_any_left(site.shelf.engine, list(Step)):
        time.sleep(0.3)
    file_open_pages(site, "rita", STORY)


def _this_month(today: date) -> list[Request]:
    """The registry as if its letters had gone out lately."""
    known = read_registry(SAMPLES / "requests.csv", skip_bad_rows=False).requests
    sent = [today - timedelta(days=3 + k % 24) for k in range(len(known))]
    return [
        replace(request, letter_date=day, due_date=day + timedelta(days=30))
        for request, day in zip(known, sent, strict=True)
    ]


def file_open_pages(site: Site, name: str, source: str) -> None:
    """The person files all open pages of a document to their likeliest requests."""
    person, engine = BY_NAME[name], site.shelf.engine
    arrival = arrivals.find_by_source(engine, source)
    document = documents.find(engine, arrival.sha256) if arrival else None
    if document is None:
        raise LookupError(f"{source} has not come")
    item = _held(site, person, document.sha256)
    decided = {decision.page: decision for decision in pages.load_decisions(engine, document.sha256)}
    likely = {page: decided[page].candidates[0].request_id for page in item.pages}
    answers = tuple(Answer(page, Outcome.FILED, request_id, BY_PERSON) for page, request_id in likely.items())
    save_review(site, person, "127.0.0.1", Given(str(uuid.uuid4()), item, document.revision, answers, Work(7.2, 3)))


def _held(site: Site, person: Person, sha256: str) -> Item:
    opened = review_items.load_open(site.shelf.engine, sha256)
    held = review_items.hold(site.shelf.engine, opened[0].id, person, HELD) if opened else None
    if held is None:
        raise LookupError("there is nothing to decide in it")
    return held


def take(desk: ReviewDesk, browser: Browser, folder: Path) -> None:
    """All pictures, as `review-<what>-<light|dark>.png`."""
    for scheme in SCHEMES:
        for name, what, path in _screens(desk):
            page = desk.page_of(browser, name, viewport=SIZE, color_scheme=scheme)
            page.goto(f"{desk.url}{path}")
            _settle(page, what)
            _save(page.screenshot(), folder / f"review-{what}-{scheme}.png")
            page.context.close()


def _save(picture: bytes, path: Path) -> None:
    """A palette is enough for a screen, and takes a third of the bytes."""
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(192).save(path, optimize=True)


def _screens(desk: ReviewDesk) -> list[tuple[str, str, str]]:
    """Who looks, at what, and where that is."""
    engine = desk.site.shelf.engine
    story, case = arrivals.find_by_source(engine, STORY), arrivals.find_by_source(engine, CASE)
    if story is None or case is None:
        raise LookupError("the samples have not come")
    item = review_items.load_open(engine, case.sha256)[0]
    return [
        ("rita", "inbox", "/inbox"),
        ("ravi", "case", f"/items/{item.id}"),
        ("supa", "dashboard", "/dashboard"),
        ("sena", "story", f"/documents/{story.sha256}"),
    ]


def _settle(page: Page, what: str) -> None:
    if what == "case":
        page.wait_for_function("() => performance.getEntriesByName('page-shown').length > 0")
    page.wait_for_timeout(1500)


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m bench.review_screens", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "docs")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="pigeonhole-screens-", ignore_cleanup_errors=True) as name,
        review_desk(Path(name) / "home") as desk,
        chromium() as browser,
    ):
        prepare(desk)
        take(desk, browser, given.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
