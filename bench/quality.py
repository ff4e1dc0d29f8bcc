"""The quality gate: labelled streams that are committed, decided anew and compared with what is written of them.

`python -m bench.quality` compares, `--write` writes the results anew, `--draw` draws and reads the streams anew (half
an hour: only where situations or the reading of pages have changed). tests/quality runs the comparison.
"""

import argparse
import csv
import difflib
import gzip
import io
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # what json.loads returns

from rich.console import Console

from bench.ends import ENDS, MISFILED, end_of
from bench.mailroom import draw_tray
from bench.packed import read_requests
from bench.scoring import Truth
from bench.situations.catalogue import ORDINARY, TRAPS, Situation
from bench.stream import load_stream, read_tray, replay, row_of, shipped_policy, write_stream
from worker.matching.registry import RequestTable

FOLDER = Path(__file__).parents[1] / "tests" / "quality"
TABLE, PAGES = "results.md", "results.csv"
#: A registry with all families, twins and near ids, small enough to be committed.
REQUESTS = 1500
#: Bundles of more pages are left out where they would add pages, not situations.
LONGEST = 12
Drawn = dict[str, Any]  # a bundle of truth.json
COLUMNS = ("stream", "source", "page", "situation", "owner", "end", "ground", "request")
#: So many changed lines are shown; more say no more.
MOST_SHOWN = 80

HEAD = """# What became of the pages of the quality streams

Written by `python -m bench.quality --write`; each page stands in results.csv. A situation is how a page came to lie
where it lies (see bench/situations). *Set aside wrongly* is a page with an owner that nobody would look at.

"""


@dataclass(frozen=True, slots=True)
class Sample:
    """A stream that is committed, and what it was drawn from."""

    name: str
    seed: int
    #: So many bundles are drawn, and of each situation so many are taken.
    bundles: int
    each: int
    only_traps: bool

    @property
    def situations(self) -> tuple[tuple[Situation, int, str], ...]:
        """Those that it holds."""
        return TRAPS if self.only_traps else ORDINARY

    @property
    def stream(self) -> str:
        """Its pages."""
        return f"{self.name}.jsonl.gz"

    @property
    def registry(self) -> str:
        """Its registry."""
        return f"{self.name}.requests.csv.gz"


SAMPLES = (Sample("ordinary", 55001, 150, 1, only_traps=False), Sample("traps", 55002, 60, 2, only_traps=True))


@dataclass(frozen=True, slots=True)
class Ended:
    """How one page of a stream ended."""

    stream: str
    page: Truth
    end: str
    ground: str
    request_id: str

    @property
    def situation(self) -> str:
        """How the page came to lie where it lies."""
        return dict(self.page.facets)["situation"]

    @property
    def cells(self) -> tuple[str | int, ...]:
        """Its line of results.csv; see COLUMNS."""
        owner = self.page.request_id or ""
        where = (self.stream, self.page.source, self.page.page, self.situation)
        return (*where, owner, self.end, self.ground, self.request_id)


def decide_samples(folder: Path = FOLDER) -> tuple[Ended, ...]:
    """Every page of every sample, decided with the policy as it is by default."""
    return tuple(page for sample in SAMPLES for page in _decide(folder, sample))


def _decide(folder: Path, sample: Sample) -> Iterator[Ended]:
    registry, policy = RequestTable(read_requests(folder / sample.registry)), shipped_policy()
    for document in load_stream(folder / sample.stream):
        replayed = replay(document, registry, policy)
        for page, judgment in zip(document.truth, replayed.judgments, strict=True):
            yield Ended(
                sample.name,
                page,
                end_of(page, row_of(judgment.decision)),
                judgment.ground.value,
                judgment.decision.request_id or "",
            )


