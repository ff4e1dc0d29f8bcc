"""What stood in an older database can be searched after the upgrade, on both databases."""

import random
from dataclasses import asdict

import pytest
import sqlalchemy as sa

from tests.builders.drawn_registry import answers, draw_requests
from tests.builders.old_database import make_old
from tests.builders.readings import reading
from tests.builders.requests import CLOSED, JANET, JOAN, given
from worker.db import request_keys, requests
from worker.db.codec import reading_to_json
from worker.db.engine import open_database
from worker.db.page_words import find_pages
from worker.db.request_lookups import look_up
from worker.db.request_search import find_requests
from worker.domain.request import Request
from worker.matching.registry import RequestTable


def fill_old(url: str, *registry: Request) -> None:
    """Requests, and one page whose text was read."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    old = sa.MetaData()
    old.reflect(engine)
    with engine.begin() as connection:
        rows = [asdict(request) | {"status": request.status.value} for request in registry]
        connection.execute(old.tables["requests"].insert(), rows)
        read = reading_to_json(reading(1, "metformin 500 mg"))
        pages = old.tables["pages"]
        connection.execute(pages.update().where(pages.c.sha256 == "3" * 64).values(reading=read))


def test_requests_and_pages_of_an_older_version_are_found(empty_url: str) -> None:
    make_old(empty_url)
    fill_old(empty_url, JANET, JOAN, CLOSED)

    engine = open_database(empty_url, is_upgrade=True)

    assert [hit.request for hit in find_requests(engine, "Jannet Browne")] == [JANET]
    assert [hit.request for hit in find_requests(engine, "h7822742")] == [JANET, JOAN]
    assert [hit.request for hit in find_requests(engine, CLOSED.claim_number)] == [CLOSED]
    assert [(hit.sha256, hit.page) for hit in find_pages(engine, "metf")] == [("3" * 64, 1)]
    assert len(requests.load_all(engine)) == 3


def test_look_ups_find_what_an_older_version_held(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_keys, "BATCH", 7)
    make_old(empty_url)
    held = draw_requests(random.Random(3), 80)
    fill_old(empty_url, *held.values())

    engine = open_database(empty_url, is_upgrade=True)

    asked = list(held.values())
    with look_up(engine) as (registry, _):
        said = answers(registry, asked, random.Random(1))
    assert said == answers(RequestTable(asked), asked, random.Random(1))


def test_the_registry_is_filled_a_batch_at_a_time(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_keys, "BATCH", 3)
    make_old(empty_url)
    many = [given(JANET, request_id=f"R{number:03}", member_last_name=f"Brown{number % 5}") for number in range(20)]
    fill_old(empty_url, *many)

    engine = open_database(empty_url, is_upgrade=True)

    found = [find_requests(engine, request.request_id)[0].request for request in many]
    assert found == many
