"""The registry and its version: a change is counted once, with what it changed; on both databases."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from worker.db import facts, request_writer, requests
from worker.domain.request import Request, RequestStatus

DAY = date(2026, 1, 31)
REQUEST = Request(
    "R1", "C1", "M1", "Doe", "Jané", DAY, "Clinic", "1", "2", DAY, DAY, DAY, DAY, "risk", RequestStatus.OPEN
)
OTHER = replace(REQUEST, request_id="R2")
CLOSED = replace(REQUEST, status=RequestStatus.CLOSED)


def version(engine: sa.Engine) -> int:
    return facts.load(engine, facts.REGISTRY_VERSION)


def test_registry_is_replaced_as_a_whole(engine: sa.Engine) -> None:
    requests.replace_all(engine, [REQUEST, OTHER])

    requests.replace_all(engine, [replace(CLOSED, request_id="R3")])

    assert requests.load_all(engine) == (replace(CLOSED, request_id="R3"),)


def test_failed_import_leaves_the_registry_and_its_version_as_they_were(engine: sa.Engine) -> None:
    requests.replace_all(engine, [REQUEST])

    with pytest.raises(sa.exc.IntegrityError):
        requests.replace_all(engine, [OTHER] * 2)

    assert requests.load_all(engine) == (REQUEST,)
    assert version(engine) == 1


def test_upsert_changes_some_and_leaves_the_others(engine: sa.Engine) -> None:
    requests.replace_all(engine, [REQUEST, OTHER])

    requests.upsert(engine, [CLOSED, replace(REQUEST, request_id="R3")])

    assert [request.request_id for request in requests.load_all(engine)] == ["R1", "R2", "R3"]
    assert requests.find(engine, "R1") == CLOSED
    assert requests.find(engine, "R9") is None


def test_registry_larger_than_a_batch_is_compared_to_the_last_row(engine: sa.Engine) -> None:
    many = [replace(REQUEST, request_id=f"R{number:05}") for number in range(request_writer.BATCH + 1)]
    requests.replace_all(engine, many)
    requests.replace_all(engine, many)
    before = version(engine)

    requests.replace_all(engine, [*many[:-1], replace(many[-1], program="other")])

    assert (before, version(engine)) == (1, 2)
    assert requests.load_all(engine)[-1].program == "other"


@pytest.mark.parametrize("new", [[REQUEST, OTHER], [OTHER, REQUEST]])
def test_same_registry_again_is_the_same_version(engine: sa.Engine, new: Sequence[Request]) -> None:
    requests.replace_all(engine, [REQUEST, OTHER])

    requests.replace_all(engine, new)
    requests.upsert(engine, new[:1])

    assert version(engine) == 1


@pytest.mark.parametrize("new", [[REQUEST], [CLOSED, OTHER], [REQUEST, OTHER, replace(REQUEST, request_id="R3")], []])
def test_any_change_is_one_more_version(engine: sa.Engine, new: Sequence[Request]) -> None:
    requests.replace_all(engine, [REQUEST, OTHER])

    requests.replace_all(engine, new)

    assert version(engine) == 2


def test_upsert_that_changes_is_one_more_version(engine: sa.Engine) -> None:
    requests.upsert(engine, [REQUEST, OTHER])
    requests.upsert(engine, [CLOSED, OTHER])

    assert version(engine) == 2


def test_closing_counts_once_and_tells_of_the_unknown(engine: sa.Engine) -> None:
    requests.upsert(engine, [REQUEST])

    known = [requests.close(engine, "R1"), requests.close(engine, "R1"), requests.close(engine, "R9")]

    assert known == [True, True, False]
    assert requests.find(engine, "R1") == CLOSED
    assert version(engine) == 2


def test_fact_counts_from_nothing_and_loses_no_count(engine: sa.Engine) -> None:
    def bump() -> None:
        for _ in range(10):
            with engine.begin() as connection:
                facts.bump(connection, "a")

    before = facts.load(engine, "a")
    threads = [threading.Thread(target=bump) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (before, facts.load(engine, "a"), facts.load(engine, "b")) == (0, 40, 0)


def test_count_that_is_rolled_back_did_not_happen(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        facts.bump(connection, "a")
        connection.rollback()

    assert facts.load(engine, "a") == 0
