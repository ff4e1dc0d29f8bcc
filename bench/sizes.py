"""Time and memory by size: `python -m bench.sizes bundles|trays [--sizes 10,100,1000] --write docs/performance.md`.

`bundles` draws one fax of so many pages (a letter and the chart that answers it), `trays` so many pages of ordinary
bundles; `pigeonhole process` files each. Prints a table, and draws a picture beside the page it writes.
"""

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from bench.drawing.channels import Side, send
from bench.drawing.wear import LEVELS
from bench.mailroom import draw_call, draw_tray
from bench.marked import rewrite
from bench.process_tree import Cost, measure
from bench.registry import draw_registry, write_registry
from bench.situations.desk import Desk

SEED, REQUESTS = 6101, 3000
MB = 1_000_000
#: Pages that a drawn bundle has on average: how many are drawn for a tray of some size.
PAGES_A_BUNDLE = 9
#: Charts are drawn with at most so many pages; longer ones are put together from several.
CHART = 25


@dataclass(frozen=True, slots=True)
class Sized:
    """What was filed and what it took."""

    pages: int
    cost: Cost


def main() -> None:
    """The command line."""
    given = _arguments()
    sizes = [int(size) for size in given.sizes.split(",")]
    found = [_run(DRAW[given.what], size, given.jobs) for size in sizes]
    text = table(found)
    print(text)
    if given.write:
        picture = given.write.with_name(f"{given.write.stem}-{given.what}.png")
        draw(found, given.what, picture)
        rewrite(given.write, given.what, f"{text}\n\n![Time and memory of {given.what} by size]({picture.name})")


def draw_bundle(folder: Path, pages: int) -> int:
    """A tray of one fax: a letter and a chart; gives the number of its pages."""
    rng = random.Random(f"bundle of {pages}")
    registry = draw_registry(SEED, REQUESTS)
    desk = Desk(registry, rng)
    request = desk.pick()
    leaves = [desk.letter(request)]
    while len(leaves) < pages:
        leaves += desk.records(request, min(CHART, pages - len(leaves)))
    (folder / "scans").mkdir()
    sides = [Side(leaf.sheet, leaf.turn) for leaf in leaves[:pages]]
    content, suffix = send(sides, "fax_fine", LEVELS["typical"], draw_call(registry, rng), rng)
    (folder / "scans" / f"bundle{suffix}").write_bytes(content)
    write_registry(registry, folder / "requests.csv")
    return pages


def draw_pages(folder: Path, pages: int) -> int:
    """A tray of about so many pages; gives how many there are."""
    return draw_tray(folder, max(1, pages // PAGES_A_BUNDLE), SEED, requests=REQUESTS, only_traps=False)


DRAW: dict[str, Callable[[Path, int], int]] = {"bundles": draw_bundle, "trays": draw_pages}


def _run(draw_one: Callable[[Path, int], int], size: int, jobs: int) -> Sized:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = draw_one(folder, size)
        arguments = [folder / "scans", "--requests", folder / "requests.csv", "--out", folder / "out", "--jobs", jobs]
        cost = measure([sys.executable, "-m", "worker", "process", *map(str, arguments)])
        counted = sum(1 for _ in (folder / "out" / "pages.csv").open()) - 1
    if counted != pages:
        raise RuntimeError(json.dumps({"pages": pages, "told of": counted}))
    print(f"{pages} pages: {cost.seconds:.0f} s, {cost.peak / MB:.0f} MB", file=sys.stderr)
    return Sized(pages, cost)


def table(found: Sequence[Sized]) -> str:
    """A row for each size, as markdown."""
    lines = ["| pages | seconds | pages/s | peak memory of all processes |", "|---|---|---|---|"]
    for one in found:
        rate, peak = one.pages / one.cost.seconds, one.cost.peak / MB
        lines.append(f"| {one.pages} | {one.cost.seconds:.1f} | {rate:.2f} | {peak:.0f} MB |")
    return "\n".join(lines)


def draw(found: Sequence[Sized], what: str, path: Path) -> None:
    """Seconds and peak memory by pages, both axes logarithmic."""
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    pages = [one.pages for one in found]
    left.loglog(pages, [one.cost.seconds for one in found], marker="o")
    left.set(title=f"seconds for {what}", xlabel="pages", ylabel="seconds")
    right.semilogx(pages, [one.cost.peak / MB for one in found], marker="o")
    right.set(title="peak memory", xlabel="pages", ylabel="MB", ylim=(0, None))
    for axes in (left, right):
        axes.grid(visible=True, which="major", alpha=0.3)
    figure.savefig(path, dpi=110)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.sizes", description=__doc__)
    parser.add_argument("what", choices=sorted(DRAW))
    parser.add_argument("--sizes", default="10,100,1000", help="pages, parted by commas")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", type=Path, help="a page with parts that are marked `bundles` and `trays`")
    return parser.parse_args()


if __name__ == "__main__":
    main()
