"""Sessions: renewed at each step, ended by idleness, age, signing out and admins; what may be posted in them."""

import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.builders.review_site import ServedReview, signed_client, stranger, token_for
from tests.builders.sign_in import (
    actions_of,
    code_now,
    field,
    give_password,
    ready_person,
    set_person,
    set_sessions,
    submit,
)
from tests.builders.waiting_items import Waiting, put_waiting
from worker.db import people, review_items, sessions
from worker.pipeline.site import Site
from worker.review.session_cookie import COOKIE


def moved(minutes: float) -> datetime:
    return datetime.now(UTC) + timedelta(minutes=minutes)


def seen_at(site: Site, token: str) -> datetime:
    session = sessions.find(site.shelf.engine, token)
    assert session
    return session.seen_at


def test_each_step_has_a_number_that_nobody_saw_before(served_anywhere: ServedReview) -> None:
    site = served_anywhere.site
    ready_person(site)
    planted = token_for(site, "rita")
    client = stranger(served_anywhere)
    client.cookies.set(COOKIE, planted, domain="127.0.0.1", path="/")

    give_password(client)
    second = client.cookies[COOKIE]
    submit(client, "/login/totp", code=code_now())
    third = client.cookies[COOKIE]

    assert len({planted, second, third}) == 3
    assert [sessions.find(site.shelf.engine, each) is not None for each in (planted, second, third)] == [
        False,
        False,
        True,
    ]


def test_what_is_stored_is_not_what_the_cookie_holds(served: ServedReview) -> None:
    token = token_for(served.site, "rita")

    session = sessions.find(served.site.shelf.engine, token)

    assert session
    assert len(token) >= 43
    assert token not in str(session.token_sha256)


def test_a_session_ends_by_idleness(served_anywhere: ServedReview) -> None:
    page = signed_client(served_anywhere, "rita", accept="text/html")
    script = signed_client(served_anywhere, "ravi")
    for name in ("rita", "ravi"):
        set_sessions(served_anywhere.site, name, seen_at=moved(-16))

    answer, told = page.get("/account"), script.get("/session/state")

    assert answer.headers["Location"] == "/login?idle=1&next=/account"
    assert "nothing happened for long" in page.get(answer.headers["Location"]).text
    assert (told.status_code, told.json()["type"]) == (401, "urn:pigeonhole:idle")
    assert COOKIE in answer.headers["Set-Cookie"]
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert actions_of(served_anywhere.site) == ["idle_end", "idle_end"]


def test_a_session_ends_by_age_whatever_happens(served_anywhere: ServedReview) -> None:
    client = signed_client(served_anywhere, "rita", accept="text/html")
    set_sessions(served_anywhere.site, "rita", ends_at=moved(-1))

    answer = client.get("/account")

    assert answer.headers["Location"] == "/login?next=/account"
    assert actions_of(served_anywhere.site) == ["session_end"]


def test_only_what_a_person_does_keeps_it_alive(served: ServedReview) -> None:
    client = signed_client(served, "rita", accept="text/html")
    token = client.cookies[COOKIE]
    set_sessions(served.site, "rita", seen_at=moved(-10))
    script = {"Accept": "application/json"}

    for path in ("/session/state", "/account", "/inbox"):
        client.get(path, headers=script)
    client.post("/items/1/hold", headers=script)
    client.get("/account", headers={"X-Background": "1"})
    by_itself = seen_at(served.site, token)
    client.post("/session/alive", headers=script)

    assert by_itself < moved(-9)
    assert seen_at(served.site, token) > moved(-1)


def test_opening_a_page_keeps_it_alive(served: ServedReview) -> None:
    client = signed_client(served, "rita", accept="text/html")
    set_sessions(served.site, "rita", seen_at=moved(-10))

    client.get("/account")

    assert seen_at(served.site, client.cookies[COOKIE]) > moved(-1)


def test_signs_of_life_are_not_written_at_every_request(served: ServedReview) -> None:
    client = signed_client(served, "rita", accept="text/html")
    before = seen_at(served.site, client.cookies[COOKIE])
    time.sleep(0.05)

    client.get("/account")

    assert seen_at(served.site, client.cookies[COOKIE]) == before


