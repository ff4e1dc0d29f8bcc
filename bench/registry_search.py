"""`python -m bench.registry_search`: searching a registry of 10^4, 10^5, 10^6 requests while somebody types.

Draws the registry, imports it into SQLite and into a PostgreSQL of its own, and asks for requests in it as people do:
by ids, names and dates, begun, whole and mistyped. Prints import time, size, time per query, and how often the request
that was meant is among the ten that are shown.
"""

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from bench.lookup_tables import at_99
from bench.registry_rows import Rows, mistyped
from tests.servers.postgres_server import PostgresServer
from worker.db import requests
from worker.db.engine import open_database, sqlite_url
from worker.db.request_search import find_requests
from worker.domain.request import Request

Typed = Callable[[Request, random.Random], str]


def _birth(request: Request) -> str:
    return f"{request.date_of_birth.month}/{request.date_of_birth.day}/{request.date_of_birth:%y}"


def _begun(text: str, letters: int) -> str:
    return text[:letters]


#: What is typed for a request that is meant; a query by which many others fit as well is marked with a star.
KINDS: dict[str, Typed] = {
    "request id": lambda r, _: r.request_id,
    "request id, begun *": lambda r, _: _begun(r.request_id, 6),
    "request id, mistyped": lambda r, g: mistyped(r.request_id, g),
    "claim number, mistyped": lambda r, g: mistyped(r.claim_number, g),
    "member id": lambda r, _: r.member_id,
    "member id, mistyped": lambda r, g: mistyped(r.member_id, g),
    "surname *": lambda r, _: r.member_last_name,
    "three letters *": lambda r, _: _begun(r.member_last_name, 3),
    "name": lambda r, _: f"{r.member_first_name} {r.member_last_name}",
    "name, begun *": lambda r, _: f"{r.member_last_name}, {_begun(r.member_first_name, 2)}",
    "name, misspelt": lambda r, g: f"{mistyped(r.member_last_name, g)} {r.member_first_name}",
    "name, both misspelt": lambda r, g: f"{mistyped(r.member_first_name, g)} {mistyped(r.member_last_name, g)}",
    "birth date *": lambda r, _: _birth(r),
    "surname, birth date": lambda r, _: f"{r.member_last_name} {_birth(r)}",
    "misspelt, birth date": lambda r, g: f"{mistyped(r.member_last_name, g)} {_birth(r)}",
    "surname, provider": lambda r, _: f"{r.member_last_name} {r.provider_name}",
    "provider *": lambda r, _: r.provider_name,
    "NPI *": lambda r, _: r.provider_npi,
    "nobody": lambda _, g: f"{mistyped('qxzvwk', g)} {mistyped('zzyzx', g)}",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """Queries of one kind: milliseconds until the answer, milliseconds of a processor (ours and the server's), and the
    share of those that showed who was meant among the first ten.

    On a machine that does other work as well, the processor's time says what a query costs, the clock how it was.
    """

    kind: str
    cost: float
    cost99: float
    median: float
    p99: float
    worst: float
    shown: float


@dataclass(frozen=True, slots=True)
class Run:
    """One registry in one database."""

    database: str
    count: int
    seconds: float
    cost: float
    megabytes: float
    peak: float
    measured: tuple[Measured, ...]


def main() -> None:
    """Draw, import, ask, print."""
    given = _arguments()
    runs = []
    for count in given.count:
        rows = list(Rows(given.seed, count).draw(count))
        for database in given.database:
            with place(database) as url:
                runs.append(_run(database, url, rows, given.queries))
            print(table_of(runs[-1:]), flush=True)
    if given.write:
        given.write.write_text(table_of(runs), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = registries_parser(__doc__)
    parser.add_argument("--queries", type=int, default=200, help="of each kind")
    return parser.parse_args()


def registries_parser(description: str | None) -> argparse.ArgumentParser:
    """Takes what registries are drawn, in which databases they are measured, and where the figures go."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--database", nargs="+", choices=("SQLite", "PostgreSQL"), default=["SQLite", "PostgreSQL"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, metavar="MD")
    return parser


@contextmanager
def place(database: str) -> Iterator[str | sa.URL]:
    """The address of a fresh database without tables, gone at the end of the block."""
    if database == "SQLite":
        with tempfile.TemporaryDirectory() as folder:
            yield sqlite_url(Path(folder) / "pigeonhole.db")
        return
    with PostgresServer() as server:
        yield server.new_database(is_empty=True)


def _run(database: str, url: str | sa.URL, rows: Sequence[Request], queries: int) -> Run:
    engine = open_database(url)
    began, spent = time.monotonic(), processor_of(engine)()
    requests.replace_all(engine, rows)
    seconds, cost = time.monotonic() - began, processor_of(engine)() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    measured = tuple(_measure(engine, kind, rows, queries) for kind in KINDS)
    run = Run(database, len(rows), seconds, cost, megabytes(engine), peak, measured)
    engine.dispose()
    return run


def _measure(engine: sa.Engine, kind: str, rows: Sequence[Request], queries: int) -> Measured:
    rng = random.Random(f"queries {kind}")
    times, costs, shown, processor = [], [], 0, processor_of(engine)
    for number in range(queries + 3):
        meant = rng.choice(rows)
        text = KINDS[kind](meant, rng)
        began, spent = time.perf_counter(), processor()
        hits = find_requests(engine, text)
        took = (time.perf_counter() - began) * 1000
        if number < 3:  # the first ones prepare what the others use
            continue
        times.append(took)
        costs.append((processor() - spent) * 1000)
        shown += any(hit.request == meant for hit in hits)
    return Measured(kind, median(costs), at_99(costs), median(times), at_99(times), max(times), shown / len(times))


def processor_of(engine: sa.Engine) -> Callable[[], float]:
    """Reads the seconds of a processor that this process and the server's for its connection have spent."""
    if engine.dialect.name != "postgresql":
        return time.process_time
    with engine.connect() as connection:
        number = connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
    spent = Path(f"/proc/{number}/schedstat")
    return lambda: time.process_time() + int(spent.read_text().split()[0]) / 1e9


def megabytes(engine: sa.Engine) -> float:
    """The size of the database."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            query = "SELECT pg_database_size(current_database())"
        else:
            query = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        return int(connection.execute(sa.text(query)).scalar_one()) / 2**20


def table_of(runs: Sequence[Run]) -> str:
    """The figures as Markdown."""
    lines = ["| Database | Requests | Import, CPU s | Clock s | Database MB | Peak of the process MB |"]
    lines += ["|---|--:|--:|--:|--:|--:|"]
    for run in runs:
        took = f"{run.cost:.1f} | {run.seconds:.1f}"
        lines.append(f"| {run.database} | {run.count:,} | {took} | {run.megabytes:.0f} | {run.peak:.0f} |")
    for run in runs:
        lines += ["", f"{run.database}, {run.count:,} requests:", ""]
        lines += ["| Typed | CPU ms, median | 99 % | Clock ms, median | 99 % | Worst | Meant one shown |"]
        lines += ["|---|--:|--:|--:|--:|--:|--:|"]
        for each in run.measured:
            times = (each.cost, each.cost99, each.median, each.p99, each.worst)
            figures = " | ".join(f"{figure:.1f}" for figure in times)
            lines.append(f"| {each.kind} | {figures} | {each.shown:.0%} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
