"""What each part of deciding is good for: `python -m bench.ablations TRAY:STREAM [...] --write docs/accuracy.md`.

The streams (see bench.stream) are decided as they are, and once more without each part. Nothing in the worker knows of
this: what is left out is left out of what deciding is given.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.ends import MISFILED, end_of
from bench.marked import rewrite
from bench.packed import name_of, read_requests
from bench.scoring import Row, Score, Truth, score
from bench.stream import Streamed, load_stream, replay, row_of, shipped_policy
from bench.trust_tables import share, table
from worker.domain.reading import Barcode, PageReading, Region, TextReading
from worker.matching.decide import decide
from worker.matching.look_over import look_over
from worker.matching.policy import Policy
from worker.matching.registry import IdKind, Registry, RequestTable, Trait

PART = "ablations"
#: So many situations are named in which pages are misfiled.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Given:
    """A document with what deciding is given beside it."""

    document: Streamed
    registry: Registry
    alike: Registry
    policy: Policy


@dataclass(frozen=True, slots=True)
class Result:
    """A row for each page, in order, and how many regions were read beyond the first."""

    rows: tuple[Row, ...]
    wanted: int = 0


Way = Callable[[Given], Result]


class Alike(RequestTable):
    """A registry that does not tell how rare names and birth dates are, nor how many people it holds."""

    def count(self, trait: Trait, value: str) -> int:
        """See Registry."""
        return 1


def as_it_is(given: Given) -> Result:
    """As the pipeline decides."""
    return _replay(given, given.document, given.registry)


def without_sequence(given: Given) -> Result:
    """Each page is a document of its own: no neighbours, nothing to follow."""
    document = given.document
    results = [
        _replay(given, Streamed(document.source, (reading,), (page,)), given.registry)
        for reading, page in zip(document.readings, document.truth, strict=True)
    ]
    return Result(tuple(row for result in results for row in result.rows), sum(result.wanted for result in results))


def without_rarity(given: Given) -> Result:
    """Every name and birth date weighs the same, and nothing is taken off for what happens by chance."""
    return _replay(given, given.document, given.alike)


def without_reading_on(given: Given) -> Result:
    """Only the first and last lines of each page."""
    bands = [only_bands(reading) for reading in given.document.readings]
    return _decide(given, bands)


def barcodes_alone(given: Given) -> Result:
    """The same decisions with no word read on any page."""
    return _decide(given, [without_words(reading) for reading in given.document.readings])


def last_barcode(given: Given) -> Result:
    """As separator sheets are used: from a barcode on, all pages are its request's. Before the first, a person."""
    owner, rows = "", []
    for reading in given.document.readings:
        owner = request_of(reading.barcodes, given.registry) or owner
        rows.append(_row(owner))
    return Result(tuple(rows))


def first_claim(given: Given) -> Result:
    """Every page of a document to the first request that one of its pages is filed to."""
    result = as_it_is(given)
    owner = next((row.request_id for row in result.rows if row.request_id), "")
    return Result(tuple(row if row.outcome == "set_aside" else _row(owner) for row in result.rows), result.wanted)


WAYS: Mapping[str, Way] = {
    "as it is": as_it_is,
    "each page alone": without_sequence,
    "names and birth dates all alike": without_rarity,
    "without reading on": without_reading_on,
    "barcodes alone": barcodes_alone,
    "all to the last barcode": last_barcode,
    "all to the first request": first_claim,
}


def request_of(barcodes: Sequence[Barcode], registry: Registry) -> str:
    """The one request that the barcodes name, by its own id or its claim number; empty where none or several do."""
    found = {
        request.request_id
        for code in barcodes
        for kind in (IdKind.REQUEST, IdKind.CLAIM)
        for request in registry.carrying(kind, code.payload.strip())
    }
    return found.pop() if len(found) == 1 else ""


def only_bands(reading: PageReading) -> PageReading:
    """The page with its first and last lines."""
    return replace(reading, text=tuple(part for part in reading.text if part.region is Region.BANDS))


