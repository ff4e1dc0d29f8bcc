"""People on both databases: tries are counted before they are judged, and codes taken once, whoever comes at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from worker.db import people, recovery_codes, sessions
from worker.db.people import NewPerson
from worker.db.sessions import Stage
from worker.domain.person import Person, Role

RITA = Person("rita", "Rita", frozenset({Role.REVIEWER, Role.SENIOR}), frozenset({"a", "b"}), may_open_sensitive=True)


@pytest.fixture
def with_rita(engine: sa.Engine) -> sa.Engine:
    with engine.begin() as connection:
        people.add(connection, NewPerson(RITA, "hash"))
    return engine


def at_once(number: int, what: Callable[[], object]) -> list[object]:
    with ThreadPoolExecutor(8) as pool:
        return [each.result() for each in [pool.submit(what) for _ in range(number)]]


def test_a_person_is_found_as_it_was_added(with_rita: sa.Engine) -> None:
    found = people.find(with_rita, "rita")

    assert found
    assert found.person == RITA
    assert found.must_change_password
    assert "hash" not in repr(found)


def test_of_many_tries_at_once_no_more_than_five_are_judged(with_rita: sa.Engine) -> None:
    def attempt() -> bool:
        with with_rita.begin() as connection:
            return people.attempt(connection, "rita") is not None

    judged = at_once(20, attempt)

    assert judged.count(True) == people.MOST_FAILURES


def test_of_many_with_one_code_at_once_one_gets_in(with_rita: sa.Engine) -> None:
    with with_rita.begin() as connection:
        code = recovery_codes.renew(connection, "rita")[0]

    def step() -> bool:
        with with_rita.begin() as connection:
            return people.use_step(connection, "rita", 59_000_000)

    def recover() -> bool:
        with with_rita.begin() as connection:
            return recovery_codes.use(connection, "rita", code)

    assert [at_once(10, each).count(True) for each in (step, recover)] == [1, 1]


def test_one_right_try_takes_back_itself_alone(with_rita: sa.Engine) -> None:
    with with_rita.begin() as connection:
        for _ in range(5):
            people.attempt(connection, "rita")
        people.forgive(connection, "rita")

    found = people.find(with_rita, "rita")

    assert found
    assert (found.failures, found.locked_until) == (4, None)


def test_who_is_disabled_has_no_session_and_no_try(with_rita: sa.Engine) -> None:
    with with_rita.begin() as connection:
        token = sessions.begin(connection, "rita", "::1", Stage.IN, timedelta(hours=1))
        people.disable(connection, "rita")
        tried = people.attempt(connection, "rita")

    assert tried is None
    assert sessions.find(with_rita, token) is None
