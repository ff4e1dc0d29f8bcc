"""The token of a form is found without the body being lost, however the body comes in pieces."""

import asyncio

import pytest
from starlette.datastructures import Headers
from starlette.types import Message, Receive

from worker.review.csrf import is_same, sent_token

FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
FILES = {"Content-Type": "multipart/form-data; boundary=xyz"}
PART = b'--xyz\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nabc\r\n'
FILE = b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + b"x" * 9_000 + b"\r\n--xyz--"


def pieces(body: bytes, size: int) -> Receive:
    messages: list[Message] = [
        {"type": "http.request", "body": body[start : start + size], "more_body": True}
        for start in range(0, len(body), size)
    ]
    messages.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> Message:
        return messages.pop(0)

    return receive


async def look(headers: dict[str, str], body: bytes, size: int) -> tuple[str, bytes]:
    token, again = await sent_token(Headers(headers), pieces(body, size))
    whole, has_more = b"", True
    while has_more:
        message = await again()
        whole, has_more = whole + message["body"], message["more_body"]
    return token, whole


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize(
    ("headers", "body", "token"),
    [
        (FORM, b"name=rita&csrf=abc&x=%C3%A9", "abc"),
        (FORM, b"name=rita", ""),
        (FORM, b"csrf=abc&" + b"x" * 300_000, ""),
        (FILES, PART + FILE, "abc"),
        (FILES, FILE.removesuffix(b"--") + b"\r\n" + PART, ""),
        (FILES, b"no form at all", ""),
        ({"Content-Type": "application/json"}, b'{"csrf": "abc"}', ""),
        ({"Content-Type": "application/json", "X-CSRF-Token": "abc"}, b"{}", "abc"),
        ({}, b"csrf=abc", ""),
    ],
)
def test_the_token_is_found_and_the_body_stays_whole(
    headers: dict[str, str], body: bytes, token: str, size: int
) -> None:
    size = max(size, len(body) // 5_000)

    found, whole = asyncio.run(look(headers, body, size))

    assert (found, whole) == (token, body)


def test_only_the_same_is_the_same() -> None:
    tried = ["abc", "", "abd", "abcd", "é", "\ud83d"]

    same = [is_same(sent, "abc") for sent in tried]

    assert same == [True, False, False, False, False, False]
