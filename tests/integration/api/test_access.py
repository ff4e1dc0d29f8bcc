"""Who may do what: keys, scopes, lines, rates; and what an error says."""

import logging
from dataclasses import replace

import httpx
import pytest

from tests.builders.served import BYTES, PDF, Served, came, listening, problem, serving
from worker.db import keys
from worker.db.keys import Scope
from worker.domain.task import Step
from worker.pipeline.site import Site


@pytest.mark.parametrize("given", [None, "Bearer", "Bearer pgh_wrong", "Basic abc", "Bearer " + "x" * 5000])
def test_without_a_key_nothing_is_told(served: Served, given: str | None) -> None:
    headers = {"Authorization": given} if given else {}

    answers = [
        httpx.post(f"{served.url}/v1/documents", content=BYTES, headers=headers | PDF),
        httpx.get(f"{served.url}/v1/documents/ABC", headers=headers),
        httpx.get(f"{served.url}/v1/requests/R1", headers=headers),
        httpx.put(f"{served.url}/v1/requests/R1", headers=headers, json={}),
        httpx.post(f"{served.url}/v1/requests/R1/close", headers=headers),
        httpx.post(f"{served.url}/v1/requests/import", headers=headers | {"Content-Type": "text/csv"}),
    ]

    assert [(answer.status_code, problem(answer)) for answer in answers] == [(401, "no-key")] * 6
    assert all(answer.headers["WWW-Authenticate"].startswith("Bearer") for answer in answers)
    assert came(served.site) == ()


def test_a_key_does_what_it_was_made_for(served: Served) -> None:
    scopes = {scope: served.client(scope.value, scope) for scope in Scope}

    def may(scope: Scope) -> list[bool]:
        ask = scopes[scope]
        answers = [
            ask.post("/v1/documents", content=BYTES, headers=PDF),
            ask.get("/v1/documents/ABC"),
            ask.get("/v1/requests/R1"),
            ask.put("/v1/requests/R1", json={}),
            ask.post("/v1/requests/R1/close"),
            ask.post("/v1/requests/import", headers={"Content-Type": "text/csv"}),
        ]
        return [answer.status_code != 403 for answer in answers]

    assert may(Scope.UPLOAD) == [True, False, False, False, False, False]
    assert may(Scope.READ) == [False, True, True, False, False, False]
    assert may(Scope.REGISTRY) == [False, False, False, True, True, True]


def test_a_key_for_a_line_is_for_no_other(served: Served) -> None:
    ask = served.client("station", Scope.UPLOAD, Scope.READ, lines=("small",))
    foreign = served.ask.post("/v1/documents", content=BYTES, headers=PDF).json()["documents"][0]["receipt"]

    refused = ask.post("/v1/documents", content=BYTES, headers=PDF, params={"line": "routine"})
    taken = ask.post("/v1/documents", content=b"another", headers=PDF)
    hidden = ask.get(f"/v1/documents/{foreign}")

    assert (refused.status_code, problem(refused)) == (403, "forbidden")
    assert taken.status_code == 201
    assert came(served.site)[-1].envelope.line == "small"
    assert hidden.status_code == 404


def test_a_revoked_key_opens_nothing_at_once(served: Served) -> None:
    ask = served.client("lost", Scope.READ)
    before = ask.get("/v1/documents/ABC")

    was_valid = keys.revoke(served.site.shelf.engine, "lost")

    assert was_valid
    assert (before.status_code, ask.get("/v1/documents/ABC").status_code) == (404, 401)
    assert not keys.revoke(served.site.shelf.engine, "lost")
    assert keys.add(served.site.shelf.engine, "lost", [Scope.READ]) is None


def test_keys_are_not_stored(site: Site) -> None:
    key = keys.add(site.shelf.engine, "station", [Scope.READ])

    site.shelf.engine.dispose()

    assert key is not None
    assert len(key) > 40
    stored = b"".join(path.read_bytes() for path in site.home.rglob("*") if path.is_file())
    assert b"station" in stored
    assert key.encode() not in stored
    assert key.removeprefix(keys.PREFIX).encode() not in stored


def test_too_many_requests_wait(site: Site) -> None:
    with serving(site, rate_per_minute=3) as served:
        other = served.client("other", Scope.READ)

        answers = [served.ask.get("/v1/documents/ABC") for _ in range(4)]
        elsewhere = other.get("/v1/documents/ABC")
        alive = served.ask.get("/healthz")

    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert problem(answers[-1]) == "too-many"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 20
    assert (elsewhere.status_code, alive.status_code) == (404, 200)


def test_every_answer_is_guarded(served: Served) -> None:
    answers = [served.ask.get(path) for path in ("/healthz", "/nowhere", "/v1/documents/ABC", "/metrics")]

    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Server" not in answer.headers


def test_what_is_not_there_is_a_problem(served: Served) -> None:
    nowhere = served.ask.get("/v1/nothing")
    wrong = served.ask.request("DELETE", "/v1/requests/R1")

    assert (nowhere.status_code, problem(nowhere)) == (404, "not-found")
    assert (wrong.status_code, problem(wrong), wrong.headers["Allow"]) == (405, "method-not-allowed", "GET, PUT")


class BrokenBell:
    """A bell with an error of ours, whose words quote a page."""

    def ring(self, step: Step) -> None:
        raise ValueError(f"Janet Brown, 1951-03-04 ({step})")


def test_an_error_of_ours_is_told_to_nobody(
    site: Site, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    key = keys.add(site.shelf.engine, "station", [Scope.UPLOAD])
    headers = PDF | {"Authorization": f"Bearer {key}"}

    with listening(replace(site, bell=BrokenBell())) as url:
        answer = httpx.post(f"{url}/v1/documents", content=BYTES, headers=headers)

    assert (answer.status_code, answer.json()["type"]) == (500, "urn:pigeonhole:failed")
    said = answer.text + caplog.text + "".join(capsys.readouterr())
    assert "request failed" in said
    assert "ValueError" in said
    assert "Janet" not in said


def test_logs_hold_no_more_than_ids(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    query = {"filename": "Janet Brown.pdf", "operator": "somebody", "sender": "5551234567"}

    served.ask.post("/v1/documents", content=BYTES, headers=PDF | {"Idempotency-Key": "secret-1"}, params=query)
    served.ask.post("/v1/documents", content=BYTES, headers=PDF, params={"line": "Janet"})
    served.ask.get("/v1/requests/Janet")

    said = "".join(capsys.readouterr())
    assert "document received" in said
    assert not [word for word in ("Janet", "somebody", "555", "secret", "pgh_") if word in said]
