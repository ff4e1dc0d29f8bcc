"""Admins look after people on the site; nobody else does, and no admin does it to themselves."""

import html
import re

import pytest

from tests.builders.review_site import PEOPLE, ServedReview, signed_client, stranger
from tests.builders.sign_in import actions_of, code_now, give_password, log_of, ready_person
from worker.db import people, recovery_codes
from worker.domain.person import Role

NAMES = [person.name for person in PEOPLE]
FOR_ADMINS = [
    ("GET", "/people"),
    ("POST", "/people"),
    ("GET", "/people/ravi"),
    ("POST", "/people/ravi/rights"),
    ("POST", "/people/ravi/disable"),
    ("POST", "/people/ravi/enable"),
    ("POST", "/people/ravi/reset-password"),
    ("POST", "/people/ravi/reset-totp"),
]


def initial_of(text: str) -> str:
    found = re.search(r'id="initial">([^<]+)<', text)
    assert found
    return html.unescape(found[1])


@pytest.mark.parametrize("name", [name for name in NAMES if name != "adam"])
def test_nobody_but_admins_looks_after_people(served: ServedReview, name: str) -> None:
    client = signed_client(served, name)

    answers = [client.request(method, path).status_code for method, path in FOR_ADMINS]

    assert answers == [403] * len(FOR_ADMINS)
    assert actions_of(served.site) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_audit_log_is_for_auditors(served: ServedReview, name: str) -> None:
    answer = signed_client(served, name).get("/audit-log")

    assert answer.status_code == (200 if name == "auda" else 403)


@pytest.mark.parametrize("name", NAMES)
def test_everybody_has_an_account(served: ServedReview, name: str) -> None:
    answer = signed_client(served, name, accept="text/html").get("/account")

    assert answer.status_code == 200


def test_nothing_is_for_nobody(served: ServedReview) -> None:
    client = stranger(served, accept="application/json")

    paths = [*FOR_ADMINS, ("GET", "/audit-log"), ("GET", "/account"), ("POST", "/account/password"), ("GET", "/")]
    answers = [client.request(method, path).status_code for method, path in paths]

    assert answers == [401] * len(paths)


def test_somebody_is_added_with_a_password_that_is_shown_once(served_anywhere: ServedReview) -> None:
    admin = signed_client(served_anywhere, "adam", accept="text/html")
    data = {"name": "Nina", "display_name": "Nina Roy", "role": ["reviewer", "senior"], "line": ["expedited"]}

    page = admin.post("/people", data=data)

    initial = initial_of(page.text)
    account = people.find(served_anywhere.site.shelf.engine, "nina")
    assert account
    assert account.person.roles == {Role.REVIEWER, Role.SENIOR}
    assert account.person.lines == {"expedited"}
    assert initial not in admin.get("/people").text
    assert give_password(stranger(served_anywhere), "nina", initial).headers["Location"] == "/login/password"
    (row,) = log_of(served_anywhere.site)
    assert (row.entry.by_name, row.entry.action, row.entry.detail["name"]) == ("adam", "people_add", "nina")
    assert initial not in str(row)


@pytest.mark.parametrize(
    ("data", "status", "why"),
    [
        ({"name": "rita", "role": "reviewer"}, 422, "is or was somebody named"),
        ({"name": "two words", "role": "reviewer"}, 422, "letters, digits"),
        ({"name": "nina"}, 422, "one role at least"),
        ({"name": "nina", "role": "emperor"}, 422, "no such role"),
        ({"name": "nina", "role": "reviewer", "line": "nowhere"}, 422, "no such role or line"),
        ({"name": "nina", "role": "reviewer", "display_name": "a\u202eb"}, 422, "visible"),
    ],
)
def test_who_cannot_be_added_is_told_why(served: ServedReview, data: dict[str, str], status: int, why: str) -> None:
    answer = signed_client(served, "adam", accept="text/html").post("/people", data=data)

    assert answer.status_code == status
    assert why in html.unescape(answer.text)


