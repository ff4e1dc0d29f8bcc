"""Scores a run: `python -m bench.accuracy TRAY OUT [--json] [--bad]`.

TRAY holds truth.json, OUT the run's pages.csv. Exit code 1 when a page was misfiled, lost or doubled.
"""

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.scoring import Score, read_rows, read_truth, score
from worker.matching.interval import wilson


def summary_table(result: Score) -> Table:
    """The figures a run is judged by."""
    table = Table(title="Run", show_header=False)
    low, high = wilson(result.total.misfiled, result.total.pages)
    rate = result.total.misfiled / max(1, result.total.pages)
    for name, value in (
        ("Pages", str(result.total.pages)),
        ("Misfiled", f"{result.total.misfiled} ({rate:.3%}, 95 % interval {low:.3%} to {high:.3%})"),
        ("Touchless", f"{result.total.touchless:.2%} of {result.total.owned} owned pages"),
        ("Whole documents", f"{result.whole} of {result.documents}"),
        ("Lost, doubled, strange", f"{result.lost}, {result.doubled}, {result.strange_rows}"),
    ):
        table.add_row(name, value)
    return table


def facet_table(result: Score) -> Table:
    """Touchless and misfiled by channel, level, order, kind and situation."""
    table = Table("What", "Which", "Pages", "Touchless", "Misfiled", title="By facet")
    for (facet, value), tally in sorted(result.by_facet.items()):
        shown = f"{tally.touchless:.1%}" if tally.owned else "-"
        table.add_row(facet, value, str(tally.pages), shown, str(tally.misfiled or ""))
    return table


def types_table(title: str, counts: Mapping[tuple[str, str], int]) -> Table:
    """What pages were drawn as against what they were taken for."""
    table = Table("Drawn", "Pages", "Right", "Taken for", title=title)
    for drawn in sorted({drawn for drawn, _ in counts}):
        given = {taken: count for (of, taken), count in counts.items() if of == drawn}
        others = sorted(given.items(), key=lambda each: (-each[1], each[0]))
        wrong = ", ".join(f"{count} {taken}" for taken, count in others if taken != drawn)
        pages = sum(given.values())
        table.add_row(drawn, str(pages), f"{given.get(drawn, 0) / pages:.1%}", wrong)
    return table


def bad_lines(result: Score) -> Iterator[str]:
    """A line for each page that did not end where it belongs."""
    for page, row in result.bad:
        where = f"{page.source} page {page.page} ({page.kind}, {dict(page.facets)['situation']})"
        owner = page.request_id or "nobody's"
        if row is None:
            yield f"{where}: {owner}, no row"
        else:
            yield f"{where}: {owner}, {row.outcome} {row.request_id or ''} {row.confidence}: {row.reason}"


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy", description=__doc__)
    parser.add_argument("tray", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    parser.add_argument("--bad", action="store_true", help="list each page that went wrong")
    given = parser.parse_args(arguments)
    result = score(read_truth(given.tray / "truth.json"), read_rows(given.out / "pages.csv"))
    if given.json:
        print(json.dumps(result.summary()))
    else:
        console = Console()
        for table in (
            summary_table(result),
            facet_table(result),
            types_table("Document types", result.types),
            types_table("Kinds of records", result.record_kinds),
        ):
            console.print(table)
        if given.bad:
            for line in bad_lines(result):
                console.print(line, markup=False, soft_wrap=True, highlight=False)
    return 1 if result.total.misfiled or result.lost or result.doubled or result.strange_rows else 0


if __name__ == "__main__":
    raise SystemExit(main())
