"""The last words of a run: what came, where it went, and what a person must do."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from worker.cli.progress import TrayProgress
from worker.domain.decision import Outcome
from worker.filing.tables import DocumentResult
from worker.pipeline.results import count

_MOST_REASONS = 8


def print_summary(out: Path, results: Sequence[DocumentResult], progress: TrayProgress, *, left_alone: int = 0) -> None:
    """Prints the totals of an output folder and where to look next."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    totals = count(results)
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column("what")
    table.add_column("count", justify="right")
    table.add_column("note")
    table.add_row("documents", str(totals.documents), _aside(totals.duplicates, totals.rejected))
    table.add_row("pages", str(totals.pages), f"{progress.rate:.1f} a second in this run" if progress.pages else "")
    table.add_row("filed", str(totals.filed), f"in {out / 'requests'}")
    table.add_row("for review", str(totals.review), f"in {out / 'review'}")
    table.add_row("set aside", str(totals.set_aside), "blank pages, separators, cover sheets, pages sent twice")
    console.print(table)
    for result in results:
        if result.outcome.value == "rejected":
            console.print(f"rejected: {result.arrival.source}: {result.reason}")
    _print_reasons(console, results)
    if left_alone:
        console.print(f"{left_alone} hidden or temporary files were left alone.")
    console.print(f"Every page and why: {out / 'pages.csv'}")


def _aside(duplicates: int, rejected: int) -> str:
    parts = [f"{duplicates} came before" if duplicates else "", f"{rejected} rejected" if rejected else ""]
    return ", ".join(part for part in parts if part)


def _print_reasons(console: Console, results: Sequence[DocumentResult]) -> None:
    grounds = Counter(
        decision.ground
        for result in results
        for decision in result.decisions
        if decision.outcome is Outcome.REVIEW and not result.duplicate_of
    )
    if grounds:
        shown = ", ".join(f"{ground.replace('_', ' ')} {n}" for ground, n in grounds.most_common(_MOST_REASONS))
        console.print(f"Why pages need a person: {shown}")
