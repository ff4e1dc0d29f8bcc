"""Deciding with the registry in the database: the same decisions as with the registry in memory."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pytest
import sqlalchemy as sa

from bench.packed import read_requests
from bench.stream import load_stream, replay_with, shipped_policy
from tests.builders.readings import reading
from tests.builders.requests import JANET, JOAN, OMAR
from worker.db import request_lookups, requests
from worker.db.engine import open_database, sqlite_url
from worker.db.request_lookups import RequestLookups
from worker.domain.reading import PageReading
from worker.domain.request import Request
from worker.matching.decide import decide
from worker.matching.judgment import Ground
from worker.matching.look_over import look_over
from worker.matching.policy import Policy
from worker.matching.read_on import Want
from worker.matching.registry import Registry, RequestTable
from worker.pipeline.decide import decide_document
from worker.pipeline.registries import FixedRegistry, StoredRegistry

QUALITY = Path(__file__).parents[2] / "quality"
#: Documents of each stream: enough for every kind of question, few enough to be decided twice in seconds.
DOCUMENTS = 12


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    if request.param == "sqlite":
        engine = open_database(sqlite_url(tmp_path / "pigeonhole.db"))
    else:
        engine = open_database(request.getfixturevalue("postgres_url"))
    yield engine
    engine.dispose()


@pytest.mark.parametrize("name", ["ordinary", "traps"])
def test_a_stream_is_decided_alike(engine: sa.Engine, name: str) -> None:
    everyone = read_requests(QUALITY / f"{name}.requests.csv.gz")
    requests.replace_all(engine, everyone)
    documents = list(islice(load_stream(QUALITY / f"{name}.jsonl.gz"), DOCUMENTS))
    policy = shipped_policy()

    stored = [replay_with(document, StoredRegistry(engine), policy) for document in documents]

    in_memory = [replay_with(document, FixedRegistry(RequestTable(everyone)), policy) for document in documents]
    assert stored == in_memory


def test_a_page_asks_in_few_statements(tmp_path: Path) -> None:
    engine = open_database(sqlite_url(tmp_path / "pigeonhole.db"))
    requests.replace_all(engine, read_requests(QUALITY / "traps.requests.csv.gz"))
    pages = [page for document in islice(load_stream(QUALITY / "traps.jsonl.gz"), 5) for page in document.readings]
    said: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))

    for page in pages:
        with StoredRegistry(engine).current() as (registry, _):
            decide([look_over(page, registry)], registry, Policy())

    assert len(said) <= 12 * len(pages)


def test_what_was_asked_before_is_not_asked_again(tmp_path: Path) -> None:
    engine = open_database(sqlite_url(tmp_path / "pigeonhole.db"))
    requests.replace_all(engine, [JANET])
    registries, said = StoredRegistry(engine), list[str]()
    page = reading(1, f"Request ID: {JANET.request_id}", "Patient: Brown, Janet", "DOB: 03/04/1951")
    with registries.current() as (registry, _):
        first = decide([look_over(page, registry)], registry, Policy())
    sa.event.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))

    with registries.current() as (registry, _):
        again = decide([look_over(page, registry)], registry, Policy())

    assert again == first
    assert [statement for statement in said if "facts" not in statement] == ["BEGIN"]


def test_blocks_within_each_other_share_no_answers(tmp_path: Path) -> None:
    engine = open_database(sqlite_url(tmp_path / "pigeonhole.db"))
    requests.replace_all(engine, [JANET])
    registries = StoredRegistry(engine)

    with registries.current() as (outer, _), registries.current() as (inner, _):
        assert isinstance(outer, RequestLookups)
        assert isinstance(inner, RequestLookups)
        assert outer.answers is not inner.answers


def test_answers_that_hold_many_requests_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_lookups, "MOST_HELD", 1)
    engine = open_database(sqlite_url(tmp_path / "pigeonhole.db"))
    requests.replace_all(engine, [JANET, JOAN])
    registries, answers = StoredRegistry(engine), []

    for day in (OMAR.date_of_birth, JANET.date_of_birth, JANET.date_of_birth):
        with registries.current() as (registry, _):
            assert isinstance(registry, RequestLookups)
            registry.born_on(day)
            answers.append(registry.answers)

    assert answers[0] is answers[1]
    assert answers[1] is not answers[2]


@dataclass
class ChangingRegistry:
    """Holds nobody when it is first asked, and Janet from then on."""

    versions: list[int] = field(default_factory=list)

    @contextmanager
    def current(self) -> Iterator[tuple[Registry, int]]:
        self.versions.append(len(self.versions))
        held: list[Request] = [JANET] if self.versions[-1] else []
        yield RequestTable(held), self.versions[-1]


def test_a_registry_that_changes_while_more_is_read_is_asked_anew() -> None:
    pages = [reading(1, f"Request ID: {JANET.request_id}", "Patient: Brown, Janet", "DOB: 03/04/1951"), reading(2)]

    def read_on(wants: tuple[Want, ...]) -> Sequence[PageReading]:
        return [reading(want.page, region=want.region) for want in wants]

    decided = decide_document(pages, changing := ChangingRegistry(), Policy(), read_on)

    assert decided.judgments[0].ground is Ground.NAMED
    assert decided.version == changing.versions[-1] > 0