def test_a_reset_password_ends_sessions_and_opens_a_lock(served_anywhere: ServedReview) -> None:
    ready_person(served_anywhere.site)
    theirs = signed_client(served_anywhere, "pia")
    for _ in range(5):
        give_password(stranger(served_anywhere), password="something quite wrong")

    page = signed_client(served_anywhere, "adam", accept="text/html").post("/people/pia/reset-password")

    assert theirs.get("/session/state").status_code == 401
    again = give_password(stranger(served_anywhere), password=initial_of(page.text))
    assert again.headers["Location"] == "/login/totp"


def test_a_lost_phone_is_set_up_anew(served: ServedReview) -> None:
    ready_person(served.site)

    signed_client(served, "adam").post("/people/pia/reset-totp")

    assert recovery_codes.count_left(served.site.shelf.engine, "pia") == 0
    assert give_password(stranger(served)).headers["Location"] == "/login/enrol"


def test_rights_are_set_and_people_disabled_and_enabled(served_anywhere: ServedReview) -> None:
    admin = signed_client(served_anywhere, "adam", accept="text/html")

    admin.post("/people/rita/rights", data={"display_name": "Rita A.", "role": "senior", "sensitive": "true"})
    admin.post("/people/rita/disable")
    twice = admin.post("/people/rita/disable")
    listed = admin.get("/people")
    admin.post("/people/rita/enable")

    account = people.find(served_anywhere.site.shelf.engine, "rita")
    assert account
    assert account.person.roles == {Role.SENIOR}
    assert account.person.may_open_sensitive
    assert account.disabled_at is None
    assert twice.status_code == 422
    assert ">disabled<" in listed.text
    assert actions_of(served_anywhere.site) == ["people_change", "people_disable", "people_enable"]


@pytest.mark.parametrize("act", ["disable", "reset-password", "reset-totp", "rights", "enable"])
def test_no_admin_does_it_to_themselves(served: ServedReview, act: str) -> None:
    answer = signed_client(served, "adam").post(f"/people/adam/{act}", data={"role": "reviewer"})

    assert answer.status_code == 403


def test_a_new_password_on_the_account_page_ends_all_other_sessions(served_anywhere: ServedReview) -> None:
    ready_person(served_anywhere.site)
    elsewhere = signed_client(served_anywhere, "pia")
    here = signed_client(served_anywhere, "pia", accept="text/html")
    new = "quarry lantern 47 fjord"

    denied = here.post("/account/password", data={"current": "not this one", "password": new, "again": new})
    done = here.post("/account/password", data={"current": "stapler gravel moonlit", "password": new, "again": new})

    assert denied.status_code == 403
    assert done.headers["Location"] == "/account?done=password"
    assert elsewhere.get("/session/state").status_code == 401
    assert here.get("/account").status_code == 200
    assert give_password(stranger(served_anywhere), password=new).status_code == 303


def test_new_recovery_codes_need_a_code_and_end_the_old_ones(served: ServedReview) -> None:
    old = ready_person(served.site)[0]
    client = signed_client(served, "pia", accept="text/html")

    refused = client.post("/account/codes", data={"code": "000000"})
    left = recovery_codes.count_left(served.site.shelf.engine, "pia")
    page = client.post("/account/codes", data={"code": code_now()})

    with served.site.shelf.engine.begin() as connection:
        is_old_good = recovery_codes.use(connection, "pia", old)
        is_new_good = recovery_codes.use(connection, "pia", re.findall(r"<li><code>([^<]+)<", page.text)[0])
    assert (refused.status_code, left) == (403, 10)
    assert (is_old_good, is_new_good) == (False, True)


def test_one_may_sign_out_everywhere_else(served: ServedReview) -> None:
    here, elsewhere = signed_client(served, "rita"), signed_client(served, "rita")

    here.post("/account/elsewhere")

    assert here.get("/session/state").status_code == 200
    assert elsewhere.get("/session/state").status_code == 401