def table_of(ended: Sequence[Ended]) -> str:
    """results.md: a line for each situation of each stream, and one for each stream."""
    rows = ["| stream | situation | pages |" + "".join(f" {end} |" for end in ENDS), "|---|---|" + "--:|" * 6]
    for name in dict.fromkeys(page.stream for page in ended):
        pages = [page for page in ended if page.stream == name]
        for situation in sorted({page.situation for page in pages}):
            rows.append(_row(name, situation, [page for page in pages if page.situation == situation]))
        rows.append(_row(name, "**all**", pages))
    return HEAD + "\n".join(rows) + "\n"


def _row(name: str, situation: str, pages: Sequence[Ended]) -> str:
    counts = Counter(page.end for page in pages)
    cells = (name, situation, str(len(pages)), *(str(counts[end] or "") for end in ENDS))
    return f"| {' | '.join(cells)} |"


def lines_of(ended: Iterable[Ended]) -> str:
    """results.csv: a line for each page."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(page.cells for page in ended)
    return text.getvalue()


def difference(ended: Sequence[Ended], folder: Path = FOLDER) -> str:
    """What is otherwise than written: situations, then pages. Empty where nothing is."""
    found: list[str] = []
    for name, now in ((TABLE, table_of(ended)), (PAGES, lines_of(ended))):
        path = folder / name
        before = path.read_text("utf-8") if path.exists() else ""
        changed = difflib.unified_diff(before.splitlines(), now.splitlines(), f"{name} (written)", f"{name} (now)", n=0)
        found += [line.rstrip() for line in changed if not line.startswith("@@")]
    more = [f"... and {len(found) - MOST_SHOWN} lines more"] if len(found) > MOST_SHOWN else []
    return "\n".join(found[:MOST_SHOWN] + more)


def pick(truth: Mapping[str, Drawn], sample: Sample) -> dict[str, Drawn]:
    """The first bundles of each of the sample's situations, long ones only where others are wanting."""
    found: dict[str, list[str]] = {situation.__name__: [] for situation, _, _ in sample.situations}
    for source, bundle in truth.items():
        found.get(bundle["situation"], []).append(source)
    ranked = [sorted(sources, key=lambda source: len(truth[source]["pages"]) > LONGEST) for sources in found.values()]
    chosen = {source for sources in ranked for source in sources[: sample.each]}
    return {source: bundle for source, bundle in truth.items() if source in chosen}


def draw_sample(sample: Sample, folder: Path, jobs: int) -> None:
    """Draws the sample's tray, reads it, and puts stream and registry into the folder."""
    with tempfile.TemporaryDirectory() as work:
        tray = Path(work)
        draw_tray(tray, sample.bundles, sample.seed, requests=REQUESTS, only_traps=sample.only_traps)
        truth = json.loads((tray / "truth.json").read_text("utf-8"))
        (tray / "truth.json").write_text(json.dumps(pick(truth, sample)), "utf-8")
        write_stream(list(read_tray(tray, jobs)), folder / sample.stream)
        with (
            (tray / "requests.csv").open("rb") as plain,
            (folder / sample.registry).open("wb") as raw,
            gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as packed,
        ):
            shutil.copyfileobj(plain, packed)


def main(arguments: list[str] | None = None) -> int:
    """The command line; 1 when a page is misfiled or something is otherwise than written."""
    parser = argparse.ArgumentParser(prog="python -m bench.quality", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the results anew")
    parser.add_argument("--draw", action="store_true", help="draw and read the streams anew")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args(arguments)
    for sample in SAMPLES if given.draw else ():
        draw_sample(sample, given.folder, given.jobs)
    ended, console = decide_samples(given.folder), Console(highlight=False, soft_wrap=True)
    if given.write:
        (given.folder / TABLE).write_text(table_of(ended), encoding="utf-8")
        (given.folder / PAGES).write_text(lines_of(ended), encoding="utf-8")
    console.print(difference(ended, given.folder) or table_of(ended), markup=False)
    misfiled = [page for page in ended if page.end == MISFILED]
    for page in misfiled:
        console.print("MISFILED", *page.cells, markup=False)
    return 1 if misfiled or difference(ended, given.folder) else 0


if __name__ == "__main__":
    raise SystemExit(main())
