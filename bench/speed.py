"""`python -m bench.speed TRAY`: pages a second of `pigeonhole process`, next to another program in the same run.

Machines are shared and noisy, so only the ratio of two programs that ran one after the other says something.
TRAY holds scans/, requests.csv and truth.json (which tells how many pages there are).
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table


def main() -> None:
    """Reads the arguments, runs both programs as often as asked, and prints a table."""
    given = _arguments()
    pages = sum(len(document["pages"]) for document in json.loads((given.tray / "truth.json").read_text()).values())
    ours, theirs = [], []
    for _ in range(given.rounds):
        with tempfile.TemporaryDirectory() as folder:
            ours.append(pages / _seconds(_process(given.tray, Path(folder), given.jobs)))
            if given.against:
                theirs.append(pages / _seconds(_other(given.against, given.tray, Path(folder))))
    _print(pages, ours, theirs)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tray", type=Path)
    parser.add_argument("--against", type=Path, help="a script that is called with SCANS REQUESTS OUT.csv")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def _process(tray: Path, folder: Path, jobs: int) -> list[str]:
    arguments = [tray / "scans", "--requests", tray / "requests.csv", "--out", folder / "out", "--jobs", jobs]
    return [sys.executable, "-m", "worker", "process", *map(str, arguments)]


def _other(script: Path, tray: Path, folder: Path) -> list[str]:
    return [sys.executable, *map(str, (script, tray / "scans", tray / "requests.csv", folder / "other.csv"))]


def _seconds(command: Sequence[str]) -> float:
    began = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    return time.monotonic() - began


def _print(pages: int, ours: list[float], theirs: list[float]) -> None:
    table = Table(title=f"{pages} pages, {len(ours)} round(s)")
    for column in ("program", "pages/s, median", "least", "most"):
        table.add_column(column, justify="left" if column == "program" else "right")
    for name, rates in (("pigeonhole process", ours), ("the other program", theirs)):
        if rates:
            table.add_row(name, *(f"{value:.2f}" for value in (median(rates), min(rates), max(rates))))
    if theirs:
        ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
        table.add_row("ratio", *(f"{value:.1f}" for value in (median(ratios), min(ratios), max(ratios))))
    Console().print(table)


if __name__ == "__main__":
    main()
