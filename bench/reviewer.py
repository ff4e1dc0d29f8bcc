"""A scripted reviewer who knows the truth empties the inbox through the browser, with the keyboard alone.

`python -m bench.reviewer TRAY OUT [--write MD]`: TRAY holds truth.json, OUT is what `pigeonhole process` left of it. It
changes OUT. Two reviewers and a senior take turns; afterwards the filed pages are compared with the truth. Exit code 1
when anything is misfiled or lost, or the inbox is not empty.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any  # what a page's JSON holds

import sqlalchemy as sa
from playwright.sync_api import Page
from rich.console import Console

from bench.accuracy import summary_table
from bench.review_desk import ReviewDesk, review_desk
from bench.scoring import Truth, read_rows, read_truth, score
from tests.servers.chromium import chromium
from worker.db import tasks
from worker.db.engine import reading
from worker.db.review_tables import REVIEW_ITEMS
from worker.domain.task import Step
from worker.filing.tables import write_tables
from worker.pipeline.results import load_results
from worker.storage.folder_store import FolderStore

#: How a page of nobody's is set aside, by what was drawn; all else is not ours.
KEYS_ASIDE = {"blank": "b", "cover_sheet": "c", "separator": "t"}
NOT_OURS = "o"
#: Who works, in turns; the last may settle what two disagree on.
SHIFT = ("rita", "ravi", "sena")
#: Seconds that filing may take after the last decision.
FILING_SECONDS = 300.0
#: Keystroke-level model: seconds of a practised typist's key, of looking at a page and deciding, of an item's start.
KEY, LOOK, START = 0.28, 1.35, 1.2

Case = dict[str, Any]


@dataclass(slots=True)
class Shift:
    """What the shift did: per item the seconds of the browser and the keys pressed, and the pages decided."""

    seconds: list[float] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    @property
    def modelled(self) -> list[float]:
        """What each item would cost a person, by the keystroke-level model."""
        return [START + LOOK * pages + KEY * keys for keys, pages in zip(self.keys, self.pages, strict=True)]


class Reviewer:
    """One person at the browser, who knows whose each page is."""

    def __init__(self, page: Page, desk: ReviewDesk, truth: Mapping[tuple[str, int], Truth]) -> None:
        self._page = page
        self._desk = desk
        self._truth = truth
        self._pressed = 0

    def work(self, shift: Shift) -> int:
        """Takes items until there is none for this person; returns how many were done."""
        done = 0
        self._page.goto(f"{self._desk.url}/inbox")
        with self._page.expect_navigation():
            self._press("n")
        while "/items/" in self._page.url:
            self._item(shift)
            done += 1
        return done

    def _item(self, shift: Shift) -> None:
        self._page.wait_for_selector("body.ready")
        case: Case = json.loads(self._page.locator("#case").text_content() or "{}")
        began, self._pressed = time.monotonic(), 0
        for run in runs(case, self._truth):
            self._decide(case, run)
        with self._page.expect_navigation():
            self._press("n")
        shift.seconds.append(time.monotonic() - began)
        shift.keys.append(self._pressed)
        shift.pages.append(len(case["item"]["pages"]))
        shift.kinds.append("blind" if case["item"]["blind"] else case["item"]["kind"])

    def _decide(self, case: Case, run: "Run") -> None:
        """The current page is the first of the run: the rest of it is selected with shift and arrow."""
        self._to(run.pages[0])
        for _ in range(run.pages[-1] - run.pages[0]):
            self._press("Shift+ArrowDown")
        if run.request_id is None:
            self._press(run.aside)
        elif (k := self._candidate(case, run)) is not None:
            self._press(str(k + 1))
        else:
            self._search(run.request_id)

    def _to(self, page: int) -> None:
        """After a decision the next open page is shown; where that is another, the arrows go there."""
        for _ in range(10_000):
            here = int(self._page.evaluate("Number(document.activeElement.dataset.n)"))
            if here == page:
                return
            self._press("ArrowDown" if here < page else "ArrowUp")

    def _candidate(self, case: Case, run: "Run") -> int | None:
        ids = self._page.evaluate(
            "[...document.querySelectorAll('#candidates [data-request]')].map((e) => e.dataset.request)"
        )
        return ids.index(run.request_id) if run.request_id in ids[:9] else None

    def _search(self, request_id: str) -> None:
        self._press("/")
        self._page.keyboard.type(request_id)
        self._pressed += len(request_id)
        self._page.wait_for_function("(id) => document.querySelector('#found .id')?.textContent === id", arg=request_id)
        self._press("Enter")
        self._press("Enter")

    def _press(self, key: str) -> None:
        self._page.keyboard.press(key)
        self._pressed += 1


@dataclass(frozen=True, slots=True)
class Run:
    """Open pages that follow one another and go to the same place."""

    pages: tuple[int, ...]
    request_id: str | None
    aside: str = NOT_OURS


def runs(case: Case, truth: Mapping[tuple[str, int], Truth]) -> Iterator[Run]:
    """The open pages of a case, as a person would take them together."""
    pages, source = list(case["item"]["pages"]), case["document"]["source"]
    at = 0
    while at < len(pages):
        where = _place(truth[source, pages[at]])
        end = at + 1
        while end < len(pages) and pages[end] == pages[end - 1] + 1 and _place(truth[source, pages[end]]) == where:
            end += 1
        yield Run(tuple(pages[at:end]), *where)
        at = end


def _place(page: Truth) -> tuple[str | None, str]:
    if page.request_id is not None:
        return page.request_id, NOT_OURS
    return None, KEYS_ASIDE.get(page.kind, NOT_OURS)


def empty_inbox(desk: ReviewDesk, truth: Mapping[tuple[str, int], Truth]) -> Shift:
    """The people of the shift take turns until nobody finds anything more to do."""
    shift = Shift()
    with chromium() as browser:
        people = [Reviewer(desk.page_of(browser, name), desk, truth) for name in SHIFT]
        while sum(person.work(shift) for person in people):
            continue
    return shift


def wait_until_filed(desk: ReviewDesk) -> None:
    """The workers have filed what was decided."""
    until = time.monotonic() + FILING_SECONDS
    while tasks.is_any_left(desk.site.shelf.engine, [Step.FILE, Step.DECIDE, Step.SETTLE]):
        if time.monotonic() > until:
            raise TimeoutError("the workers have not filed everything")
        time.sleep(0.2)


def left_open(desk: ReviewDesk) -> int:
    """Items that still wait."""
    query = sa.select(sa.func.count()).select_from(REVIEW_ITEMS).where(REVIEW_ITEMS.c.state != "done")
    with reading(desk.site.shelf.engine) as connection:
        return int(connection.execute(query).scalar_one())


def report(shift: Shift) -> str:
    """The figures, as a table in Markdown."""
    rows = [
        ("items decided", f"{len(shift.seconds)} ({shift.kinds.count('blind')} of them second looks and audits)"),
        ("open pages in them", f"{sum(shift.pages)}"),
        ("keystrokes an item", _spread(shift.keys, "")),
        ("keystrokes a page", f"{sum(shift.keys) / max(1, sum(shift.pages)):.1f}"),
        ("seconds an item, the script's", _spread(shift.seconds, " s")),
        ("seconds an item, a person's by the keystroke-level model", _spread(shift.modelled, " s")),
    ]
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]) + "\n"


def _spread(values: Sequence[float], unit: str) -> str:
    if not values:
        return "none"
    ordered = sorted(values)
    worst = ordered[min(len(ordered) - 1, round(0.9 * len(ordered)))]
    return f"median {statistics.median(ordered):.1f}{unit}, 90 % {worst:.1f}{unit}, most {ordered[-1]:.1f}{unit}"


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tray", type=Path, help="the folder with truth.json")
    parser.add_argument("out", type=Path, help="what `pigeonhole process` left; it is changed")
    parser.add_argument("--write", type=Path, help="append the table to this file")
    given = parser.parse_args()
    truth = read_truth(given.tray / "truth.json")
    with review_desk(given.out) as desk:
        shift = empty_inbox(desk, {(page.source, page.page): page for page in truth})
        wait_until_filed(desk)
        left = left_open(desk)
        write_tables(FolderStore(given.out), load_results(desk.site.shelf.engine))
    result = score(truth, read_rows(given.out / "pages.csv"))
    console = Console()
    console.print(report(shift), f"items left: {left}")
    console.print(summary_table(result))
    if given.write:
        given.write.write_text(given.write.read_text("utf-8") + "\n" + report(shift), "utf-8")
    return 1 if left or result.total.misfiled or result.lost or result.doubled else 0


if __name__ == "__main__":
    sys.exit(main())
