"""Events on their way: a real HTTP receiver that fails at first, and a file that several write."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.builders.desk import SURE, desk, take_in
from tests.builders.fake_reader import FakeReader
from tests.builders.requests import JANET
from worker.db import events, tasks
from worker.domain.event import EventKind
from worker.domain.task import Step
from worker.notify.message import Message, is_genuine
from worker.notify.receivers import JournalFile, Receiver, Webhook
from worker.pipeline.give_out import Shelf
from worker.pipeline.leases import Leases
from worker.pipeline.notify_step import announce
from worker.pipeline.work import DOCUMENT_STEPS, Hands, at_once, work_once
from worker.wiring import sole_shelf

SECRET = b"kept"
NOW = datetime(2026, 11, 2, tzinfo=UTC)


class Inbox(ThreadingHTTPServer):
    """A receiver on a free port: answers with `answers` in turn (200 when there are none left)."""

    def __init__(self, *answers: int) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.answers = list(answers)
        self.got: list[dict[str, object]] = []
        self.genuine: list[bool] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/events"


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        inbox = self.server
        assert isinstance(inbox, Inbox)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        code = inbox.answers.pop(0) if inbox.answers else 200
        if code == 200:
            inbox.got.append(json.loads(body))
            inbox.genuine.append(is_genuine(SECRET, body, self.headers["Pigeonhole-Signature"], time.time()))
        self.send_response(code)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  the name that the base class gives it
        """Tests say what matters."""


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with Inbox(503, 302) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with sole_shelf(tmp_path / "out") as shelf:
        yield shelf


def hands(shelf: Shelf, *receivers: Receiver) -> Hands:
    work = replace(desk(shelf, FakeReader()), receivers=receivers)
    return Hands(work, Leases(shelf.engine, 60.0, "me"), at_once)


def work_on(worker: Hands, *steps: Step) -> None:
    while work_once(worker, steps):
        pass


def test_a_receiver_that_fails_is_told_again_until_it_takes_it(shelf: Shelf, tmp_path: Path, inbox: Inbox) -> None:
    take_in(shelf, tmp_path / "in", {"1": SURE + "one", "2": SURE + "two"})
    worker = hands(shelf, Webhook(inbox.url, SECRET))
    work_on(worker, *DOCUMENT_STEPS)

    work_on(worker, Step.NOTIFY)

    assert [told["kind"] for told in inbox.got] == ["pages_filed"] * 2
    assert inbox.answers == []
    assert inbox.genuine == [True, True]
    ids = [told["id"] for told in inbox.got]
    assert ids == sorted(ids, key=str)
    assert not events.load_waiting(shelf.engine, JANET.request_id)


def test_a_receiver_that_is_not_there_keeps_the_event_waiting(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {"1": SURE})
    worker = hands(shelf, Webhook("http://127.0.0.1:1/", SECRET))
    work_on(worker, *DOCUMENT_STEPS)

    work_once(worker, [Step.NOTIFY])

    (waiting,) = events.load_waiting(shelf.engine, JANET.request_id)
    assert (waiting.kind, waiting.payload["pages"]) == (EventKind.PAGES_FILED, [1])


def test_a_worker_without_receivers_leaves_events_to_one_that_has_some(
    shelf: Shelf, tmp_path: Path, inbox: Inbox
) -> None:
    take_in(shelf, tmp_path / "in", {"1": SURE})
    without, teller = hands(shelf), hands(shelf, Webhook(inbox.url, SECRET))
    announce(teller.desk)
    work_on(without, *Step)

    assert work_once(without, [Step.NOTIFY]) is None
    assert len(events.load_waiting(shelf.engine, JANET.request_id)) == 1
    work_on(teller, Step.NOTIFY)

    assert [told["kind"] for told in inbox.got] == ["pages_filed"]


def test_where_nobody_has_receivers_events_end_untold(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {"1": SURE})
    worker = hands(shelf)
    announce(worker.desk)

    work_on(worker, *Step)

    assert not events.load_waiting(shelf.engine, JANET.request_id)
    assert not tasks.is_any_left(shelf.engine, tuple(Step))


def test_telling_ends_with_a_receiver_that_takes_everything(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {"1": SURE})
    worker = hands(shelf, JournalFile(Path("/dev/null")))

    work_on(worker, *Step)

    assert not events.load_waiting(shelf.engine, JANET.request_id)


def test_events_hold_nothing_about_the_member(shelf: Shelf, tmp_path: Path) -> None:
    take_in(shelf, tmp_path / "in", {"Brown_Janet.tif": SURE})

    work_on(hands(shelf), *DOCUMENT_STEPS)

    (waiting,) = events.load_waiting(shelf.engine, JANET.request_id)
    told = json.dumps(dict(waiting.payload))
    assert JANET.member_last_name not in told
    assert JANET.member_id not in told


def test_lines_of_several_writers_are_whole(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(b'{"half a li')

    def write(writer: int) -> None:
        for number in range(20):
            JournalFile(file).take(Message(number, "pages_filed", NOW, {"writer": writer, "pages": list(range(200))}))

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    half, *lines = file.read_text().splitlines()
    assert half == '{"half a li'
    assert len([json.loads(line) for line in lines]) == 80
