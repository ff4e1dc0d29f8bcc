"""What a campaign found out, kind by kind, and the page that says so."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.faults_attack import Tray
from bench.faults_compare import Verdict
from bench.faults_kinds import Kind
from bench.faults_room import LEASE_SECONDS

HEAD = """# The fault campaign

Written by `python -m bench.faults --seed {seed} --write docs/faults.md`: {documents} drawn documents of
{pages} pages go through the service undisturbed ({seconds:.0f} s with two worker processes of one thread each), then
once more for each run of each kind of fault, {faults} faults in all. Redis, PostgreSQL and S3 (moto) are real.

- **lost**: a page without an outcome, a problem that `pigeonhole audit pages` reports, an event never delivered.
- **doubled**: a page that came more often than it was sent, or that stands twice or with the wrong request in the
  manifests; an event of the same pages told twice.
- **differ**: a page whose outcome, request or document type is not that of the undisturbed run.
- **recovery**: seconds from the end of the fault to the next step that was done; of a kill, from the kill until
  somebody else had what the dead worker held. Median and worst. A lease lasts {lease} s here (30 s by default).

| Fault | injected | lost | doubled | differ | recovery | runs |
|---|--:|--:|--:|--:|--:|--:|
"""
STEPS_HEAD = "\nWhat the killed workers held: "
TAIL = """
No task is killed for a third time by chance: that is what parks a document, and what the two poison documents are for.
Their pages end in review or their document is left to a person; every other page ends as undisturbed.
"""


@dataclass(slots=True)
class Result:
    """All runs of one kind."""

    kind: Kind
    done: Counter[str] = field(default_factory=Counter)
    recovered: list[float] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    differ: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)
    hung: int = 0

    @property
    def is_good(self) -> bool:
        """Nothing lost, twice or otherwise, no run that hung."""
        return not (self.lost or self.doubled or self.differ or self.hung)

    def add(self, verdict: Verdict) -> None:
        """The verdict on one run."""
        self.lost += verdict.lost
        self.doubled += verdict.doubled
        self.differ += verdict.differ
        self.problems += verdict.problems


def spread(seconds: Sequence[float]) -> str:
    """Median and worst."""
    return f"{median(seconds):.1f} / {max(seconds):.1f}" if seconds else "-"


def write(path: Path, results: Sequence[Result], tray: Tray, seconds: float, seed: int) -> None:
    """The page with the table, as Markdown."""
    faults = sum(result.done.total() for result in results)
    head = HEAD.format(
        seed=seed, pages=tray.pages, documents=len(tray.files), seconds=seconds, faults=faults, lease=LEASE_SECONDS
    )
    kills = Counter[str]()
    for result in results:
        if result.kind.name in {"workers", "embedded", "stages", "poison"}:
            kills += result.done
    held = ", ".join(f"{step} {number}" for step, number in sorted(kills.items()))
    steps = f"{STEPS_HEAD}{held}.\n" if kills else ""
    path.write_text(head + "".join(map(_row, results)) + steps + TAIL, encoding="utf-8")


def _row(result: Result) -> str:
    runs = f"{result.kind.runs}" + (f", {result.hung} hung" if result.hung else "")
    numbers = (result.done.total(), result.lost, result.doubled, result.differ)
    cells = (result.kind.title, *map(str, numbers), spread(result.recovered), runs)
    return f"| {' | '.join(cells)} |\n"
