"""The tables of docs/accuracy.md: totals, shares by facet, situations, grounds, and probabilities that came true."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bench.ends import DROPPED, ENDS, REVIEW, end_of
from bench.reliability import Bin, Chance, expected_wrong
from bench.risk import Point
from bench.scoring import Row, Score, Truth, score
from bench.stated import Run, Stated
from worker.matching.interval import wilson

Rows = Mapping[tuple[str, int], list[Row]]
LEVELS_OF_GOAL = ("clean", "typical")


def share(hits: int, count: int) -> str:
    """A share with its 95 % interval."""
    if not count:
        return "-"
    low, high = wilson(hits, count)
    return f"{hits / count:.2%} ({low:.2%} to {high:.2%})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown: the first column of words, the others of numbers."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def totals(runs: Sequence[Run]) -> str:
    """What each tray came to, and all of them together."""
    groups = {run.name: [run] for run in runs} | ({"**all**": list(runs)} if len(runs) > 1 else {})
    scores = {name: _Totals(group) for name, group in groups.items()}
    head = ["", *scores]
    rows = [[what, *(cells[what] for cells in (s.cells() for s in scores.values()))] for what in _Totals.NAMES]
    return table(head, rows)


class _Totals:
    """The figures of some runs together."""

    NAMES = (
        "pages",
        "misfiled",
        "misfiled, share of all pages",
        "touchless, share of owned pages",
        "the same, clean and typical pages of documents with a letter",
        "whole bundles",
        "lost, doubled, strange rows",
        "set aside wrongly",
    )

    def __init__(self, runs: Sequence[Run]) -> None:
        self.pages = [page for run in runs for page in run.pages]
        self.rows = {key: rows for run in runs for key, rows in run.rows.items()}
        self.score = score(self.pages, self.rows)

    def cells(self) -> dict[str, str]:
        total = self.score.total
        goal = score(with_letter(self.pages), self.rows).total
        ends = Counter(end_of(p, got[0]) for p in self.pages if len(got := self.rows.get((p.source, p.page), [])) == 1)
        values = (
            f"{total.pages:,}",
            str(total.misfiled),
            share(total.misfiled, total.pages),
            share(total.hits, total.owned),
            share(goal.hits, goal.owned),
            f"{self.score.whole} of {self.score.documents}",
            f"{self.score.lost}, {self.score.doubled}, {self.score.strange_rows}",
            str(ends[DROPPED]),
        )
        return dict(zip(self.NAMES, values, strict=True))


def with_letter(pages: Iterable[Truth]) -> list[Truth]:
    """Clean and typical pages of documents in which a letter lies."""
    given = list(pages)
    letters = {page.source for page in given if page.kind == "letter"}
    return [p for p in given if p.source in letters and dict(p.facets)["level"] in LEVELS_OF_GOAL]


def facets(result: Score, facet: str) -> str:
    """Misfiled and touchless by the values of a facet."""
    rows = [
        (value, f"{tally.pages:,}", share(tally.misfiled, tally.pages), share(tally.hits, tally.owned))
        for (name, value), tally in sorted(result.by_facet.items())
        if name == facet
    ]
    return table((facet, "pages", "misfiled", "touchless"), rows)


def situations(pages: Sequence[Stated]) -> str:
    """How the pages of each situation ended."""
    found: dict[str, Counter[str]] = {}
    for page in pages:
        found.setdefault(dict(page.truth.facets)["situation"], Counter())[end_of(page.truth, page.row)] += 1
    rows = [(name, str(ends.total()), *(str(ends[end] or "") for end in ENDS)) for name, ends in sorted(found.items())]
    return table(("situation", "pages", *ENDS), rows)


def grounds(pages: Sequence[Stated]) -> str:
    """Why pages went to a person, and how many of these an open request waits for."""
    review = [page for page in pages if end_of(page.truth, page.row) == REVIEW]
    counts = Counter(page.ground for page in review)
    owned = Counter(page.ground for page in review if page.truth.request_id is not None)
    rows = [(ground or "-", str(n), str(owned[ground]), f"{n / len(review):.0%}") for ground, n in counts.most_common()]
    return table(("ground", "pages", "of these owned", "share"), rows)


def probabilities(bins: Sequence[Bin]) -> str:
    """What was stated, and what came true of it."""
    rows = [
        (
            f"{found.low:g} to {found.high:g}",
            f"{found.pages:,}",
            f"{found.stated:.4%}",
            f"{found.share:.2%} ({found.interval[0]:.2%} to {found.interval[1]:.2%})",
            str(found.wrong),
            f"{found.pages * (1 - found.stated):.1f}",
            "yes" if found.is_overstated else "",
        )
        for found in bins
    ]
    return table(("probability", "pages", "stated", "came true", "wrong", "wrong as stated", "overstated"), rows)


def bounds(points: Sequence[Point], run: Point) -> str:
    """What would be filed at some bounds if only the bound counted, and what the run filed."""
    named = [(f"{point.bound:g}", point) for point in points] + [("**the run**", run)]
    rows = [
        (name, f"{point.filed:,}", f"{point.touchless:.2%}", str(point.wrong), share(point.wrong, point.filed))
        for name, point in named
    ]
    return table(("bound", "filed", "touchless", "wrong", "risk"), rows)


def promise(chances: Sequence[Chance]) -> str:
    """One sentence: as many wrong as stated, or more."""
    wrong = sum(not chance.is_right for chance in chances)
    return f"{wrong} of {len(chances):,} are wrong, where the probabilities promise {expected_wrong(chances):.1f}"
