"""The signature by which a receiver knows that an event came from us."""

import json
from datetime import UTC, datetime

import pytest

from worker.notify.message import SIGNATURE_LIFE, Message, is_genuine, signature

SECRET = b"kept"
NOW = 1_800_000_000


def test_the_body_holds_the_event_and_is_the_same_each_time() -> None:
    message = Message(7, "pages_filed", datetime(2026, 11, 2, tzinfo=UTC), {"request_id": "Ré/1", "pages": [1, 2]})

    told = json.loads(message.body)

    assert (told["id"], told["kind"], told["data"]) == (7, "pages_filed", {"request_id": "Ré/1", "pages": [1, 2]})
    assert message.body == message.body
    assert message.body.isascii()


def test_a_genuine_signature_is_known() -> None:
    header = signature(SECRET, b"body", NOW)

    assert is_genuine(SECRET, b"body", header, NOW + SIGNATURE_LIFE)


@pytest.mark.parametrize(
    ("secret", "body", "now"),
    [(b"other", b"body", NOW), (SECRET, b"bodY", NOW), (SECRET, b"body", NOW + SIGNATURE_LIFE + 1)],
)
def test_anything_else_is_refused(secret: bytes, body: bytes, now: int) -> None:
    header = signature(SECRET, b"body", NOW)

    assert not is_genuine(secret, body, header, now)


@pytest.mark.parametrize("header", ["", "t=,v1=", "t=x,v1=y", f"t={NOW},v1=", f"t={NOW},v1=é"])
def test_a_broken_header_is_no_signature(header: str) -> None:
    assert not is_genuine(SECRET, b"body", header, NOW)
