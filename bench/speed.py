"""Pages a second of `pigeonhole process`, side by side with other programs in the same run.

`python -m bench.speed TRAY --against ../shared/tray/baseline.py --ocrmypdf VENV/bin/ocrmypdf --rounds 3 --write
docs/performance.md`. Machines are shared and noisy, so only the ratio of programs that ran one after the other says
something. TRAY holds scans/, requests.csv and truth.json (which tells how many pages there are). Always measured is the
limit: decoding and one barcode pass of each page, and nothing else (bench.limit).
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.marked import rewrite
from bench.process_tree import Cost, measure

PART = "speed"
OURS, CLERK, OCRMYPDF, LIMIT = "pigeonhole process", "the clerk's script", "OCRmyPDF", "decode and one barcode pass"
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Program:
    """What is run on the tray: `commands` gives its commands, one after the other, given a folder of its own."""

    name: str
    commands: Callable[[Path], Iterable[Sequence[str]]]
    costs: list[Cost] = field(default_factory=list)

    def run(self) -> None:
        """Once, in a folder that is removed again."""
        with tempfile.TemporaryDirectory() as folder:
            costs = [measure(command) for command in self.commands(Path(folder))]
        self.costs.append(Cost(sum(cost.seconds for cost in costs), max(cost.peak for cost in costs)))


def main() -> None:
    """Runs all programs as often as asked, one after the other, and prints a table."""
    given = _arguments()
    pages = sum(len(document["pages"]) for document in json.loads((given.tray / "truth.json").read_text()).values())
    programs = _programs(given)
    for _ in range(given.rounds):
        for program in programs:
            program.run()
            print(f"{program.name}: {program.costs[-1].seconds:.1f} s", file=sys.stderr)
    text = table(programs, pages, given.jobs)
    print(text)
    if given.write:
        rewrite(given.write, PART, f"\n{pages} pages of `{given.tray}`, {given.rounds} rounds.\n\n{text}\n")


def table(programs: Sequence[Program], pages: int, jobs: int) -> str:
    """Rates and ratios as markdown: the median, and the least and the most of all rounds."""
    ours = programs[0]
    lines = [
        f"| program | pages/s with {jobs} jobs | seconds a page and core | time, in times of ours | peak memory |",
        "|---|---|---|---|---|",
    ]
    for program in programs:
        rates = [pages / cost.seconds for cost in program.costs]
        ratios = [a.seconds / b.seconds for a, b in zip(program.costs, ours.costs, strict=True)]
        each = median(jobs * cost.seconds / pages for cost in program.costs)
        peak = max(cost.peak for cost in program.costs) / MB
        lines.append(f"| {program.name} | {_spread(rates)} | {each:.2f} | {_spread(ratios)} | {peak:.0f} MB |")
    return "\n".join(lines)


def _spread(values: Sequence[float]) -> str:
    if len(values) == 1:
        return f"{values[0]:.2f}"
    return f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def _programs(given: argparse.Namespace) -> list[Program]:
    scans, requests, jobs = given.tray / "scans", given.tray / "requests.csv", str(given.jobs)
    ours = [sys.executable, "-m", "worker", "process", str(scans), "--requests", str(requests), "--jobs", jobs]
    found = [
        Program(OURS, lambda folder: [[*ours, "--out", str(folder / "out")]]),
        Program(LIMIT, lambda _: [[sys.executable, "-m", "bench.limit", str(scans), "--jobs", jobs]]),
    ]
    if given.against:
        clerk = [sys.executable, str(given.against), str(scans), str(requests)]
        found.append(Program(CLERK, lambda folder: [[*clerk, str(folder / "out.csv")]]))
    if given.ocrmypdf:
        found.append(Program(OCRMYPDF, lambda folder: list(_ocrmypdf(given.ocrmypdf, scans, folder, jobs))))
    return found


def _ocrmypdf(program: Path, scans: Path, folder: Path, jobs: str) -> Iterable[Sequence[str]]:
    """It takes PDFs: faxes are wrapped as they are. Its own defaults, but for the archive format."""
    for path in sorted(scans.iterdir()):
        wrapped = path
        if path.suffix != ".pdf":
            wrapped = folder / f"{path.stem}.pdf"
            yield [sys.executable, "-m", "img2pdf", str(path), "-o", str(wrapped)]
        yield [str(program), "--jobs", jobs, "--force-ocr", "--output-type", "pdf", str(wrapped), str(folder / "o.pdf")]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.speed", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tray", type=Path)
    parser.add_argument("--against", type=Path, help="a script that is called with SCANS REQUESTS OUT.csv")
    parser.add_argument("--ocrmypdf", type=Path, help="the program, installed in an environment of its own")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", type=Path, help="a page with a part that is marked `speed`")
    return parser.parse_args()


if __name__ == "__main__":
    main()
