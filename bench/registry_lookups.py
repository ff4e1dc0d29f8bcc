"""`python -m bench.registry_lookups`: what matching asks of a registry of 10^4, 10^5, 10^6 requests, page by page.

Draws a registry around that of the labelled streams of tests/quality, imports it as `pigeonhole requests import` does
(a process of its own, whose peak of memory is told), decides the streams once to have their pages as read in the end,
and then asks for each page what matching asks to decide it alone: nothing is remembered from the page before. With
--write the tables and the picture stand in docs/performance.md.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import sqlalchemy as sa

from bench.lookup_tables import Run, draw, text_of
from bench.marked import rewrite
from bench.packed import read_requests
from bench.registry import write_rows
from bench.registry_rows import Rows
from bench.registry_search import megabytes, place, processor_of, registries_parser
from bench.stream import load_stream, replay_readings, shipped_policy
from worker.db import requests
from worker.db.engine import open_database
from worker.db.request_lookups import look_up
from worker.domain.reading import PageReading
from worker.domain.request import Request
from worker.intake.registry_csv import check_registry
from worker.matching.decide import decide
from worker.matching.look_over import look_over
from worker.matching.policy import Policy
from worker.matching.registry import Registry, RequestTable
from worker.pipeline.registries import FixedRegistry

STREAMS = ("ordinary", "traps")
QUALITY = Path(__file__).parents[1] / "tests" / "quality"
PART = "registry"
#: Pages that are asked for before any is measured.
WARM_UP = 20


class Timed:
    """A registry that adds up how long its answers take, in seconds by the clock and of our processor."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self.seconds, self.cost, self.questions = 0.0, 0.0, 0

    def __getattr__(self, name: str) -> Callable[..., object]:
        """A method of Registry, timed."""
        ask = getattr(self._registry, name)

        def timed(*given: object) -> object:
            began, spent = time.perf_counter(), time.thread_time()
            try:
                return ask(*given)
            finally:
                self.seconds += time.perf_counter() - began
                self.cost += time.thread_time() - spent
                self.questions += 1

        return timed


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import took: seconds by the clock and of our processor, megabytes at the peak."""

    seconds: float
    cost: float
    peak: float
    checked: float


def main() -> None:
    """Draw, import, decide, ask, print."""
    given = _arguments()
    if given.load:
        print(json.dumps(asdict(_load(*given.load))))
        return
    own = [request for name in STREAMS for request in read_requests(QUALITY / f"{name}.requests.csv.gz")]
    pages = _pages(given.seed, given.pages)
    runs = []
    for count in given.count:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "requests.csv"
            write_rows(_around(own, given.seed, count), file)
            for database in given.database:
                with place(database) as url:
                    runs.append(_run(database, str(url), file, pages))
                print(text_of(runs[-1:]), flush=True)
    if given.write:
        picture = given.write.with_name(f"{given.write.stem}-{PART}.png")
        draw(runs, picture)
        link = f"![time of a page, time and memory of an import, by size of the registry]({picture.name})"
        rewrite(given.write, PART, f"{text_of(runs)}\n{link}")


def _arguments() -> argparse.Namespace:
    parser = registries_parser(__doc__)
    parser.add_argument("--pages", type=int, default=1_000, help="drawn from the streams")
    parser.add_argument("--load", nargs=2, metavar=("CSV", "URL"), help="only import, and print what it took as JSON")
    return parser.parse_args()


def _around(own: Sequence[Request], seed: int, count: int) -> Iterator[Request]:
    """The streams' own requests, and drawn ones up to so many."""
    known = {request.request_id for request in own}
    yield from own
    drawn = (request for request in Rows(seed, count).draw(count - len(own)) if request.request_id not in known)
    yield from drawn


def _pages(seed: int, most: int) -> list[PageReading]:
    """Pages of the streams with the regions that deciding them took, in the order of chance."""
    found: list[PageReading] = []
    policy = shipped_policy()
    for name in STREAMS:
        registry = FixedRegistry(RequestTable(read_requests(QUALITY / f"{name}.requests.csv.gz")))
        for document in load_stream(QUALITY / f"{name}.jsonl.gz"):
            found += replay_readings(document, registry, policy)
    random.Random(seed).shuffle(found)
    return found[:most]


def _run(database: str, url: str, file: Path, pages: Sequence[PageReading]) -> Run:
    command = [sys.executable, "-m", "bench.registry_lookups", "--load", str(file), url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    took = Imported(**json.loads(said))
    engine = open_database(url)
    with engine.connect() as connection:
        count = connection.execute(sa.text("SELECT count(*) FROM requests")).scalar_one()
    times, costs, questions = _ask(engine, pages)
    run = Run(
        database=database,
        count=count,
        checked=took.checked,
        seconds=took.seconds,
        cost=took.cost,
        peak=took.peak,
        megabytes=megabytes(engine),
        times=tuple(times),
        costs=tuple(costs),
        questions=questions / len(times),
    )
    engine.dispose()
    return run


def _load(file: str, url: str) -> Imported:
    engine = open_database(url)
    began, spent = time.monotonic(), time.process_time()
    registry = check_registry(Path(file))
    checked = time.monotonic() - began
    requests.replace_all(engine, registry)
    seconds, cost = time.monotonic() - began, time.process_time() - spent
    return Imported(seconds, cost, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, checked)


def _ask(engine: sa.Engine, pages: Sequence[PageReading]) -> tuple[list[float], list[float], int]:
    """For each page the milliseconds by the clock, and of a processor (ours and the server's); questions of all."""
    policy, processor = shipped_policy(), processor_of(engine)
    times, costs, questions = [], [], 0
    for number, page in enumerate([*pages[:WARM_UP], *pages]):
        before = processor() - time.process_time()
        asked = _ask_for(engine, page, policy)
        of_server = processor() - time.process_time() - before
        if number >= WARM_UP:
            times.append(asked.seconds * 1000)
            costs.append((asked.cost + max(0.0, of_server)) * 1000)
            questions += asked.questions
    return times, costs, questions


def _ask_for(engine: sa.Engine, page: PageReading, policy: Policy) -> Timed:
    """What deciding the page alone asks of the registry, its opening included."""
    began, spent = time.perf_counter(), time.thread_time()
    with look_up(engine) as (registry, _):
        timed = Timed(registry)
        timed.seconds, timed.cost = time.perf_counter() - began, time.thread_time() - spent
        decide([look_over(page, timed)], timed, policy)  # type: ignore[arg-type]  # its methods are made when asked for
    return timed


if __name__ == "__main__":
    main()
