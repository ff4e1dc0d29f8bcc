"""Look-ups by index answer as the registry in memory does, after whatever changed the registry; on both databases."""

import random
from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders.drawn_registry import answers, draw_requests
from tests.builders.requests import CLOSED, JANET, JOAN, OMAR
from worker.db import registry_counts, request_lookups, requests
from worker.db.request_lookups import look_up
from worker.domain.request import Request
from worker.matching.confusions import fold_name
from worker.matching.registry import IdKind, Questions, RequestTable, Trait, surnames

SEEDS = range(4)


def is_alike(engine: sa.Engine, held: dict[str, Request], seed: int, *, is_told: bool = False) -> bool:
    """Both registries are asked the same; `is_told` tells the look-ups before what will be asked."""
    asked = [*draw_requests(random.Random(seed), 40).values(), *list(held.values())[:40]]
    with look_up(engine) as (registry, _):
        if is_told:
            ids = [text for r in asked for text in (r.request_id, r.claim_number, r.member_id)]
            first_names = [fold_name(r.member_first_name) for r in asked]
            names = [
                (last, f) for r, f in zip(asked, first_names, strict=True) for last in surnames(r.member_last_name)
            ]
            registry.expect(Questions(ids, names, [r.date_of_birth for r in asked], asked))
        said = answers(registry, asked, random.Random(seed))
    return said == answers(RequestTable(held.values()), asked, random.Random(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_answer_is_that_of_the_registry_in_memory(engine: sa.Engine, seed: int) -> None:
    held = draw_requests(random.Random(f"registry {seed}"), 150)

    requests.replace_all(engine, held.values())

    assert is_alike(engine, held, seed)
    assert is_alike(engine, held, seed, is_told=True)


@pytest.mark.parametrize("most_followed", [0, 20, 10_000])
def test_answers_follow_what_changes_the_registry(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, most_followed: int
) -> None:
    monkeypatch.setattr(registry_counts, "MOST_FOLLOWED", most_followed)
    rng = random.Random(5)
    held: dict[str, Request] = {}
    for turn in range(8):
        more = draw_requests(rng, rng.choice((3, 40)))
        if turn % 3 == 2:
            held = dict(rng.sample(list(held.items()), len(held) * 2 // 3)) | more
            requests.replace_all(engine, held.values())
        else:
            held |= more
            requests.upsert(engine, more.values())

        assert is_alike(engine, held, turn)


def test_counts_and_further_names_of_who_left_are_gone(engine: sa.Engine) -> None:
    requests.upsert(engine, draw_requests(random.Random(1), 50).values())

    requests.replace_all(engine, [])

    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT * FROM registry_counts")).all() == []
        assert connection.execute(sa.text("SELECT * FROM further_names")).all() == []


def test_a_closed_request_is_found_as_closed(engine: sa.Engine) -> None:
    requests.upsert(engine, [OMAR])
    requests.close(engine, OMAR.request_id)

    with look_up(engine) as (registry, _):
        assert registry.request(OMAR.request_id) == CLOSED
        assert registry.named("nakamura", "omar") == (CLOSED,)


def test_look_ups_stay_as_they_were_while_others_write(engine: sa.Engine) -> None:
    requests.upsert(engine, [JANET])

    with look_up(engine) as (registry, version):
        requests.replace_all(engine, [JOAN, OMAR])

        assert version == 1
        assert registry.count(Trait.ANY, "") == 1
        assert registry.born_on(JANET.date_of_birth) == (JANET,)
        assert registry.carrying(IdKind.MEMBER, OMAR.member_id) == ()
    with look_up(engine) as (registry, version):
        assert (version, registry.born_on(JANET.date_of_birth)) == (2, (JOAN,))


def test_answers_count_as_long_as_the_registry_is_of_their_version(engine: sa.Engine) -> None:
    requests.upsert(engine, [JANET])
    with look_up(engine) as (registry, _):
        assert registry.born_on(JANET.date_of_birth) == (JANET,)
        known = registry.answers

    with look_up(engine, known) as (registry, _):
        assert registry.answers is known
    requests.replace_all(engine, [JOAN, OMAR])
    with look_up(engine, known) as (registry, version):
        assert registry.answers is not known
        assert (version, registry.born_on(JANET.date_of_birth)) == (2, (JOAN,))


def test_forgetting_answers_changes_none(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_lookups, "MOST_REMEMBERED", 3)
    held = draw_requests(random.Random(7), 60)

    requests.upsert(engine, held.values())

    assert is_alike(engine, held, 7, is_told=True)


@pytest.mark.parametrize("text", ["", "\0", "\udc80", "x" * 3_000, "é²٣", "'; --"])
def test_whatever_a_page_says_can_be_asked(engine: sa.Engine, text: str) -> None:
    requests.upsert(engine, [JANET])

    with look_up(engine) as (registry, _):
        registry.expect(Questions([text], [], [date(1, 1, 1)], []))

        assert registry.carrying(IdKind.CLAIM, text) == ()
        assert not registry.is_shaped(IdKind.CLAIM, text)
