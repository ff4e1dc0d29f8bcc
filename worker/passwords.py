"""Passwords: what is refused, how they are kept (argon2id), and how first ones are made."""

import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: Characters at least, and at most: a longer one only costs time.
SHORTEST, LONGEST = 12, 200
#: Parts of an initial password: 5 letters each, from 32, so 100 bits.
PARTS = 4
#: Without letters and digits that are mistaken for others.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
#: What people choose when they are told to take twelve characters, folded.
COMMON = frozenset(
    {
        "123456789012",
        "1234567890123",
        "qwertyuiopas",
        "qwertyuiop12",
        "qwertyuiop123",
        "1q2w3e4r5t6y",
        "passwordpassword",
        "password1234",
        "password12345",
        "password123456",
        "administrator",
        "letmeinletmein",
        "welcomewelcome",
        "welcome12345",
        "changemechangeme",
        "changeme1234",
        "iloveyou1234",
        "correcthorsebatterystaple",
        "pigeonhole123",
        "pigeonhole1234",
    }
)

_hasher = PasswordHasher()
#: Each takes 64 MiB and a core while it lasts.
_ROOM = threading.BoundedSemaphore(2)


def objection(password: str, name: str) -> str:
    """Why this cannot be the password of the person of this name; empty where it can."""
    folded = "".join(password.casefold().split())
    if len(password) < SHORTEST:
        return f"Take {SHORTEST} characters at least: a few words that do not belong together are good."
    if len(password) > LONGEST:
        return f"Take {LONGEST} characters at most."
    if name.casefold() in folded and len(folded) - len(name) < SHORTEST // 2:
        return "Your name is nearly all of it: take something that others cannot guess."
    if folded in COMMON or len(set(folded)) < 5:
        return "This is one of the first that others would try: take something that they cannot guess."
    return ""


def hashed(password: str) -> str:
    """What is stored of it."""
    with _ROOM:
        return _hasher.hash(_bytes(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """The password is the one of this hash. Without a hash it takes as long to say no."""
    kept = password_hash or _of_nobody()
    try:
        with _ROOM:
            is_same = _hasher.verify(kept, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return is_same and password_hash is not None


def generate() -> str:
    """An initial password, to be read to somebody and changed at once."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(PARTS))


@cache
def _of_nobody() -> str:
    return _hasher.hash(secrets.token_bytes(16))


def _bytes(password: str) -> bytes:
    """No more than is hashed for anybody; half a surrogate pair is no reason to fail."""
    return password[: LONGEST + 1].encode("utf-8", "surrogatepass")
