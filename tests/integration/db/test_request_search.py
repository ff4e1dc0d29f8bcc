"""Finding requests by what people type, on both databases."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders.requests import JANET, JANET_SPRING, JOAN, OMAR, given
from worker.db import requests
from worker.db.request_search import MOST, find_requests
from worker.db.search_tables import NAME_WORDS, REGISTRY_NAMES, WORD_KEYS
from worker.domain.request import RequestStatus

KIM = given(
    JANET,
    request_id="MRR-2047788",
    claim_number="CLM100200300",
    member_id="W555000111-02",
    member_last_name="Kim",
    member_first_name="Ana María",
    date_of_birth=date(1977, 12, 1),
    provider_name="St. Mary's Medical Center",
    provider_npi="1987654321",
)
CRUZ = given(
    KIM, request_id="26-A-7700001", claim_number="CLM777", member_id="W1", member_last_name="De La Cruz-Núñez Jr"
)
REGISTRY = (JANET, JANET_SPRING, OMAR, JOAN, KIM, CRUZ)
BROWNS = {JANET.request_id, JANET_SPRING.request_id, JOAN.request_id}


@pytest.fixture(scope="module")
def registry(shared_engine: sa.Engine) -> sa.Engine:
    requests.replace_all(shared_engine, REGISTRY)
    return shared_engine


def found(engine: sa.Engine, text: str) -> list[tuple[str, str]]:
    return [(hit.request.request_id, hit.why) for hit in find_requests(engine, text)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("20261100017", "request id"),
        ("2026 1100 017", "request id"),
        ("2026-11000-17", "request id"),
        ("2O261IOOOI7", "request id"),
        ("2026110", "request id"),
        ("20261100018", "request id, nearly"),
        ("2026100017", "request id, nearly"),
        ("202611000017", "request id, nearly"),
        ("20216100017", "request id, nearly"),
        ("2062110", "request id, nearly"),
        ("826439859742607", "claim number"),
        ("8264398597", "claim number"),
        ("826439859742670", "claim number, nearly"),
        ("brown 826439859742607", "claim number, member name"),
        ("janet 3/4/51 20261100017", "request id, member name, birth date"),
    ],
)
def test_ids(registry: sa.Engine, text: str, why: str) -> None:
    hits = found(registry, text)

    assert hits[0] == (JANET.request_id, why)
    assert len(hits) == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("MRR2047788", "request id"),
        ("mrr 204", "request id"),
        ("mrr", "request id"),
        ("W555000111", "member id"),
        ("w555 000 111-02", "member id"),
        ("W5550O0111", "member id"),
        ("W555000112", "member id, nearly"),
        ("555000111", "member id, nearly"),
        ("kim ana", "member name"),
        ("Ana Maria Kim", "member name"),
        ("anamaria kim", "member name"),
        ("Kym Anna", "member name, nearly"),
        ("kim 12/1/77", "member name, birth date"),
        ("kim st mary", "member name, provider"),
        ("saint marys kim", "provider, member name"),
        ("kim st mary medicl", "member name, provider, nearly"),
        ("kim 1987654321", "provider NPI, member name"),
        ("kim 19876", "provider NPI, member name"),
    ],
)
def test_one_among_others(registry: sa.Engine, text: str, why: str) -> None:
    hits = found(registry, text)

    assert hits[0] == (KIM.request_id, why)


@pytest.mark.parametrize(
    "text",
    [
        "brown janet",
        "Janet Brown",
        "Brown, J",
        "bro jan",
        "Jannet Browne",
        "jnaet brwon",
        "Janet K Brown",
        "BROWN,JANET",
    ],
)
def test_member_names_in_any_order_begun_or_misspelt(registry: sa.Engine, text: str) -> None:
    hits = found(registry, text)

    assert {request_id for request_id, _ in hits[:2]} == {JANET.request_id, JANET_SPRING.request_id}
    assert all(why.startswith("member name") for _, why in hits)


@pytest.mark.parametrize("text", ["cruz", "de la cruz", "delacruz", "nunez", "Núñez ana", "dela cruz", "cruz nunez"])
def test_double_surnames_by_any_part(registry: sa.Engine, text: str) -> None:
    hits = found(registry, text)

    assert hits[0] == (CRUZ.request_id, "member name")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("3/4/51", "birth date"),
        ("03-04-1951", "birth date"),
        ("1951-03-04", "birth date"),
        ("mar 4 1951", "birth date"),
        ("030451", "birth date"),
        ("4/3/51", "birth date, nearly"),
        ("brown 3/4/51", "member name, birth date"),
        ("3/4/1951 browne", "member name, nearly, birth date"),
    ],
)
def test_birth_dates(registry: sa.Engine, text: str, why: str) -> None:
    hits = found(registry, text)

    assert {request_id for request_id, _ in hits} == BROWNS
    assert {why_found for _, why_found in hits} == {why}


@pytest.mark.parametrize("text", ["brown 12/1/77", "janet omar", "zzyzx", "99999999999", "kim coastal"])
def test_what_fits_in_part_only_is_not_found(registry: sa.Engine, text: str) -> None:
    assert found(registry, text) == []


def test_open_requests_stand_before_closed_ones_that_fit_as_well(engine: sa.Engine) -> None:
    closed = [given(JANET, request_id=f"A{n}", status=RequestStatus.CLOSED) for n in range(120)]
    requests.replace_all(engine, [*closed, given(JANET, request_id="Z1"), given(JANET, request_id="Z2")])

    hits = found(engine, "brown janet")

    assert [request_id for request_id, _ in hits[:2]] == ["Z1", "Z2"]
    assert len(hits) == 10


def test_what_fits_as_a_whole_stands_before_what_begins_so(engine: sa.Engine) -> None:
    longer = [given(JANET, request_id=f"A{n}", member_last_name=f"Brown{chr(97 + n)}") for n in range(20)]
    requests.replace_all(engine, [*longer, given(JANET, request_id="Z1", status=RequestStatus.CLOSED)])

    hits = found(engine, "brown")

    assert hits[0] == ("Z1", "member name")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "%",
        "_",
        "'",
        '"; DROP TABLE requests; --',
        "<script>alert(1)</script>",
        "a\0b",
        "\ud800",
        "x" * 10_000,
        "1" * 10_000,
        "brown " * 2_000,
        "NEAR(a b) OR *",
        "\u202e\u0301",
        "ﬁﬂ ǅ ß İ",
        "1/1/1 " * 50,
        "9" * 24,
    ],
)
def test_hostile_text_finds_nothing_and_harms_nothing(registry: sa.Engine, text: str) -> None:
    hits = [request_id for request_id, _ in found(registry, text)]

    assert set(hits) <= BROWNS
    assert len(requests.load_all(registry)) == len(REGISTRY)


def test_as_many_as_are_asked_for(registry: sa.Engine) -> None:
    counts = [len(find_requests(registry, "brown", limit)) for limit in (-1, 0, 1, 2, 10_000)]

    assert counts == [0, 0, 1, 2, 3]
    assert MOST >= 10


def test_changes_are_found_at_once(engine: sa.Engine) -> None:
    requests.replace_all(engine, REGISTRY)

    requests.upsert(engine, [given(JANET, member_last_name="Whitfield"), given(OMAR, request_id="NEW-1")])
    requests.close(engine, KIM.request_id)

    married = found(engine, "whitfield")

    assert married == [(JANET.request_id, "member name")]
    assert found(engine, "janet brown")[0][0] == JANET_SPRING.request_id
    assert found(engine, "new1") == [("NEW-1", "request id")]
    assert find_requests(engine, "mrr2047788")[0].request.status is RequestStatus.CLOSED


def test_who_left_the_registry_leaves_no_name_behind(engine: sa.Engine) -> None:
    requests.replace_all(engine, REGISTRY)

    requests.upsert(engine, [given(KIM, member_first_name="Ana")])
    requests.replace_all(engine, [JOAN])

    with engine.connect() as connection:
        names = set(connection.execute(sa.select(REGISTRY_NAMES.c.name)).scalars())
        words = set(connection.execute(sa.select(NAME_WORDS.c.word)).scalars())
        keyed = set(connection.execute(sa.select(WORD_KEYS.c.word)).scalars())
    assert names == {"brown", "joan", "coastal pulmonary clinic 1252914290"}
    assert keyed == words
    assert "kim" not in words
