"""What is refused as a password, and what is kept of one."""

import pytest

from worker import passwords


@pytest.mark.parametrize(
    "password",
    ["", "short", "eleven char", "rita.alvarez1", "aaaaaaaaaaaa", "abababababab", "Password1234", "x" * 201, " " * 20],
)
def test_what_others_would_try_is_refused(password: str) -> None:
    why = passwords.objection(password, "rita.alvarez")

    assert why.endswith(".")


@pytest.mark.parametrize("password", ["stapler gravel moonlit", "ünïcödé wörds", "rita.alvarez rides at dawn"])
def test_words_that_do_not_belong_together_are_taken(password: str) -> None:
    why = passwords.objection(password, "rita.alvarez")

    assert why == ""


def test_what_is_kept_knows_the_password_alone() -> None:
    kept = passwords.hashed("stapler gravel moonlit")

    tried = ["stapler gravel moonlit", "stapler gravel moonlit ", "\ud83d", ""]
    assert [passwords.is_right(kept, password) for password in tried] == [True, False, False, False]
    assert kept.startswith("$argon2id$")
    assert not passwords.is_right(None, "stapler gravel moonlit")
    assert not passwords.is_right("not a hash", "stapler gravel moonlit")


def test_initial_passwords_are_taken_and_never_the_same() -> None:
    made = {passwords.generate() for _ in range(50)}

    assert len(made) == 50
    assert {passwords.objection(password, "rita") for password in made} == {""}
