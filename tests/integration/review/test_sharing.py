"""A page of two requests stands with both, counts once, and leaves the other when it is moved; on both databases."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders.desk import desk, hands, take_in, work_on
from tests.builders.fake_reader import FakeReader
from tests.builders.requests import JANET, JANET_SPRING, given
from tests.builders.review_cases import LENGTH, RAVI, RITA, bring, filed, held, know
from tests.builders.saying import PLAIN, aside, decisions, say, to
from worker.db import audited, events, find_documents, ledger, pages, received, review_items, story, tasks
from worker.domain.decision import Decision, Outcome
from worker.domain.review import Answer, Item
from worker.domain.task import Step
from worker.filing.requests_folder import request_folder
from worker.matching.policy import Policy, Rules
from worker.matching.registry import RequestTable
from worker.pipeline.audit import stored_problems
from worker.pipeline.correct import open_correction
from worker.pipeline.file_step import park
from worker.pipeline.give_out import Shelf
from worker.pipeline.registries import FixedRegistry
from worker.pipeline.results import count, load_results
from worker.pipeline.site import Site

QUALITY = given(JANET_SPRING, service_from=JANET.service_from, service_to=JANET.service_to, program="quality")
FIRST, OTHER = JANET.request_id, QUALITY.request_id
CHART = "Patient: Brown, Janet DOB: 03/04/1951\nVisit date: August 24, 2025\nThe incision is clean and dry.\n"
SHARING = Policy(programs={JANET.program: Rules(shares_pages=True), "quality": Rules(shares_pages=True)})


@pytest.fixture
def site(any_site: Site) -> Site:
    site = replace(any_site, review=PLAIN)
    know(site)
    return site


def manifest(shelf: Shelf, request_id: str) -> list[dict[str, Any]]:
    """The pages that the request's manifest lists; none where there is no manifest."""
    data = shelf.store.read(f"{request_folder(request_id)}/manifest.json")
    found = json.loads(data)["documents"] if data else []
    return [page for document in found for page in document["pages"]]


def folder(shelf: Shelf, request_id: str) -> list[str]:
    return sorted(key.rsplit("/", 1)[1] for key in shelf.store.keys(request_folder(request_id)))


def work(site: Site, policy: Policy = SHARING) -> None:
    """All that is to be done, at a desk whose registry holds both requests."""
    registry = FixedRegistry(RequestTable([JANET, QUALITY]))
    work_on(hands(replace(desk(site.shelf, FakeReader()), registries=registry, policy=policy)))


def shared(site: Site, tmp_path: Path) -> str:
    """A chart that came, was read, decided and filed to both; its hash."""
    sha256 = take_in(site.shelf, tmp_path / "in", {"chart.tif": CHART})["chart.tif"]
    work(site)
    return sha256


def correction(site: Site, sha256: str) -> Item:
    item = review_items.hold(site.shelf.engine, open_correction(site, sha256), RITA, LENGTH)
    assert item is not None
    return item


def test_without_the_setting_a_person_decides(site: Site, tmp_path: Path) -> None:
    sha256 = take_in(site.shelf, tmp_path / "in", {"chart.tif": CHART})["chart.tif"]

    work(site, Policy())

    assert decisions(site, sha256)[1].outcome is Outcome.REVIEW
    assert (folder(site.shelf, FIRST), folder(site.shelf, OTHER)) == ([], [])


def test_a_shared_page_stands_with_both_requests(site: Site, tmp_path: Path) -> None:
    sha256 = shared(site, tmp_path)

    (first,), (other,) = manifest(site.shelf, FIRST), manifest(site.shelf, OTHER)
    assert folder(site.shelf, FIRST) == folder(site.shelf, OTHER) == [f"{sha256[:16]}.pdf", "manifest.json"]
    assert (first["also_filed_to"], other["also_filed_to"]) == ([OTHER], [FIRST])
    assert all(page["evidence"] for page in (first, other))
    assert stored_problems(site.shelf) == []


def test_a_shared_page_is_found_from_both_requests_and_counts_once(site: Site, tmp_path: Path) -> None:
    sha256 = shared(site, tmp_path)
    engine = site.shelf.engine

    for request_id in (FIRST, OTHER):
        assert [each.pages for each in received.load_of(engine, request_id)] == [(1,)]
        assert [holder.pages for holder in find_documents.find_holders(engine, request_id)] == [(1,)]
        assert pages.load_documents_of(engine, request_id) == (sha256,)
    assert story.load_filed(engine, sha256) == {FIRST: [1], OTHER: [1]}
    assert events.load_told(engine, sha256) == {FIRST: [1], OTHER: [1]}
    (account,) = ledger.load_accounts(engine)
    assert (account.pages, account.problem) == (1, "")
    totals = count(load_results(engine))
    assert (totals.pages, totals.filed) == (1, 1)


@pytest.mark.parametrize("answer", [to(1, OTHER), to(1, FIRST), aside(1)], ids=["other", "same", "aside"])
def test_only_a_page_that_a_person_moves_is_shared_no_more(site: Site, tmp_path: Path, answer: Answer) -> None:
    sha256 = shared(site, tmp_path)
    assert say(site, correction(site, sha256), RITA, answer) is None

    work(site)

    held_by = {FIRST, OTHER} if answer.request_id == FIRST else {answer.request_id} - {None}
    for request_id in (FIRST, OTHER):
        assert len(manifest(site.shelf, request_id)) == (request_id in held_by)
        assert bool(folder(site.shelf, request_id)) == (request_id in held_by)
        assert bool(received.load_of(site.shelf.engine, request_id)) == (request_id in held_by)
    assert {r: told for r, told in events.load_told(site.shelf.engine, sha256).items() if told}.keys() == held_by
    assert stored_problems(site.shelf) == []


def test_a_shared_document_that_is_parked_leaves_both_folders(site: Site, tmp_path: Path) -> None:
    sha256 = shared(site, tmp_path)
    engine = site.shelf.engine
    with engine.begin() as connection:
        tasks.add(connection, Step.FILE, sha256, priority=50, position=1)
    task = tasks.claim(engine, [Step.FILE], "a test", timedelta(minutes=1))
    assert task is not None

    assert park(desk(site.shelf, FakeReader()), task, "It failed three times")

    assert decisions(site, sha256)[1].filed_to == ()
    assert (folder(site.shelf, FIRST), folder(site.shelf, OTHER)) == ([], [])
    assert pages.load_documents_of(engine, OTHER) == ()


def test_a_repeat_of_a_shared_chart_is_decided_as_the_first_was(site: Site, tmp_path: Path) -> None:
    shared(site, tmp_path)
    again = take_in(site.shelf, tmp_path / "in", {"again.tif": f"{CHART}Sent again.\n"})["again.tif"]

    work(site)

    assert decisions(site, again)[1].filed_to == (FIRST, OTHER)
    assert len(manifest(site.shelf, OTHER)) == 2


def to_both(page: int) -> Decision:
    return replace(filed(page), also=(OTHER,))


@pytest.mark.parametrize("request_id", [FIRST, OTHER])
def test_the_audit_agrees_with_whichever_of_its_requests_a_person_names(site: Site, request_id: str) -> None:
    site = replace(site, review=replace(PLAIN, audit_share=1.0))
    sha256 = bring(site, [to_both(1)])

    assert say(site, held(site, sha256, RAVI), RAVI, to(1, request_id)) is None

    (said,) = audited.count_audited(site.shelf.engine)
    assert (said.pages, said.wrong) == (1, 0)
    assert decisions(site, sha256)[1] == to_both(1)
