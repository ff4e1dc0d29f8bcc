"""Signing in with a password: the whole first sign-in, wrong passwords and the lock, where posts must come from."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders.review_site import ServedReview, make_people, serving_review, signed_client, stranger
from tests.builders.sign_in import (
    PASSWORD,
    actions_of,
    code_now,
    field,
    give_password,
    log_of,
    new_person,
    ready_person,
    set_person,
    submit,
)
from worker.db import people
from worker.domain.person import Person, Role
from worker.pipeline.site import Site
from worker.review.session_cookie import COOKIE

OWN = "quarry lantern 47 fjord"


def test_the_first_sign_in_changes_the_password_and_sets_up_the_phone(served_anywhere: ServedReview) -> None:
    new_person(served_anywhere.site)
    client = stranger(served_anywhere)

    first = give_password(client, next="/documents")
    own = submit(client, "/login/password", password=OWN, again=OWN)
    page = client.get("/login/enrol")
    secret = re.search(r'id="secret">([^<]+)<', page.text)
    assert secret
    code = code_now(secret[1].replace(" ", ""))
    codes = client.post("/login/enrol", data={"csrf": field(page), "code": code})

    assert (first.headers["Location"], own.headers["Location"]) == ("/login/password", "/login/enrol")
    assert len(set(re.findall(r"<li><code>([A-Z2-9-]{19})</code>", codes.text))) == 10
    assert 'href="/documents"' in codes.text
    assert client.get("/").headers["Location"] == "/inbox"
    assert actions_of(served_anywhere.site) == ["password_changed", "enrol", "sign_in"]
    assert "password, totp" in str(log_of(served_anywhere.site)[-1].entry.detail)


def test_the_picture_is_there_while_enrolling_alone(served: ServedReview) -> None:
    new_person(served.site)
    client = stranger(served)
    give_password(client)
    submit(client, "/login/password", password=OWN, again=OWN)

    picture = client.get("/login/enrol.svg")
    elsewhere = signed_client(served, "rita", accept="application/json").get("/login/enrol.svg")

    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "no-store"
    assert picture.text.startswith("<svg")
    assert elsewhere.status_code == 401


def test_the_next_sign_in_asks_for_password_and_code(served_anywhere: ServedReview) -> None:
    ready_person(served_anywhere.site)
    client = stranger(served_anywhere)

    first = give_password(client)
    before = client.get("/")
    second = submit(client, "/login/totp", code=code_now())

    assert first.headers["Location"] == "/login/totp"
    assert before.headers["Location"] == "/login"
    assert second.headers["Location"] == "/"
    assert client.get("/").headers["Location"] == "/inbox"


def test_a_reset_password_is_changed_after_the_code_not_before(served: ServedReview) -> None:
    ready_person(served.site)
    set_person(served.site, "pia", must_change_password=True)
    client = stranger(served)

    first = give_password(client)
    second = submit(client, "/login/totp", code=code_now())
    third = submit(client, "/login/password", password=OWN, again=OWN)

    assert [each.headers["Location"] for each in (first, second, third)] == ["/login/totp", "/login/password", "/"]


@pytest.mark.parametrize(
    ("password", "again", "why"),
    [
        (OWN, OWN + "x", "not the same"),
        (PASSWORD, PASSWORD, "have now"),
        ("short", "short", "12 characters"),
        ("pia pia pia pia", "pia pia pia pia", "first that others"),
        ("password1234", "password1234", "first that others"),
    ],
)
def test_bad_passwords_are_refused_with_the_reason(served: ServedReview, password: str, again: str, why: str) -> None:
    new_person(served.site)
    client = stranger(served)
    give_password(client)

    answer = submit(client, "/login/password", password=password, again=again)

    assert answer.status_code == 422
    assert why in answer.text


@pytest.mark.parametrize("name", ["pia", "nobody", "adam"])
def test_who_is_wrong_is_told_the_same_whatever_the_name(served: ServedReview, name: str) -> None:
    ready_person(served.site)

    answer = give_password(stranger(served), name, "something quite wrong")

    assert answer.status_code == 403
    assert "name or the password is not right" in answer.text
    assert COOKIE not in answer.cookies


def test_five_failures_lock_the_name_for_fifteen_minutes(served_anywhere: ServedReview) -> None:
    site = served_anywhere.site
    ready_person(site)
    client = stranger(served_anywhere)
    for _ in range(5):
        give_password(client, password="something quite wrong")

    locked = give_password(client)
    set_person(site, "pia", locked_until=datetime.now(UTC) - timedelta(seconds=1))
    later = give_password(client)

    assert locked.status_code == 403
    assert later.headers["Location"] == "/login/totp"
    assert actions_of(site) == ["sign_in_failed"] * 5 + ["locked", "sign_in_failed"]


def test_a_lock_that_ran_out_begins_to_count_anew(served: ServedReview) -> None:
    ready_person(served.site)
    set_person(served.site, "pia", failures=5, locked_until=datetime.now(UTC) - timedelta(seconds=1))

    give_password(stranger(served), password="something quite wrong")

    account = people.find(served.site.shelf.engine, "pia")
    assert account
    assert (account.failures, account.locked_until) == (1, None)


def test_the_right_password_does_not_forgive_wrong_codes(served: ServedReview) -> None:
    ready_person(served.site)
    client = stranger(served)
    for _ in range(4):
        give_password(client)
        submit(client, "/login/totp", code="000000")

    give_password(client)
    fifth = submit(client, "/login/totp", code="000000")

    assert "locked for 15 minutes" in fifth.text
    assert give_password(client).status_code == 403


def test_names_and_passwords_that_nobody_has_are_not_kept(served: ServedReview) -> None:
    secret = "my secret typed into the wrong field"

    give_password(stranger(served), secret, secret)

    (row,) = log_of(served.site)
    assert row.entry.detail == {"with": "password", "name": None}


def test_too_many_tries_from_one_address_are_put_off(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.review.gate.TRIES_PER_MINUTE", 2)
    with serving_review(site) as served:
        client = stranger(served)

        answers = [client.post("/login", data={"name": "", "password": ""}).status_code for _ in range(4)]

    assert answers[0] == 403
    assert 429 in answers


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
def test_nobody_is_signed_in_by_a_page_of_somebody_else(served: ServedReview, headers: dict[str, str]) -> None:
    ready_person(served.site)

    answer = stranger(served).post("/login", data={"name": "pia", "password": PASSWORD}, headers=headers)

    assert answer.status_code == 403
    assert COOKIE not in answer.cookies


@pytest.mark.parametrize(
    "place", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/logout", "/\tx"]
)
def test_nobody_is_led_to_another_site(served: ServedReview, place: str) -> None:
    ready_person(served.site)
    client = stranger(served)
    give_password(client, next=place)

    answer = submit(client, "/login/totp", code=code_now())

    assert answer.headers["Location"] == "/"


def test_over_plain_http_no_password_is_taken(served: ServedReview) -> None:
    ready_person(served.site)
    elsewhere = {"Host": "mailroom.example", "Origin": "http://mailroom.example"}

    answer = stranger(served).post("/login", data={"name": "pia", "password": PASSWORD}, headers=elsewhere)

    assert answer.status_code == 403
    assert "https://" in answer.text


def test_behind_a_proxy_with_tls_the_cookie_is_for_tls_alone(served: ServedReview) -> None:
    ready_person(served.site)
    elsewhere = {"Host": "mailroom.example", "Origin": "https://mailroom.example"}

    answer = stranger(served).post("/login", data={"name": "pia", "password": PASSWORD}, headers=elsewhere)

    cookie = answer.headers["Set-Cookie"]
    assert answer.headers["Location"] == "/login/totp"
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=lax"))


@pytest.mark.parametrize(("proxies", "address"), [("", "127.0.0.1"), ("127.0.0.1", "203.0.113.9")])
def test_a_proxy_that_is_named_is_believed_about_who_came(site: Site, proxies: str, address: str) -> None:
    with serving_review(site, proxies=proxies) as served:
        client = stranger(served)
        client.headers["X-Forwarded-For"] = "198.51.100.1, 203.0.113.9"

        give_password(client)

    (row,) = log_of(site)
    assert row.entry.address == address


def test_on_this_machine_the_cookie_goes_over_http_as_well(served: ServedReview) -> None:
    ready_person(served.site)

    cookie = give_password(stranger(served)).headers["Set-Cookie"]

    assert "Secure" not in cookie
    assert "HttpOnly" in cookie


@pytest.mark.parametrize(
    ("name", "place"),
    [("rita", "/inbox"), ("sena", "/inbox"), ("supa", "/dashboard"), ("auda", "/audit-log"), ("adam", "/people")],
)
def test_the_root_leads_to_the_first_page_of_each(served: ServedReview, name: str, place: str) -> None:
    answer = signed_client(served, name, accept="text/html").get("/")

    assert answer.headers["Location"] == place


def test_markup_in_a_display_name_is_text(served: ServedReview) -> None:
    name = "<script>alert(1)</script>\"'><img src=x>"
    make_people(served.site, [Person("mallory", name, frozenset({Role.REVIEWER}))])

    answer = signed_client(served, "mallory", accept="text/html").get("/account")

    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