def test_signing_out_ends_it_there_as_well(served_anywhere: ServedReview) -> None:
    client = signed_client(served_anywhere, "rita", accept="text/html")
    token = client.cookies[COOKIE]

    answer = client.post("/logout")

    again = httpx.get(f"{served_anywhere.url}/session/state", cookies={COOKIE: token})
    assert answer.headers["Location"] == "/login"
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert again.status_code == 401
    assert actions_of(served_anywhere.site) == ["sign_out"]


def test_what_was_held_is_given_back_once_the_person_is_signed_in_nowhere(served_anywhere: ServedReview) -> None:
    engine = served_anywhere.site.shelf.engine
    here, elsewhere = (signed_client(served_anywhere, "rita") for _ in range(2))
    number = put_waiting(engine, Waiting("a.tif", held_by="rita"))["a.tif"]

    holders = []
    for client in (here, elsewhere):
        client.post("/logout")
        item = review_items.find(engine, number)
        holders.append(item.held_by if item else None)

    assert holders == ["rita", ""]


def test_sessions_whose_browsers_were_closed_end_when_somebody_signs_in(served: ServedReview) -> None:
    ready_person(served.site)
    token = token_for(served.site, "ravi")
    set_sessions(served.site, "ravi", seen_at=moved(-60))
    client = stranger(served)
    give_password(client)

    submit(client, "/login/totp", code=code_now())

    assert sessions.find(served.site.shelf.engine, token) is None
    assert actions_of(served.site) == ["sign_in", "idle_end"]


def test_a_disabled_persons_session_dies_at_once(served_anywhere: ServedReview) -> None:
    client = signed_client(served_anywhere, "rita")
    assert client.get("/session/state").status_code == 200

    signed_client(served_anywhere, "adam").post("/people/rita/disable")

    assert client.get("/session/state").status_code == 401


def test_a_disabled_person_has_no_session_whoever_disabled_it(served: ServedReview) -> None:
    client = signed_client(served, "rita")

    with served.site.shelf.engine.begin() as connection:
        people.disable(connection, "rita")

    assert client.get("/session/state").status_code == 401


def test_rights_change_from_the_next_request_on(served: ServedReview) -> None:
    client = signed_client(served, "rita")
    before = client.get("/people").status_code

    set_person(served.site, "rita", roles="admin")

    assert (before, client.get("/people").status_code) == (403, 200)


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"X-CSRF-Token": "wrong"}, "csrf"),
        ({"X-CSRF-Token": ""}, "csrf"),
        ({"Origin": "https://evil.example"}, "origin"),
        ({"Sec-Fetch-Site": "cross-site"}, "origin"),
    ],
    ids=str,
)
def test_what_no_page_of_this_session_sent_is_refused(served: ServedReview, headers: dict[str, str], kind: str) -> None:
    client = signed_client(served, "adam")

    answer = client.post("/people/rita/disable", headers=headers)

    assert (answer.status_code, answer.json()["type"]) == (403, f"urn:pigeonhole:{kind}")
    account = people.find(served.site.shelf.engine, "rita")
    assert account
    assert account.disabled_at is None


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_without_a_token_nothing_but_looking_is_done(served: ServedReview, method: str) -> None:
    client = signed_client(served, "adam")
    del client.headers["X-CSRF-Token"]

    answer = client.request(method, "/people/rita/disable")

    assert answer.status_code == 403


def test_a_form_brings_the_token_along_and_stays_whole(served: ServedReview) -> None:
    client = signed_client(served, "adam", accept="text/html")
    csrf = field(client.get("/people"))
    del client.headers["X-CSRF-Token"]

    answer = client.post("/people", data={"csrf": csrf, "name": "nina", "display_name": "Niña", "role": "reviewer"})

    account = people.find(served.site.shelf.engine, "nina")
    assert answer.status_code == 200
    assert account
    assert account.person.display_name == "Niña"


def test_the_token_of_another_session_is_none(served: ServedReview) -> None:
    other = signed_client(served, "adam")
    client = signed_client(served, "adam")

    answer = client.post("/people/rita/disable", headers={"X-CSRF-Token": other.headers["X-CSRF-Token"]})

    assert answer.status_code == 403