def without_words(reading: PageReading) -> PageReading:
    """The page with its barcodes, as if no line looked like text."""
    return replace(reading, text=(TextReading(Region.BANDS, ()),), sender_line=None)


def _replay(given: Given, document: Streamed, registry: Registry) -> Result:
    replayed = replay(document, registry, given.policy)
    return Result(tuple(row_of(judgment.decision) for judgment in replayed.judgments), replayed.wanted)


def _decide(given: Given, readings: Sequence[PageReading]) -> Result:
    seen = [look_over(reading, given.registry) for reading in readings]
    return Result(tuple(row_of(judgment.decision) for judgment in decide(seen, given.registry, given.policy)))


def _row(owner: str) -> Row:
    return Row("filed", owner, "", "", "") if owner else Row("review", None, "", "", "")


@dataclass(frozen=True, slots=True)
class Tried:
    """A way of deciding, and what became of all pages."""

    name: str
    pages: Sequence[Truth]
    rows: Mapping[tuple[str, int], list[Row]]
    wanted: int

    @property
    def score(self) -> Score:
        """Its score."""
        return score(self.pages, self.rows)

    @property
    def misfiled_in(self) -> str:
        """The situations with the most misfiled pages."""
        ends = Counter(
            dict(page.facets)["situation"]
            for page in self.pages
            if end_of(page, self.rows[page.source, page.page][0]) == MISFILED
        )
        return ", ".join(f"{name} {count}" for name, count in ends.most_common(NAMED))


def try_ways(documents: Sequence[Given], ways: Mapping[str, Way] = WAYS) -> tuple[Tried, ...]:
    """Every way on every document."""
    pages = [page for given in documents for page in given.document.truth]
    tried = []
    for name, way in ways.items():
        rows: dict[tuple[str, int], list[Row]] = {}
        wanted = 0
        for given in documents:
            result = way(given)
            wanted += result.wanted
            for page, row in zip(given.document.truth, result.rows, strict=True):
                rows[page.source, page.page] = [row]
        tried.append(Tried(name, pages, rows, wanted))
    return tuple(tried)


def table_of(tried: Sequence[Tried]) -> str:
    """A line for each way."""
    rows = []
    for way in tried:
        found = way.score
        total = found.total
        misfiled = f"{total.misfiled}: {share(total.misfiled, total.pages)}"
        whole = f"{found.whole} of {found.documents}"
        touchless = f"{total.touchless:.2%}"
        rows.append((way.name, misfiled, touchless, whole, f"{way.wanted:,}", way.misfiled_in))
    return table(("way", "misfiled", "touchless", "whole", "regions read on", "misfiled most in"), rows)


def load(given: str) -> list[Given]:
    """The documents of `TRAY:STREAM`, named after their tray. TRAY may also be a registry (.gz)."""
    tray, _, stream = given.partition(":")
    requests = read_requests(Path(tray))
    registry, alike, policy = RequestTable(requests), Alike(requests), shipped_policy()
    return [Given(_named(doc, name_of(Path(tray))), registry, alike, policy) for doc in load_stream(Path(stream))]


def _named(document: Streamed, tray: str) -> Streamed:
    source = f"{tray}/{document.source}"
    return Streamed(source, document.readings, tuple(replace(page, source=source) for page in document.truth))


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.ablations", description=__doc__)
    parser.add_argument("streams", nargs="+", metavar="TRAY:STREAM")
    parser.add_argument("--write", type=Path, metavar="MD", help="the page to write, such as docs/accuracy.md")
    given = parser.parse_args(arguments)
    documents = [document for stream in given.streams for document in load(stream)]
    tried = try_ways(documents)
    count = f"{len(documents)} documents of {len(tried[0].pages):,} pages, {', '.join(map(tray_of, given.streams))}."
    text = f"{count}\n\n{table_of(tried)}"
    if given.write:
        rewrite(given.write, PART, text)
    print(text)


def tray_of(stream: str) -> str:
    """The tray's name in `TRAY:STREAM`."""
    return name_of(Path(stream.partition(":")[0]))


if __name__ == "__main__":
    main()
