"""`pigeonhole status`: what waits, where, and since when."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.table import Table

from worker.cli.options import Home, Json
from worker.db import waiting
from worker.db.waiting import LineQueue, StepQueue
from worker.domain.decision import Outcome
from worker.domain.line import Line
from worker.pipeline.site import Site
from worker.wiring import open_site


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that `pigeonhole status` says."""

    lines: tuple[LineQueue, ...]
    steps: tuple[StepQueue, ...]
    documents: dict[str, int]
    pages: dict[str, int]
    untold_events: int


def status(home: Home = None, as_json: Json = False) -> None:
    """Show what waits, on which line and at which step, and since when.

    Example: pigeonhole status --json
    """
    site = open_site(home)
    found = _look(site)
    if as_json:
        typer.echo(json.dumps(asdict(found), default=_in_json, indent=1))
    else:
        _print(found, site)


def _look(site: Site) -> Status:
    engine = site.shelf.engine
    return Status(
        lines=waiting.load_lines(engine),
        steps=waiting.load_steps(engine),
        documents={stage.value: number for stage, number in waiting.count_stages(engine).items()},
        pages={outcome.value: number for outcome, number in waiting.count_outcomes(engine).items()},
        untold_events=waiting.count_untold(engine),
    )


def _print(found: Status, site: Site) -> None:
    console = Console(highlight=False, markup=False)
    now = datetime.now(UTC)
    if not found.lines:
        console.print("Nothing is under way.")
    else:
        table = Table("line", "documents", "oldest", "clock", title="What waits", title_justify="left")
        for queue in found.lines:
            table.add_row(queue.line, str(queue.documents), _age(queue.oldest, now), _clock(queue, site, now))
        console.print(table)
    if found.steps:
        table = Table("step", "tasks", "being done", "failed before", "oldest", title="Tasks", title_justify="left")
        for step in found.steps:
            table.add_row(step.step.value, str(step.tasks), str(step.held), str(step.retried), _age(step.oldest, now))
        console.print(table)
    console.print("Documents: " + _counts(found.documents))
    console.print("Pages: " + _counts(found.pages))
    if found.pages.get(Outcome.REVIEW.value):
        console.print("Pages in review wait for a person: the review site shows them, `pigeonhole users add` lets in.")
    if found.untold_events:
        console.print(f"Events that nobody has taken yet: {found.untold_events}")
    if found.documents.get("parked"):
        console.print("Parked documents need a person: see documents.csv after `pigeonhole tables`.")


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in sorted(counts.items())) or "none yet"


def _age(since: datetime | None, now: datetime) -> str:
    if since is None:
        return ""
    seconds = max(0, int((now - since).total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _clock(queue: LineQueue, site: Site, now: datetime) -> str:
    """How much of the line's clock the oldest document has left."""
    line: Line | None = site.lines.get(queue.line)
    if line is None or line.clock_hours is None or queue.oldest is None:
        return ""
    left = line.clock_hours - (now - queue.oldest).total_seconds() / 3600
    return f"{left:.1f} of {line.clock_hours} h left" if left > 0 else f"{-left:.1f} h over"


def _in_json(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON")
