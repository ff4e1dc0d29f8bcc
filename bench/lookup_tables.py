"""The figures of bench.registry_lookups as tables and as a picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

mpl.use("Agg")

#: What is promised at a million requests: milliseconds of a page at the median and the 99th percentile, and seconds of
#: an import.
TARGETS, IMPORT_TARGET = (20.0, 100.0), 120.0
_COLOURS = {"SQLite": "#1b6ca8", "PostgreSQL": "#c4571a"}


@dataclass(frozen=True, slots=True)
class Run:
    """One registry in one database. Seconds of the import by the clock (`checked` of them for checking the file), and
    of our processor; megabytes; milliseconds of each page by the clock, and of a processor, ours and the server's.
    """

    database: str
    count: int
    checked: float
    seconds: float
    cost: float
    peak: float
    megabytes: float
    times: tuple[float, ...]
    costs: tuple[float, ...]
    questions: float


def at_99(figures: Sequence[float]) -> float:
    """What all but one in a hundred stay below."""
    return sorted(figures)[int(len(figures) * 0.99)]


def text_of(runs: Sequence[Run]) -> str:
    """The figures as Markdown."""
    lines = ["| Database | Requests | Import, s | of that checking | CPU s | Peak MB | Database MB |"]
    lines += ["|---|--:|--:|--:|--:|--:|--:|"]
    for run in runs:
        took = f"{run.seconds:.1f} | {run.checked:.1f} | {run.cost:.1f}"
        lines.append(f"| {run.database} | {run.count:,} | {took} | {run.peak:.0f} | {run.megabytes:.0f} |")
    lines += ["", "| Database | Requests | Page, CPU ms, median | 99 % | Clock ms, median | 99 % | Questions a page |"]
    lines += ["|---|--:|--:|--:|--:|--:|--:|"]
    for run in runs:
        shown = (median(run.costs), at_99(run.costs), median(run.times), at_99(run.times))
        figures = " | ".join(f"{figure:.1f}" for figure in shown)
        lines.append(f"| {run.database} | {run.count:,} | {figures} | {run.questions:.0f} |")
    return "\n".join(lines) + "\n"


def draw(runs: Sequence[Run], path: Path) -> None:
    """Time of a page, time of an import and its peak of memory, against the size of the registry."""
    figure = Figure(figsize=(12, 3.6), layout="constrained")
    pages, imports, memory = figure.subplots(1, 3)
    _lines(pages, runs, lambda run: median(run.costs), "median", "o-")
    _lines(pages, runs, lambda run: at_99(run.costs), "99 %", "s--")
    for target in TARGETS:
        pages.axhline(target, color="#888888", linewidth=0.8, linestyle=":")
    _lines(imports, runs, lambda run: run.seconds, "clock", "o-")
    _lines(imports, runs, lambda run: run.cost, "our CPU", "s--")
    imports.axhline(IMPORT_TARGET, color="#888888", linewidth=0.8, linestyle=":")
    _lines(memory, runs, lambda run: run.peak, "importing process", "o-")
    for axes, title in ((pages, "CPU ms for a page"), (imports, "s for an import"), (memory, "MB at the peak")):
        axes.set(title=title, xlabel="requests", xscale="log")
        axes.legend(fontsize=7)
    for axes in (pages, memory):
        axes.set_ylim(bottom=0)
    imports.set_yscale("log")
    figure.savefig(path, dpi=110)


def _lines(axes: Axes, runs: Sequence[Run], value: Callable[[Run], float], name: str, style: str) -> None:
    for database, colour in _COLOURS.items():
        own = sorted((run.count, value(run)) for run in runs if run.database == database)
        if own:
            counts, values = zip(*own, strict=True)
            axes.plot(counts, values, style, color=colour, label=f"{database}, {name}", markersize=4)
