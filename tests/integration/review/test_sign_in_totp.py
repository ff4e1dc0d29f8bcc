"""The second factor: a code is good once and near its time; so is a recovery code, at any time."""

import pytest

from tests.builders.review_site import ServedReview, stranger
from tests.builders.sign_in import actions_of, code_now, give_password, log_of, ready_person, submit


def test_a_code_is_good_once(served_anywhere: ServedReview) -> None:
    ready_person(served_anywhere.site)
    mine, thief = stranger(served_anywhere), stranger(served_anywhere)
    code = code_now()
    give_password(mine)
    give_password(thief)

    first = submit(mine, "/login/totp", code=code)
    again = submit(thief, "/login/totp", code=code)

    assert first.status_code == 303
    assert again.status_code == 403
    assert "used already" in again.text
    assert actions_of(served_anywhere.site) == ["sign_in", "sign_in_failed"]


@pytest.mark.parametrize(("steps", "status"), [(-2, 403), (-1, 303), (1, 303), (2, 403)])
def test_a_code_is_good_one_step_early_or_late(served: ServedReview, steps: int, status: int) -> None:
    ready_person(served.site)
    client = stranger(served)
    give_password(client)

    answer = submit(client, "/login/totp", code=code_now(steps=steps))

    assert answer.status_code == status


def test_an_earlier_code_is_refused_after_a_later_one(served: ServedReview) -> None:
    ready_person(served.site)
    client, other = stranger(served), stranger(served)
    give_password(client)
    give_password(other)
    submit(client, "/login/totp", code=code_now(steps=1))

    answer = submit(other, "/login/totp", code=code_now())

    assert answer.status_code == 403


def test_a_recovery_code_is_good_once_however_it_is_typed(served_anywhere: ServedReview) -> None:
    code, other = ready_person(served_anywhere.site)[:2]
    client, thief = stranger(served_anywhere), stranger(served_anywhere)
    give_password(client)
    give_password(thief)

    first = submit(client, "/login/recovery", code=code.lower().replace("-", " "))
    again = submit(thief, "/login/recovery", code=code)
    another = submit(thief, "/login/recovery", code=other)

    assert [each.status_code for each in (first, again, another)] == [303, 403, 303]
    assert actions_of(served_anywhere.site) == [
        "recovery_used",
        "sign_in",
        "sign_in_failed",
        "recovery_used",
        "sign_in",
    ]
    assert log_of(served_anywhere.site)[1].entry.detail["recovery_codes_left"] == 9


def test_a_recovery_code_of_somebody_else_is_none(served: ServedReview) -> None:
    ready_person(served.site)
    client = stranger(served)
    give_password(client)

    answer = submit(client, "/login/recovery", code="ABCD-EFGH-JKLM-NPQR")

    assert answer.status_code == 403


def test_codes_need_the_password_first(served: ServedReview) -> None:
    ready_person(served.site)
    client = stranger(served)

    places = [client.get(f"/login/{page}").headers["Location"] for page in ("totp", "recovery", "enrol", "password")]
    posted = client.post("/login/totp", data={"code": code_now()})

    assert all(place.startswith("/login") for place in places)
    assert posted.status_code == 401
