"""Labelled page streams: every region of every page of a tray read once, so that deciding can be tried again and again.

`python -m bench.stream TRAY OUT.jsonl.gz` reads TRAY (scans/, requests.csv, truth.json) and keeps for each document its
readings and its truth. `replay` then decides the documents as the pipeline does, giving out regions as they are wanted:
seconds where reading takes minutes, and the same result for the same stream, whatever the engine's version.
"""

import argparse
import gzip
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.progress import Progress

from bench.scoring import Row, Score, Truth, read_truth, score
from worker.db import arrivals
from worker.db.codec import reading_from_json, reading_to_json
from worker.db.pages import load_readings
from worker.domain.decision import Decision
from worker.domain.reading import PageReading, Region, TextReading, Unreadable
from worker.fitted_file import load_fitted
from worker.intake.registry_csv import read_registry
from worker.matching.judgment import Judgment
from worker.matching.policy import Policy
from worker.matching.read_on import Want
from worker.matching.registry import Registry, RequestTable
from worker.ocr.asks import PageAsk
from worker.ocr.page_reader import PageReader
from worker.pipeline.decide import Decided, decide_document
from worker.pipeline.registries import FixedRegistry, Registries
from worker.wiring import open_shelf

#: What is read of each page beside the bands.
FURTHER = (Region.WIDER, Region.FULL, Region.PROSE, Region.BANDS_AGAIN)


@dataclass(frozen=True, slots=True)
class Streamed:
    """One document with all that can be read of it, and what is true of its pages."""

    source: str
    readings: tuple[PageReading, ...]
    truth: tuple[Truth, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was decided of a document, and how many regions were read on."""

    document: Streamed
    judgments: tuple[Judgment, ...]
    wanted: int


Decide = Callable[[Streamed], Replayed]


def read_tray(tray: Path, jobs: int) -> Iterator[Streamed]:
    """Reads all regions of all pages; documents of which nothing can be read are left out."""
    truth = _truth_by_source(tray)
    with tempfile.TemporaryDirectory() as folder:
        reader = PageReader(jobs, Path(folder))
        try:
            for source, pages in truth.items():
                yield Streamed(source, _read(reader, tray / "scans" / source), tuple(pages))
        finally:
            reader.close()


def _read(reader: PageReader, path: Path) -> tuple[PageReading, ...]:
    count = reader.inspect(path).page_count
    first = reader.read(path, [PageAsk(number, Region.BANDS) for number in range(1, count + 1)])
    asks = [PageAsk(r.number, region, r.rotation) for r in first if not r.is_blank for region in FURTHER]
    text = {r.number: r.text for r in first}
    for ask, more in zip(asks, reader.read(path, asks), strict=True):
        text[ask.number] += more.text
    return tuple(replace(r, text=text[r.number]) for r in first)


def _truth_by_source(tray: Path) -> dict[str, list[Truth]]:
    truth: dict[str, list[Truth]] = {}
    for page in read_truth(tray / "truth.json"):
        truth.setdefault(page.source, []).append(page)
    return truth


def write_stream(documents: Sequence[Streamed], out: Path) -> None:
    """One line a document, compressed; the same documents give the same bytes."""
    with out.open("wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as file:
        for document in documents:
            readings = [reading_to_json(reading) for reading in document.readings]
            truth = [[t.kind, t.request_id, t.also, t.facets, t.is_repeat] for t in document.truth]
            line = json.dumps({"source": document.source, "readings": readings, "truth": truth})
            file.write(line.encode() + b"\n")


def load_stream(path: Path) -> Iterator[Streamed]:
    """The documents that `write_stream` was given."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            data = json.loads(line)
            truth = tuple(
                Truth(data["source"], n, kind, owner, tuple(also), tuple((a, b) for a, b in facets), is_repeat)
                for n, (kind, owner, also, facets, is_repeat) in enumerate(data["truth"], 1)
            )
            yield Streamed(data["source"], tuple(map(reading_from_json, data["readings"])), truth)


def load_run(tray: Path, run: Path) -> Iterator[Streamed]:
    """The documents of a run of `pigeonhole process`, with the regions that it read."""
    truth = _truth_by_source(tray)
    engine = open_shelf(run).engine
    for source, pages in truth.items():
        arrival = arrivals.find_by_source(engine, source)
        if arrival is not None:
            yield Streamed(source, load_readings(engine, arrival.sha256), tuple(pages))


def load_registry(tray: Path) -> RequestTable:
    """The tray's registry."""
    return RequestTable(read_registry(tray / "requests.csv").requests)


def shipped_policy() -> Policy:
    """The policy of a site that sets nothing: the fitted weights and calibration, one page in two thousand."""
    fitted = load_fitted()
    return Policy(weights=fitted.matching_weights(), calibration=fitted.matching_calibration(), fitted=fitted.version)


def replay(document: Streamed, registry: Registry, policy: Policy) -> Replayed:
    """Decides a document as the pipeline does, with regions given out as they are wanted."""
    return replay_with(document, FixedRegistry(registry), policy)


def replay_with(document: Streamed, registries: Registries, policy: Policy) -> Replayed:
    """The same with a registry that may change, or lie in a database."""
    decided, wanted = _decide(document, registries, policy)
    return Replayed(document, decided.judgments, wanted)


def replay_readings(document: Streamed, registries: Registries, policy: Policy) -> tuple[PageReading, ...]:
    """The pages with the regions that were read until the document was decided."""
    return _decide(document, registries, policy)[0].readings


def _decide(document: Streamed, registries: Registries, policy: Policy) -> tuple[Decided, int]:
    every = {reading.number: reading for reading in document.readings}
    asked: list[Want] = []

    def read_on(wants: tuple[Want, ...]) -> list[PageReading]:
        asked.extend(wants)
        return [_only(every[want.page], want.region) for want in wants]

    first = [_first_look(reading) for reading in document.readings]
    return decide_document(first, registries, policy, read_on), len(asked)


def _first_look(reading: PageReading) -> PageReading:
    """The bands, and which regions are known to be empty."""
    seen = (part for part in reading.text if part.region is Region.BANDS or _is_empty(part))
    return replace(reading, text=tuple(seen))


def _is_empty(part: TextReading | Unreadable) -> bool:
    return isinstance(part, TextReading) and part.region is not Region.BANDS_AGAIN and not part.lines


def _only(reading: PageReading, region: Region) -> PageReading:
    return replace(reading, text=tuple(part for part in reading.text if part.region is region))


def score_replay(replayed: Sequence[Replayed]) -> Score:
    """The score of decided documents, as of a run's pages.csv (repeats across documents are not looked for)."""
    rows: dict[tuple[str, int], list[Row]] = {}
    for one in replayed:
        for judgment in one.judgments:
            rows[one.document.source, judgment.page.page] = [row_of(judgment.decision)]
    return score([page for one in replayed for page in one.document.truth], rows)


def row_of(decision: Decision) -> Row:
    """The decision as a row of a run's pages.csv."""
    return Row(
        decision.outcome.value,
        decision.request_id,
        decision.document_type.value,
        f"{decision.confidence:.4f}",
        decision.reason,
    )


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.stream", description=__doc__)
    parser.add_argument("tray", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args(arguments)
    count = len(json.loads((given.tray / "truth.json").read_text("utf-8")))
    with Progress(transient=True) as progress:
        documents = list(progress.track(read_tray(given.tray, given.jobs), total=count, description="Reading"))
    write_stream(documents, given.out)
    print(f"{len(documents)} documents, {sum(len(d.readings) for d in documents)} pages in {given.out}")


if __name__ == "__main__":
    main()
