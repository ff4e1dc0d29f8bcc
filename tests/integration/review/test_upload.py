"""Documents that people upload by hand: safe before the answer, within the limits of their line."""

import httpx
import pytest

from tests.builders.review_site import ServedReview, signed_client, stranger
from tests.builders.served import BYTES, came, settled
from worker.db import audit_log
from worker.domain.envelope import Channel


def form(client: httpx.Client, *files: tuple[str, bytes], line: str = "routine", note: str = "") -> httpx.Response:
    fields = [("line", (None, line)), ("note", (None, note))]
    return client.post("/documents/upload", files=[*fields, *(("file", file) for file in files)])


def test_an_upload_is_an_arrival(served_anywhere: ServedReview) -> None:
    served = served_anywhere
    rita = signed_client(served, "rita", accept="text/html")

    sent = form(rita, ("C:\\scans\\one.pdf", BYTES), ("two.pdf", BYTES), line="expedited", note="by\nhand")
    shown = rita.get(sent.headers["Location"])

    assert sent.status_code == 303, sent.text
    first, second = came(served.site)
    assert (first.source, second.source, second.is_duplicate) == ("one.pdf", "two.pdf", True)
    assert (first.envelope.channel, first.envelope.line) == (Channel.API, "expedited")
    assert (first.envelope.operator, first.envelope.station) == ("Rita Alvarez", "review site")
    assert first.envelope.index == (("note", "by hand"),)
    assert first.receipt in shown.text
    assert f'href="/documents/{first.sha256}"' in shown.text
    uploads = [each.entry for each in audit_log.load(served.site.shelf.engine) if each.entry.action == "upload"]
    assert [(entry.sha256, entry.detail["receipt"]) for entry in uploads] == [
        (arrival.sha256, arrival.receipt) for arrival in (first, second)
    ]
    assert settled(served.site)


@pytest.mark.parametrize("name", ["auda", "adam"])
def test_who_changes_nothing_uploads_nothing(served: ServedReview, name: str) -> None:
    client = signed_client(served, name)

    assert form(client, ("a.pdf", BYTES)).status_code == 403
    assert client.get("/documents/upload").status_code == 403
    assert came(served.site) == ()


def test_a_form_without_its_token_is_refused(served: ServedReview) -> None:
    rita = signed_client(served, "rita")
    token = rita.headers.pop("X-CSRF-Token")

    late = rita.post("/documents/upload", files=[("file", ("a.pdf", BYTES)), ("csrf", (None, token))])
    first = rita.post("/documents/upload", files=[("csrf", (None, token)), ("file", ("a.pdf", BYTES))])

    assert (late.status_code, first.status_code) == (403, 201)
    assert form(stranger(served), ("a.pdf", BYTES)).status_code in {401, 403}
    assert len(came(served.site)) == 1


def test_the_limits_of_a_line_hold(served: ServedReview) -> None:
    rita, lena = (signed_client(served, name) for name in ("rita", "lena"))

    answers = [
        form(rita, ("a.pdf", b"x" * 200_001), line="small"),
        form(rita, ("a.pdf", b"x"), ("b.pdf", b"x"), ("c.pdf", b"x"), line="small"),
        form(rita, ("a.pdf", b"x"), line="nowhere"),
        form(rita, ("a.pdf", b"")),
        form(lena, ("a.pdf", BYTES), line="routine"),
        rita.post("/documents/upload", content=BYTES, headers={"Content-Type": "application/pdf"}),
    ]

    assert [answer.status_code for answer in answers] == [413, 413, 422, 422, 403, 415]
    assert came(served.site) == ()
    assert settled(served.site)
