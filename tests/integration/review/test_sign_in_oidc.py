"""Signing in with the organization's provider: a real flow against a small one, and everything that must be refused."""

import time
from collections.abc import Iterator

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey

from tests.builders.oidc_provider import CLIENT, SECRET, FakeProvider, provider
from tests.builders.review_site import ServedReview, serving_review, stranger
from tests.builders.sign_in import actions_of, log_of
from worker.db import people
from worker.db.people import NewPerson
from worker.domain.person import Person, Role
from worker.domain.sign_in import Oidc, SignIn
from worker.pipeline.site import Site
from worker.review.session_cookie import COOKIE


@pytest.fixture
def fake() -> Iterator[FakeProvider]:
    with provider() as fake:
        yield fake


@pytest.fixture
def with_oidc(site: Site, fake: FakeProvider) -> Iterator[ServedReview]:
    with site.shelf.engine.begin() as connection:
        olga = Person("olga", "Olga", frozenset({Role.REVIEWER}))
        people.add(connection, NewPerson(olga, oidc_subject="subject-1"))
    with serving_review(site, SignIn(oidc=Oidc(fake.issuer, CLIENT, SECRET))) as served:
        yield served


def come_back(served: ServedReview, fake: FakeProvider, client: httpx.Client, onward: str = "") -> httpx.Response:
    sent = client.get("/login/oidc", params={"next": onward})
    return client.get(fake.authorize(sent.headers["Location"]))


def test_whom_the_provider_knows_is_signed_in_and_led_on(with_oidc: ServedReview, fake: FakeProvider) -> None:
    client = stranger(with_oidc)

    answer = come_back(with_oidc, fake, client, "/documents")

    assert answer.headers["Location"] == "/documents"
    assert client.get("/").headers["Location"] == "/inbox"
    assert fake.asked["code_challenge_method"] == "S256"
    assert fake.asked["redirect_uri"] == f"{with_oidc.url}/login/oidc/callback"
    (row,) = log_of(with_oidc.site)
    assert (row.entry.by_name, row.entry.action, row.entry.detail) == ("olga", "sign_in", {"with": "oidc"})


def test_the_form_offers_it_where_it_is_set_up(with_oidc: ServedReview, served: ServedReview) -> None:
    offered, other = stranger(with_oidc).get("/login"), stranger(served).get("/login")

    assert 'href="/login/oidc"' in offered.text
    assert "/login/oidc" not in other.text
    assert stranger(served).get("/login/oidc").status_code == 404


def test_whom_nobody_added_is_refused_and_told_the_subject(with_oidc: ServedReview, fake: FakeProvider) -> None:
    fake.subject = "<b>somebody</b>"

    answer = come_back(with_oidc, fake, stranger(with_oidc))

    assert answer.status_code == 403
    assert "&lt;b&gt;somebody" in answer.text
    assert COOKIE not in answer.cookies
    assert actions_of(with_oidc.site) == ["sign_in_failed"]


def test_a_disabled_person_is_refused(with_oidc: ServedReview, fake: FakeProvider) -> None:
    with with_oidc.site.shelf.engine.begin() as connection:
        people.disable(connection, "olga")

    answer = come_back(with_oidc, fake, stranger(with_oidc))

    assert answer.status_code == 403
    assert COOKIE not in answer.cookies


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another client"},
        {"aud": ["another", CLIENT], "azp": "another"},
        {"exp": int(time.time()) - 3_600},
        {"iat": int(time.time()) + 3_600},
        {"nonce": "of another attempt"},
        {"nonce": None},
        {"sub": None},
    ],
    ids=" ".join,
)
def test_a_token_that_is_not_for_this_attempt_is_not_believed(
    with_oidc: ServedReview, fake: FakeProvider, claims: dict[str, object]
) -> None:
    fake.claims = claims

    answer = come_back(with_oidc, fake, stranger(with_oidc))

    assert answer.status_code == 403
    assert COOKIE not in answer.cookies


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(RSAKey.generate_key(2048, {"kid": "k1"}), "RS256"), (OctKey.import_key(SECRET * 2), "HS256")],
    ids=["another key", "the client's secret"],
)
def test_a_token_that_another_signed_is_not_believed(
    with_oidc: ServedReview, fake: FakeProvider, key: RSAKey | OctKey, algorithm: str
) -> None:
    fake.key, fake.algorithm = key, algorithm

    answer = come_back(with_oidc, fake, stranger(with_oidc))

    assert answer.status_code == 403
    assert COOKIE not in answer.cookies


def test_a_new_key_of_the_provider_is_fetched(with_oidc: ServedReview, fake: FakeProvider) -> None:
    come_back(with_oidc, fake, stranger(with_oidc))
    new = RSAKey.generate_key(2048, {"kid": "k1"})
    fake.key, fake.published = new, [new]

    answer = come_back(with_oidc, fake, stranger(with_oidc))

    assert answer.status_code == 303


def test_another_browser_cannot_end_what_one_began(with_oidc: ServedReview, fake: FakeProvider) -> None:
    mine, victim = stranger(with_oidc), stranger(with_oidc)
    back = fake.authorize(mine.get("/login/oidc").headers["Location"])
    victim.get("/login/oidc")

    answers = [victim.get(back), stranger(with_oidc).get(back)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert all("another browser" in answer.text for answer in answers)


def test_a_remembered_attempt_that_was_changed_is_none(with_oidc: ServedReview, fake: FakeProvider) -> None:
    client = stranger(with_oidc)
    back = fake.authorize(client.get("/login/oidc").headers["Location"])
    sealed = client.cookies["pigeonhole_oidc"]
    client.cookies.clear()

    answer = client.get(back, headers={"Cookie": f"pigeonhole_oidc=A{sealed}"})

    assert answer.status_code == 403


def test_a_code_is_good_once(with_oidc: ServedReview, fake: FakeProvider) -> None:
    client = stranger(with_oidc)
    back = fake.authorize(client.get("/login/oidc").headers["Location"])
    cookie = {"Cookie": f"pigeonhole_oidc={client.cookies['pigeonhole_oidc']}"}
    client.cookies.clear()
    client.get(back, headers=cookie)
    client.cookies.clear()

    answer = client.get(back, headers=cookie)

    assert answer.status_code == 403


def test_who_says_no_there_may_try_again(with_oidc: ServedReview, fake: FakeProvider) -> None:
    client = stranger(with_oidc)
    client.get("/login/oidc")
    state = fake.authorize(client.get("/login/oidc").headers["Location"]).rpartition("state=")[2]

    answer = client.get("/login/oidc/callback", params={"error": "access_denied", "state": state})

    assert answer.status_code == 403
    assert "did not sign you in" in answer.text


def test_a_provider_that_is_away_is_told(site: Site) -> None:
    nowhere = SignIn(oidc=Oidc("http://127.0.0.1:9", CLIENT, SECRET))
    with serving_review(site, nowhere) as served:
        answer = stranger(served).get("/login/oidc")

    assert answer.status_code == 403
    assert "does not answer" in answer.text
