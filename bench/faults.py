"""The fault campaign: `python -m bench.faults [--kind K] [--kills N] [--seed S] [--pages N] [--write]`.

A drawn tray goes through the service undisturbed, then once for each kind of fault. Each run ends in the conservation
check (`pigeonhole audit pages`) and a comparison of every page with the undisturbed run.
"""

import argparse
import contextlib
import random
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench.faults_attack import Attack, Servers, Tray
from bench.faults_compare import Place, Row, failures, judge, load_decisions
from bench.faults_kinds import KINDS, Kind, embedded
from bench.faults_result import Result, spread, write
from bench.faults_room import NotFinishedError, Room
from bench.faults_tray import draw
from worker.errors import PigeonholeError

#: Seconds of one run, after which it counts as hung.
LIMIT = 420.0
Reference = Mapping[Place, list[Row]]


def main(arguments: list[str] | None = None) -> int:
    """The command line; 1 when anything was lost, doubled or decided otherwise, or a run hung."""
    given = _parser().parse_args(arguments)
    kinds = [kind for kind in KINDS if not given.kind or any(kind.name.startswith(name) for name in given.kind)]
    if not kinds:
        raise SystemExit(f"there is no such kind: {', '.join(kind.name for kind in KINDS)}")
    with _folder(given.keep) as folder, Servers() as s:
        tray = draw(folder / "tray", given.pages, given.seed)
        reference, seconds = undisturbed(folder, tray, s)
        results = _run_all(kinds, given, folder, tray, s, reference)
    _print(results, tray, seconds)
    if given.write:
        write(given.write, results, tray, seconds, given.seed)
    return 0 if all(result.is_good for result in results) else 1


@contextlib.contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Where the runs happen: gone afterwards, unless it is to be kept for looking at the logs."""
    if keep is not None:
        keep.mkdir(parents=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="pigeonhole-faults-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def undisturbed(folder: Path, tray: Tray, servers: Servers) -> tuple[Reference, float]:
    """The decisions of an undisturbed run, and the seconds that it took."""
    place = folder / "undisturbed"
    place.mkdir()
    with Room(place, embedded(servers, place), LIMIT) as room:
        room.must("requests", "import", tray.requests)
        attack = Attack(room, tray, servers, random.Random(0), 0)
        attack.start_workers()
        began = time.monotonic()
        attack.drop(tray.files)
        attack.finish()
        seconds = time.monotonic() - began
        decisions = load_decisions(room)
        verdict = judge(room, decisions)
        if not verdict.is_good or failures(room):
            raise RuntimeError(f"the undisturbed run is no reference: {[*verdict.problems, *failures(room)][:5]}")
        return decisions, seconds


def run_once(result: Result, attack: Attack, reference: Reference) -> None:
    """One run of a kind in a prepared room; its verdict goes to the result."""
    began = time.monotonic()
    attack.room.must("requests", "import", attack.tray.requests)
    try:
        result.kind.attack(attack)
        attack.room.end_all()
        result.add(judge(attack.room, reference, attack.poisoned))
    except (NotFinishedError, PigeonholeError, RuntimeError, OSError) as error:
        result.hung += 1
        result.problems.append(f"the run did not come to its end: {error}")
    result.seconds += time.monotonic() - began
    result.done += attack.done
    result.recovered += attack.recovered


def _run_all(
    kinds: Sequence[Kind], given: argparse.Namespace, folder: Path, tray: Tray, servers: Servers, reference: Reference
) -> list[Result]:
    results = []
    with _progress() as progress:
        bar = progress.add_task("", total=sum(kind.runs for kind in kinds))
        for kind in kinds:
            result = Result(kind)
            for number in range(1, kind.runs + 1):
                progress.update(bar, description=f"{kind.name} {number}/{kind.runs}")
                place = folder / f"{kind.name}-{number}"
                place.mkdir()
                amount = -(-(given.kills or kind.amount) // kind.runs)
                with Room(place, kind.settings(servers, place), given.limit) as room:
                    rng = random.Random(f"{given.seed} {kind.name} {number}")
                    run_once(result, Attack(room, tray, servers, rng, amount), reference)
                progress.advance(bar)
            results.append(result)
            _say(progress.console, result)
    return results


def _say(console: Console, result: Result) -> None:
    verdict = "ok" if result.is_good else "FAILED"
    console.print(f"{result.kind.name}: {verdict}, {dict(result.done)}, {result.seconds:.0f} s", soft_wrap=True)
    for problem in result.problems[:10]:
        console.print(f"  {problem}", markup=False, soft_wrap=True)


def _print(results: Sequence[Result], tray: Tray, seconds: float) -> None:
    title = f"{len(tray.files)} documents, {tray.pages} pages a run; undisturbed {seconds:.0f} s"
    table = Table(title=title)
    for column in ("kind", "faults", "lost", "doubled", "differ", "recovery", "runs", "s"):
        table.add_column(column, justify="left" if column == "kind" else "right", no_wrap=column != "kind")
    for result in results:
        numbers = map(str, (result.done.total(), result.lost, result.doubled, result.differ))
        end = f"{result.kind.runs}" + (f", {result.hung} hung" if result.hung else "")
        table.add_row(result.kind.title, *numbers, spread(result.recovered), end, f"{result.seconds:.0f}")
    Console().print(table)


def _progress() -> Progress:
    return Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    parser.add_argument("--kind", action="append", help="only kinds whose name begins so; may be repeated")
    parser.add_argument("--kills", type=int, help="faults of each kind, instead of its own number")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--pages", type=int, default=60, help="pages of the tray")
    parser.add_argument("--limit", type=float, default=LIMIT, help="seconds of a run, after which it counts as hung")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="run in this new folder and leave it, with all logs")
    parser.add_argument("--write", type=Path, metavar="MD", help="write the table, such as docs/faults.md")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
