"""How far decisions can be trusted: `python -m bench.trust TRAY:OUT [TRAY:OUT ...] --write docs/accuracy.md`.

TRAY holds truth.json and requests.csv; OUT is the output folder of `pigeonhole process`, or a stream of the tray (.gz,
see bench.stream), which is decided now. Draws the pictures and writes the part of the page that is marked `trust`.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import trust_tables as tables
from bench.drawing.wear import LEVELS
from bench.mailroom import CHANNELS
from bench.marked import rewrite
from bench.reliability import Chance, bins_of
from bench.risk import Point, as_run, at_bounds, curve
from bench.scoring import score
from bench.stated import Run, Stated, load, told
from bench.trust_pictures import draw_reliability, draw_risk
from worker.matching.judgment import Ground

PART = "trust"
_FILED = frozenset({Ground.NAMED, Ground.FOLLOWS})
#: Bounds of which the table tells what would be filed.
SHOWN = (0.5, 0.8, 0.9, 0.95, 0.97, 0.99, 0.999, 0.9995, 0.9999)
#: From this probability on a wrong request is worth a look.
SURE = 0.9
ALL, FILED = "every page with a likeliest request", "filed pages"


@dataclass(frozen=True, slots=True)
class Pictures:
    """Where the pictures of a page lie: beside it, named after it."""

    page: Path

    def path(self, name: str) -> Path:
        """The picture's file."""
        return self.page.with_name(f"{self.page.stem}-{name}.png")

    def link(self, name: str, words: str) -> str:
        """The picture in the page."""
        return f"![{words}]({self.path(name).name})"


def chances_of(runs: Sequence[Run]) -> dict[str, list[Chance]]:
    """The two groups of pages whose probabilities are looked at."""
    pages = list(told(list(runs)))
    return {
        ALL: [Chance(page.probability, page.is_right) for page in pages],
        FILED: [Chance(page.probability, page.is_right) for page in pages if page.ground in _FILED],
    }


def by_facet(pages: Sequence[Stated]) -> dict[str, list[Stated]]:
    """The pages of each channel and each level, in the order in which these are drawn."""
    wanted = [("channel", channel) for channel in CHANNELS] + [("level", level) for level in LEVELS]
    groups = {value: [p for p in pages if (facet, value) in p.truth.facets] for facet, value in wanted}
    return {value: group for value, group in groups.items() if group}


def draw(runs: Sequence[Run], pictures: Pictures) -> None:
    """All pictures of the page."""
    pages = [page for run in runs for page in run.stated]
    draw_reliability({name: bins_of(found) for name, found in chances_of(runs).items()}, pictures.path("reliability"))
    draw_risk({"all pages": _panel(pages)}, pictures.path("risk"), columns=1)
    panels = {name: _panel(group) for name, group in by_facet(pages).items()}
    draw_risk(panels, pictures.path("risk-by"), columns=3)


def _panel(pages: Sequence[Stated]) -> tuple[tuple[Point, ...], Point]:
    return curve(pages), as_run(pages)


def text_of(runs: Sequence[Run], pictures: Pictures) -> str:
    """The marked part of the page."""
    stated = [page for run in runs for page in run.stated]
    chances, (points, run) = chances_of(runs), _panel(stated)
    result = score([p for run in runs for p in run.pages], {k: v for run in runs for k, v in run.rows.items()})
    parts = [
        f"### Totals\n\n{tables.totals(runs)}",
        "### Probabilities that came true\n",
        pictures.link("reliability", "stated probability against the share of pages that are the stated request's"),
        *(
            f"\nOf {name}: {tables.promise(found)}.\n\n{tables.probabilities(bins_of(found))}"
            for name, found in chances.items()
        ),
        "### Risk against touchless rate\n",
        pictures.link("risk", "misfile risk against touchless rate as the bound moves"),
        f"\n{tables.bounds(at_bounds(points, SHOWN), run)}",
        "\nBy channel and by quality:\n",
        pictures.link("risk-by", "the same for each channel and each level of quality"),
        f"\n### By channel\n\n{tables.facets(result, 'channel')}",
        f"### By quality\n\n{tables.facets(result, 'level')}",
        f"### By order of the document\n\n{tables.facets(result, 'order')}",
        f"### By situation\n\n{tables.situations(stated)}",
        f"### Why pages went to a person\n\n{tables.grounds(stated)}",
    ]
    return "\n".join(parts)


def surely_wrong(runs: Sequence[Run]) -> list[str]:
    """A line for each page whose likeliest request is not its own though that was stated SURE: what to look at."""
    found = [page for page in told(list(runs)) if not page.is_right and page.probability >= SURE]
    return [
        f"{page.truth.source} page {page.truth.page} ({dict(page.truth.facets)['situation']}): "
        f"{page.truth.request_id or 'nobody'}, stated {page.best} {page.probability:.6f}, {page.ground}"
        for page in sorted(found, key=lambda page: -page.probability)
    ]


def main(arguments: list[str] | None = None) -> int:
    """The command line; 1 when a page was misfiled, lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m bench.trust", description=__doc__)
    parser.add_argument("runs", nargs="+", metavar="TRAY:OUT")
    parser.add_argument("--write", type=Path, metavar="MD", help="the page to write, such as docs/accuracy.md")
    given = parser.parse_args(arguments)
    runs = [load(run) for run in given.runs]
    if given.write:
        pictures = Pictures(given.write)
        draw(runs, pictures)
        rewrite(given.write, PART, text_of(runs, pictures))
    print("\n".join((tables.totals(runs), *surely_wrong(runs))))
    result = score([p for run in runs for p in run.pages], {k: v for run in runs for k, v in run.rows.items()})
    return 1 if result.total.misfiled or result.lost or result.doubled or result.strange_rows else 0


if __name__ == "__main__":
    raise SystemExit(main())
