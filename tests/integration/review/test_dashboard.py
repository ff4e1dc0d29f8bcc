"""The dashboard over HTTP: who may see it, what it tells, that it goes on telling, and that it ends."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
import sqlalchemy as sa

from tests.builders.busy_week import Mailroom, fill
from tests.builders.review_site import PEOPLE, ServedReview, make_people, serving_review, signed_client, stranger
from worker.cli.serve import Server, uvicorn_config
from worker.db import audit_log, people, sessions
from worker.db.people import NewPerson
from worker.db.review_tables import OPENINGS
from worker.domain.person import Person, Role
from worker.domain.sign_in import SignIn
from worker.pipeline.site import Site
from worker.review.app import make_review

XSS = "</script><img src=x onerror=alert(1)>"
LIMITED = Person("lisa", "Lisa Holm", frozenset({Role.SUPERVISOR}), lines=frozenset({"expedited"}))


@pytest.fixture
def busy(served_anywhere: ServedReview) -> ServedReview:
    """A site with some days behind it."""
    site = served_anywhere.site
    fill(site.shelf.engine, Mailroom(site.now(), days=3, documents_a_day=6, pages=4, audited=10, wrong=1))
    return served_anywhere


def events(client: httpx.Client, most: int) -> Iterator[str]:
    """The first blocks of the stream."""
    with client.stream("GET", "/dashboard/live", headers={"Accept": "text/event-stream"}) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        block: list[str] = []
        for line in answer.iter_lines():
            if line:
                block.append(line)
                continue
            yield "\n".join(block)
            block, most = [], most - 1
            if most == 0:
                return


def test_supervisors_and_auditors_see_it_and_nobody_else(served: ServedReview) -> None:
    paths = ("/dashboard", "/dashboard/data", "/senders")

    codes = {name: {signed_client(served, name).get(path).status_code for path in paths} for name in ("supa", "auda")}
    refused = {name: {signed_client(served, name).get(p).status_code for p in (*paths, "/dashboard/live")}
               for name in ("rita", "sena", "adam")}  # fmt: skip

    assert codes == {"supa": {200}, "auda": {200}}
    assert refused == {"rita": {403}, "sena": {403}, "adam": {403}}
    assert stranger(served).get("/dashboard").status_code == 303


def test_it_tells_what_was_counted(busy: ServedReview) -> None:
    client = signed_client(busy, "auda")

    told = client.get("/dashboard/data").json()
    page = signed_client(busy, "auda", accept="text/html").get("/dashboard")

    assert sum(one["machine"] + one["people"] for one in told["pages"].values()) <= 6 * 4
    assert len(told["touchless"]["days"]) == 7
    assert told["audit"]["ever"]["words"].startswith("1 of 10: 10 %")
    assert sum(row["items"] for row in told["queue"]) > 0
    assert len(told["alerts"]) == 1
    assert page.status_code == 200
    assert '<script type="application/json" id="figures">' in page.text
    assert "view_dashboard" in {row.entry.action for row in audit_log.load(busy.site.shelf.engine)}


def test_who_has_lines_sees_no_other(busy: ServedReview) -> None:
    with busy.site.shelf.engine.begin() as connection:
        people.add(connection, NewPerson(LIMITED))

    told = signed_client(busy, "lisa").get("/dashboard/data").json()

    assert [row["line"] for row in told["queue"]] == ["expedited"]
    assert [row["label"] for row in told["groups"]["line"]] == ["expedited"]


def test_what_a_stranger_wrote_is_never_markup(busy: ServedReview) -> None:
    with busy.site.shelf.engine.begin() as connection:
        connection.execute(sa.update(OPENINGS).values(reason=XSS, by_name=XSS))

    page = signed_client(busy, "supa", accept="text/html").get("/dashboard").text

    assert XSS not in page
    assert "\\u003c/script\\u003e" in page


def test_broken_glass_is_acknowledged_once_by_a_supervisor(busy: ServedReview) -> None:
    supervisor, auditor = signed_client(busy, "supa"), signed_client(busy, "auda")
    number = supervisor.get("/dashboard/data").json()["alerts"][0]["id"]

    codes = [client.post(f"/dashboard/alerts/{number}").status_code for client in (auditor, supervisor, supervisor)]
    without_token = httpx.post(f"{busy.url}/dashboard/alerts/{number}", cookies=dict(supervisor.cookies)).status_code

    assert codes == [403, 200, 404]
    assert without_token == 403
    assert supervisor.get("/dashboard/data").json()["alerts"] == []
    assert "acknowledge_break_glass" in {row.entry.action for row in audit_log.load(busy.site.shelf.engine)}


def test_the_stream_tells_the_figures_and_then_what_changed(busy: ServedReview) -> None:
    client, other = signed_client(busy, "auda"), signed_client(busy, "supa")

    blocks = []
    for block in events(client, 4):
        blocks.append(block)
        if len(blocks) == 2:
            (alert,) = other.get("/dashboard/data").json()["alerts"]
            other.post(f"/dashboard/alerts/{alert['id']}")

    told = [json.loads(block.removeprefix("data: ")) for block in blocks if block.startswith("data: ")]
    assert blocks[0] == "retry: 5000"
    assert [len(figures["alerts"]) for figures in told] == [1, 0]


def test_watching_is_no_sign_of_life_and_ends_with_the_session(site: Site) -> None:
    with serving_review(site, SignIn(idle_minutes=0.1)) as served:
        client = signed_client(served, "auda")

        began = time.monotonic()
        blocks = list(events(client, 100))

    assert blocks[-1] == "event: end\ndata: signed out"
    assert 5 < time.monotonic() - began < 20


def test_the_stream_ends_when_the_person_signs_out(served: ServedReview) -> None:
    client = signed_client(served, "auda")

    blocks = []
    for block in events(client, 100):
        blocks.append(block)
        with served.site.shelf.engine.begin() as connection:
            sessions.end_all(connection, "auda")

    assert blocks[-1] == "event: end\ndata: signed out"


def test_a_server_that_is_told_to_stop_does_not_wait_for_those_who_watch(site: Site) -> None:
    stopping = threading.Event()
    make_people(site, PEOPLE)
    app = make_review(site, SignIn(), stopping)
    server = Server(uvicorn_config(app, "127.0.0.1", 0, grace=60), stopping)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    client = signed_client(ServedReview(site, url, SignIn(), ExitStack()), "auda")

    for _ in events(client, 100):
        began = time.monotonic()
        server.handle_exit(15, None)
    thread.join(20)

    assert not thread.is_alive()
    assert time.monotonic() - began < 5


def test_those_who_look_share_one_look_at_the_database(served: ServedReview) -> None:
    asked: list[str] = []
    client = signed_client(served, "auda")
    client.get("/dashboard/data")

    sa.event.listen(served.site.shelf.engine, "before_cursor_execute", lambda _c, _u, query, *_: asked.append(query))
    for _ in range(5):
        client.get("/dashboard/data")

    looks = sum("FROM review_items" in query and "due_at" in query for query in asked)
    assert looks <= 1
