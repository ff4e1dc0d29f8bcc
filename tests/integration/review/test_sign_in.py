"""Signing in with a password."""

from tests.builders.review_site import ServedReview, signed_client, stranger


def test_who_is_signed_in_is_known(served_anywhere: ServedReview) -> None:
    client = signed_client(served_anywhere, "rita")

    answer = client.get("/session/state")

    assert answer.status_code == 200
    assert 800 < answer.json()["idle"] <= 900


def test_who_is_not_is_led_to_sign_in(served: ServedReview) -> None:
    client = stranger(served)

    answer = client.get("/")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert "Sign in" in client.get("/login").text
