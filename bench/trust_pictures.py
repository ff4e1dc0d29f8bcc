"""Draws reliability and risk as pictures for docs/accuracy.md."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter
from matplotlib.typing import RcKeyType

from bench.reliability import Bin
from bench.risk import Point
from worker.matching.calibration import log_odds

mpl.use("Agg")
INK, GREY, FAINT, BLUE, RED = "#222222", "#8a8a8a", "#dddddd", "#1f6fb2", "#c8571b"
STYLE: dict[RcKeyType, object] = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.hashsalt": "pigeonhole",
}
#: Where shares are marked on axes in log-odds, and where these end.
MARKED = (0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999)
LEAST, MOST = 0.08, 0.999999
#: Risks are drawn on a logarithmic axis; none at all is drawn on its floor.
FLOOR, RISKS = 1e-4, (1e-3, 1e-2, 1e-1, 1.0)
#: Intervals of fewer filed pages say nothing.
LEAST_FILED = 5


def draw_reliability(panels: Mapping[str, Sequence[Bin]], path: Path) -> None:
    """Stated probability against the share that is right, a panel for each group of pages."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(4.4 * len(panels), 4.6), dpi=110, layout="constrained")
        for axes, (title, bins) in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True):
            _reliability(axes, bins)
            axes.set_title(f"{title} ({sum(b.pages for b in bins):,})", fontsize=9.5, loc="left")
        figure.savefig(path, metadata={"Software": None})


def _reliability(axes: Axes, bins: Sequence[Bin]) -> None:
    ends = log_odds_of(LEAST), log_odds_of(MOST)
    axes.plot(ends, ends, color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    for found in bins:
        x, (low, high) = log_odds_of(found.stated), map(log_odds_of, found.interval)
        axes.plot((x, x), (low, high), color=BLUE, linewidth=1.6, alpha=0.65, zorder=2)
        is_perfect = found.wrong == 0
        axes.plot(
            x,
            high if is_perfect else log_odds_of(found.share),
            marker="^" if is_perfect else "o",
            markersize=6,
            color=BLUE,
            markerfacecolor="white" if is_perfect else BLUE,
            zorder=3,
        )
        axes.annotate(
            f"{found.wrong} of {found.pages:,}",
            (x, 0.02),
            xycoords=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            fontsize=6.5,
            rotation=90,
        )
    places, percents = [log_odds_of(share) for share in MARKED], [f"{share * 100:.6g} %" for share in MARKED]
    axes.set_xticks(places, percents, rotation=45)
    axes.set_yticks(places, percents)
    axes.set_xlim(ends[0], ends[1] + 0.8)
    axes.set_ylim(ends[0] - 6, ends[1] + 0.8)
    axes.set_xlabel("stated: probability of the likeliest request")
    axes.set_ylabel("true: share of pages that are its (95 % interval)")


def log_odds_of(share: float) -> float:
    """The place of a share on an axis in log-odds; what is off the axis is drawn at its end."""
    return log_odds(min(MOST, max(LEAST / 10, share)))


def draw_risk(panels: Mapping[str, tuple[Sequence[Point], Point]], path: Path, columns: int) -> None:
    """Misfile risk against touchless rate: a curve and the run as it was, a panel for each group of pages."""
    rows = -(-len(panels) // columns)
    size = (5.6, 3.8) if len(panels) == 1 else (3.0 * columns, 2.5 * rows)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=size, dpi=110, layout="constrained")
        grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
        left = left_of([point.touchless for points, run in panels.values() for point in (run, *_shown(points))])
        for axes, (title, (points, run)) in zip(grid.flat, panels.items(), strict=False):
            _risk(axes, points, run)
            axes.set_xlim(left, 1.01)
            axes.set_title(f"{title} ({run.owned:,} owned pages)", fontsize=8.5, loc="left")
        for axes in list(grid.flat)[len(panels) :]:
            axes.set_visible(False)
        figure.supxlabel("touchless: share of owned pages filed right", fontsize=9)
        figure.supylabel("misfile risk: share of filed pages filed wrong", fontsize=9)
        figure.savefig(path, metadata={"Software": None})


def _risk(axes: Axes, points: Sequence[Point], run: Point) -> None:
    shown = _shown(points)
    along = np.array([point.touchless for point in shown])
    low, high = (np.array([risk_of(point.interval[k]) for point in shown]) for k in (0, 1))
    axes.fill_between(along, low, high, step="post", color=BLUE, alpha=0.16, linewidth=0)
    axes.step(along, [risk_of(point.risk) for point in shown], where="post", color=BLUE, linewidth=1.5)
    ends = [risk_of(end) for end in run.interval]
    axes.plot((run.touchless, run.touchless), ends, color=RED, linewidth=1.4)
    axes.plot(run.touchless, risk_of(run.risk), marker="D", markersize=5.5, color=RED, zorder=4)
    axes.annotate(
        f"{run.wrong} of {run.filed:,}",
        (run.touchless, ends[1]),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=7,
        color=RED,
    )
    axes.set_yscale("log")
    axes.set_ylim(FLOOR * 0.8, 1.0)
    axes.set_yticks((FLOOR, *RISKS), ("none", *(f"{risk * 100:g} %" for risk in RISKS)))
    axes.minorticks_off()
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))


def _shown(points: Sequence[Point]) -> list[Point]:
    return [point for point in points if point.filed >= LEAST_FILED]


def left_of(rates: Sequence[float]) -> float:
    """Where an axis of touchless rates begins: a tenth that lies below all of them."""
    return max(0.0, math.floor(min(rates, default=0.0) * 10 - 0.2) / 10)


def risk_of(share: float) -> float:
    """The place of a risk on its axis: none at all lies on the floor."""
    return max(FLOOR, share)
