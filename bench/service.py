"""What the service costs and how it scales: `python -m bench.service [--part speed|long|doors] [--write MD]`.

Two cores are meant: two threads in all each time. Machines are shared and noisy, so only ratios within one run tell
something.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles

from rich.console import Console

from bench.faults_attack import Servers
from bench.faults_tray import draw
from bench.service_doors import Doors, through_all_doors
from bench.service_speed import SETTINGS, SHAPES, draw_long, seconds_of_process, seconds_of_service

PARTS = ("speed", "long", "doors")


def main(arguments: list[str] | None = None) -> int:
    """The command line; 1 when a document is not accounted for."""
    given = _parser().parse_args(arguments)
    console, sections, is_good = Console(), list[str](), True
    with tempfile.TemporaryDirectory(prefix="pigeonhole-service-", ignore_cleanup_errors=True) as name:
        for part in given.part or PARTS:
            with console.status(f"measuring: {part}"):
                folder = Path(name) / part
                folder.mkdir()
                if part == "doors":
                    doors = through_all_doors(folder, given.documents, given.seed, given.limit)
                    is_good = is_good and not doors.problems
                    section = "\n".join(_tell_doors(doors))
                else:
                    section = "\n".join((_speed if part == "speed" else _long)(folder, given))
            console.print(section, markup=False, soft_wrap=True)
            sections.append(section)
    if given.write:
        given.write.write_text("\n\n".join(("# What the service costs", *sections)) + "\n", encoding="utf-8")
    return 0 if is_good else 1


def _speed(folder: Path, given: argparse.Namespace) -> Iterator[str]:
    tray = draw(folder / "tray", given.pages, given.seed)
    ratios: dict[str, list[float]] = {}
    rates: dict[str, list[float]] = {}
    with Servers() as servers:
        for number in range(given.rounds):
            place = folder / f"process-{number}"
            place.mkdir()
            alone = seconds_of_process(place, tray)
            rates.setdefault("process --jobs 2", []).append(tray.pages / alone)
            for kind, settings in SETTINGS.items():
                for shape, options in SHAPES.items():
                    place = folder / f"{kind}-{options[0]}-{number}"
                    place.mkdir()
                    seconds = seconds_of_service(place, tray, settings(servers, place), options, given.limit)
                    rates.setdefault(f"{kind}, {shape}", []).append(tray.pages / seconds)
                    ratios.setdefault(f"{kind}, {shape}", []).append(seconds / alone)
    yield f"## Throughput: {len(tray.files)} documents, {tray.pages} pages, {given.rounds} round(s)\n"
    yield "From the start of the processes to the last page filed and told, all start-up included.\n"
    yield "| | pages a second | time against `process` |\n|---|--:|--:|"
    for name, values in rates.items():
        times = f"{median(ratios[name]):.2f}" if name in ratios else "1"
        yield f"| {name} | {median(values):.2f} | {times} |"


def _long(folder: Path, given: argparse.Namespace) -> Iterator[str]:
    tray = draw_long(folder / "tray", given.long, given.seed)
    yield f"## One document of {tray.pages} pages, from arrival to filed\n"
    yield "| worker processes of one thread | seconds | against one |\n|---|--:|--:|"
    first = 0.0
    with Servers() as servers:
        for count in ("1", "2"):
            place = folder / count
            place.mkdir()
            settings = SETTINGS["PostgreSQL, Redis"](servers, place)
            seconds = seconds_of_service(place, tray, settings, (count, "1"), given.limit)
            first = first or seconds
            yield f"| {count} | {seconds:.0f} | {seconds / first:.2f} |"


def _tell_doors(doors: Doors) -> Iterator[str]:
    by_door = ", ".join(f"{number} by {door}" for door, number in sorted(doors.arrivals.items()))
    yield f"## {doors.documents} documents through four doors at once\n"
    yield f"{by_door}; all filed and told after {doors.seconds:.0f} s. Problems: {len(doors.problems) or 'none'}.\n"
    yield "| line | documents | wait from door to filed, median | 99th percentile | longest |\n|---|--:|--:|--:|--:|"
    for line, waits in sorted(doors.waits.items()):
        yield f"| {line} | {len(waits)} | {median(waits):.1f} s | {_p99(waits):.1f} s | {max(waits):.1f} s |"
    yield from (f"- {problem}" for problem in doors.problems[:20])


def _p99(values: Sequence[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[98] if len(values) > 1 else values[0]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.service", description=__doc__)
    parser.add_argument("--part", action="append", choices=PARTS, help="only this part; may be repeated")
    parser.add_argument("--pages", type=int, default=90, help="pages of the tray for the throughput")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of the throughput")
    parser.add_argument("--long", type=int, default=400, help="pages of the long document")
    parser.add_argument("--documents", type=int, default=2000, help="documents for the four doors")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--limit", type=float, default=3600.0, help="seconds of a run, after which it counts as hung")
    parser.add_argument("--write", type=Path, metavar="MD", help="write the tables, such as docs/service.md")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
