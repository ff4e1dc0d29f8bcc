"""Pages with what was stated of them: outcome, ground, the likeliest request and its probability, and what is true."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bench.packed import name_of, read_requests
from bench.scoring import Row, Truth, read_rows, read_truth
from bench.stream import load_stream, replay, row_of, shipped_policy
from worker.db import arrivals, pages
from worker.db.engine import open_database, sqlite_url
from worker.domain.decision import Candidate, Decision
from worker.matching.judgment import Ground
from worker.matching.registry import Registry, RequestTable
from worker.wiring import DATABASE


@dataclass(frozen=True, slots=True)
class Stated:
    """One page. `best` is its likeliest request, None where it is likelier nobody's; `probability` is the sequence's.

    `is_open`: so is that request. `is_copy`: a page of bytes that came before, which was not decided by itself.
    """

    truth: Truth
    row: Row
    ground: str
    best: str | None = None
    probability: float = 0.0
    is_open: bool = True
    is_copy: bool = False

    @property
    def is_right(self) -> bool:
        """The likeliest request owns the page."""
        return self.best is not None and self.best in {self.truth.request_id, *self.truth.also}

    @property
    def is_settled(self) -> bool:
        """The truth says whether that is right: of a closed request it does not, which owns no page of any tray."""
        return self.is_open or self.truth.request_id is not None


@dataclass(frozen=True, slots=True)
class Run:
    """A tray and what was decided of it. `rows` are all rows of pages.csv, also those that no page asks for."""

    name: str
    pages: tuple[Truth, ...]
    rows: Mapping[tuple[str, int], list[Row]]
    stated: tuple[Stated, ...]


def load(given: str) -> Run:
    """A run from `TRAY:OUT`, where OUT is a run's folder, or a stream of the tray (.gz) that is decided now; of
    a stream, TRAY may also be a registry (.gz).

    Names of files get the tray's in front, so that runs can be put together.
    """
    tray, _, out = given.partition(":")
    found = _replayed(Path(tray), Path(out)) if out.endswith(".gz") else _run(Path(tray), Path(out))
    return _named(found)


def _named(run: Run) -> Run:
    def moved(truth: Truth) -> Truth:
        return replace(truth, source=f"{run.name}/{truth.source}")

    return Run(
        run.name,
        tuple(map(moved, run.pages)),
        {(f"{run.name}/{source}", page): rows for (source, page), rows in run.rows.items()},
        tuple(replace(page, truth=moved(page.truth)) for page in run.stated),
    )


def _run(tray: Path, out: Path) -> Run:
    """What a run of `pigeonhole process` left: pages.csv, and the candidates in its database."""
    truth, rows = tuple(read_truth(tray / "truth.json")), read_rows(out / "pages.csv")
    engine = open_database(sqlite_url((out / DATABASE).resolve()))
    decided: dict[tuple[str, int], tuple[Decision, bool]] = {}
    for arrival in arrivals.load_all(engine):
        for decision in pages.load_decisions(engine, arrival.sha256) if arrival.sha256 else ():
            decided[Path(arrival.source).name, decision.page] = decision, arrival.is_duplicate
    engine.dispose()
    registry = RequestTable(read_requests(tray))
    stated = []
    for page in truth:
        key = page.source, page.page
        if len(rows.get(key, [])) == 1 and key in decided:
            decision, is_copy = decided[key]
            stated.append(_stated(page, rows[key][0], decision, registry, is_copy=is_copy))
    return Run(tray.name, truth, rows, tuple(stated))


def _replayed(tray: Path, stream: Path) -> Run:
    """What is decided now of a tray that was read before. Files of which nothing could be read are not in it."""
    registry, policy = RequestTable(read_requests(tray)), shipped_policy()
    stated = tuple(
        _stated(page, row_of(judgment.decision), judgment.decision, registry)
        for document in load_stream(stream)
        for page, judgment in zip(document.truth, replay(document, registry, policy).judgments, strict=True)
    )
    rows = {(page.truth.source, page.truth.page): [page.row] for page in stated}
    return Run(name_of(tray), tuple(page.truth for page in stated), rows, stated)


def _stated(page: Truth, row: Row, decision: Decision, registry: Registry, *, is_copy: bool = False) -> Stated:
    best = likeliest(decision.candidates)
    request = None if best is None else registry.request(best.request_id)
    return Stated(
        page,
        row,
        Ground.REPEATED.value if is_copy else decision.ground,
        None if best is None else best.request_id,
        0.0 if best is None else best.probability,
        is_open=request is None or request.is_open,
        is_copy=is_copy,
    )


def likeliest(candidates: tuple[Candidate, ...]) -> Candidate | None:
    """The likeliest request; None where all requests together leave more to nobody."""
    best = max(candidates, key=lambda candidate: candidate.probability, default=None)
    rest = 1.0 - sum(candidate.probability for candidate in candidates)
    return best if best is not None and best.probability >= rest else None


def told(runs: list[Run]) -> Iterator[Stated]:
    """Pages that tell how far a probability can be trusted: decided by themselves, with a likeliest request of which
    the truth can say whether it is right.
    """
    for run in runs:
        for page in run.stated:
            if page.best is not None and page.is_settled and not page.is_copy and page.truth.kind != "blank":
                yield page
