"""The inbox: what a hook dropped is taken once, in order, and never lost."""

import json
import os
import stat
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.builders.faxes import FakeAccept
from worker.domain.document import Arrival
from worker.domain.envelope import Incoming
from worker.errors import CannotWriteError, InUseError, UnknownLineError, UnreachableError
from worker.intake import inbox_drop
from worker.intake.inbox import collect, strays
from worker.intake.inbox_drop import drop

NEW_YORK = ZoneInfo("America/New_York")
RECEIVED = "2026-11-24T03:30:00.250Z"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "inbox"


def note(place: str = "hylafax:recvq/fax1.tif@1-4", **more: object) -> dict[str, object]:
    envelope = {"channel": "fax", "line": "expedited", "sender": "5550140", "error": "cut"}
    return {"place": place, "source": "fax1.tif", "received_at": RECEIVED, "envelope": envelope, **more}


def dropped(inbox: Path, content: bytes, place: str = "hylafax:recvq/fax1.tif@1-4") -> str:
    path = inbox.parent / "document"
    path.write_bytes(content)
    handle = os.open(path, os.O_RDONLY)
    try:
        return drop(inbox, handle, note(place))
    finally:
        os.close(handle)


def names(inbox: Path) -> list[str]:
    return sorted(path.name for path in inbox.iterdir())


def test_what_was_dropped_is_taken_whole_and_removed(inbox: Path) -> None:
    dropped(inbox, b"page" * 1_000_000)
    accept = FakeAccept()

    taken = collect(inbox, accept, NEW_YORK)

    ((incoming, content, refusal),) = accept.taken
    assert (taken, content, refusal) == (1, b"page" * 1_000_000, "")
    assert incoming.place == b"hylafax:recvq/fax1.tif@1-4"
    assert (incoming.envelope.line, incoming.envelope.error) == ("expedited", "cut")
    assert names(inbox) == []


def test_the_time_is_the_payers(inbox: Path) -> None:
    dropped(inbox, b"page")
    accept = FakeAccept()

    collect(inbox, accept, NEW_YORK)

    received_at = accept.taken[0][0].received_at
    assert received_at == datetime(2026, 11, 24, 3, 30, 0, 250_000, tzinfo=UTC)
    assert received_at.date().isoformat() == "2026-11-23"


def test_entries_are_taken_in_the_order_in_which_they_came(inbox: Path) -> None:
    for number in range(5):
        dropped(inbox, str(number).encode(), place=f"p{number}")
    accept = FakeAccept()

    collect(inbox, accept, UTC)

    assert [content for _, content, _ in accept.taken] == [b"0", b"1", b"2", b"3", b"4"]


def test_a_place_may_hold_any_bytes(inbox: Path) -> None:
    dropped(inbox, b"page", place=b"hylafax:recvq/caf\xe9\x80".decode("latin-1"))
    accept = FakeAccept()

    collect(inbox, accept, UTC)

    assert accept.taken[0][0].place == b"hylafax:recvq/caf\xe9\x80"


def test_entry_without_a_file_is_taken_with_its_refusal(inbox: Path) -> None:
    drop(inbox, None, note(refusal="there is no file"))
    accept = FakeAccept()

    taken = collect(inbox, accept, UTC)

    assert taken == 1
    assert accept.taken[0][1:] == (b"", "there is no file")
    assert names(inbox) == []


@pytest.mark.parametrize("error", [CannotWriteError("disk full"), UnreachableError("the database", "down")])
def test_what_cannot_be_taken_now_stays(inbox: Path, error: Exception) -> None:
    dropped(inbox, b"page")

    with pytest.raises(type(error)):
        collect(inbox, FakeAccept(raises=error), UTC)

    accept = FakeAccept()
    assert collect(inbox, accept, UTC) == 1
    assert accept.taken[0][1] == b"page"


def test_entry_for_an_unknown_line_stays_until_the_site_has_it(inbox: Path) -> None:
    dropped(inbox, b"page")

    taken = collect(inbox, FakeAccept(raises=UnknownLineError("expedited", ("routine",))), UTC)

    assert taken == 0
    assert len(names(inbox)) == 2


class Killed(BaseException):
    """As sudden as SIGKILL: no handler of ours sees it."""


class KilledAfter(FakeAccept):
    """Takes it in and dies before it can say so."""

    def __call__(self, incoming: Incoming, path: Path, refusal: str = "") -> Arrival:
        super().__call__(incoming, path, refusal)
        raise Killed


def test_a_collector_that_was_killed_after_taking_leaves_one_arrival(inbox: Path) -> None:
    dropped(inbox, b"page")
    killed = KilledAfter()
    with pytest.raises(Killed):
        collect(inbox, killed, UTC)

    accept = FakeAccept(taken=killed.taken)
    collect(inbox, accept, UTC)

    assert len(accept.taken) == 1
    assert names(inbox) == []


def test_a_removal_that_was_interrupted_is_finished_and_nothing_is_refused(inbox: Path) -> None:
    entry = dropped(inbox, b"page")
    (inbox / f"{entry}.json").rename(inbox / f"{entry}.done")
    (inbox / f"{entry}.bytes").unlink()
    accept = FakeAccept()

    collect(inbox, accept, UTC)

    assert accept.taken == []
    assert names(inbox) == []


def test_many_collectors_at_once_take_each_entry_once(inbox: Path) -> None:
    for number in range(40):
        dropped(inbox, str(number).encode(), place=f"p{number}")
    accept, counts = FakeAccept(), []
    threads = [threading.Thread(target=lambda: counts.append(collect(inbox, accept, UTC))) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(counts) == 40
    assert sorted(int(content) for _, content, _ in accept.taken) == list(range(40))
    assert names(inbox) == []


def bad_entries() -> Iterator[tuple[str, bytes | None, bytes]]:
    whole = json.dumps({**note(), "size": 4, "sha256": "0" * 64}).encode()
    yield "half a note", b"page", whole[:40]
    yield "no envelope", b"page", b'{"place": "p", "source": "s", "received_at": "2026-11-24T03:30:00Z"}'
    yield "a door that is not known", b"page", whole.replace(b'"fax"', b'"pigeon"')
    yield "a time without a zone", b"page", whole.replace(b"250Z", b"250")
    yield "a place that is no bytes", b"page", whole.replace(b"hylafax:", b"\\u20ac:")
    yield "other bytes", b"page", whole
    yield "no bytes", None, whole
    yield "neither bytes nor refusal", None, json.dumps(note()).encode()


@pytest.mark.parametrize(("content", "told"), [pytest.param(b, n, id=name) for name, b, n in bad_entries()])
def test_a_bad_entry_is_set_aside_with_its_reason_and_stops_no_other(
    inbox: Path, content: bytes | None, told: bytes
) -> None:
    dropped(inbox, b"good")
    (inbox / "0-bad.json").write_bytes(told)
    if content is not None:
        (inbox / "0-bad.bytes").write_bytes(content)
    accept = FakeAccept()

    taken = collect(inbox, accept, UTC)

    assert (taken, accept.taken[0][1]) == (1, b"good")
    assert len((inbox / "reject/0-bad.txt").read_text()) > 10
    assert (inbox / "reject/0-bad.json").read_bytes() == told
    assert content is None or (inbox / "reject/0-bad.bytes").read_bytes() == content
    assert names(inbox) == ["reject"]


def test_bytes_whose_hook_died_are_reported_after_an_hour_and_kept(inbox: Path) -> None:
    inbox.mkdir()
    (inbox / "1-old.bytes").write_bytes(b"half")
    (inbox / "2-new.bytes").write_bytes(b"half")
    old = time.time() - 4000
    os.utime(inbox / "1-old.bytes", (old, old))
    accept = FakeAccept()

    taken = collect(inbox, accept, UTC)

    assert (taken, strays(inbox)) == (0, ["1-old.bytes"])
    assert names(inbox) == ["1-old.bytes", "2-new.bytes"]


def test_an_inbox_that_is_not_there_yet_is_empty(inbox: Path) -> None:
    taken = collect(inbox, FakeAccept(), UTC)

    assert taken == 0


def test_a_file_that_grows_while_it_is_copied_is_not_dropped(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = inbox.parent / "document"
    path.write_bytes(b"half a page")
    handle = os.open(path, os.O_RDONLY)

    def read_and_grow(number: int) -> bytes:
        chunk = os.read(number, inbox_drop.CHUNK)
        if chunk:
            path.write_bytes(b"half a page and more")
        return chunk

    monkeypatch.setattr(inbox_drop, "_read", read_and_grow)
    with pytest.raises(InUseError):
        drop(inbox, handle, note())

    os.close(handle)
    assert names(inbox) == []


@pytest.mark.parametrize(("folder", "entry"), [(0o700, 0o600), (0o755, 0o600), (0o2770, 0o660)])
def test_entries_are_the_owners_alone_unless_the_folder_is_a_groups(inbox: Path, folder: int, entry: int) -> None:
    inbox.mkdir()
    inbox.chmod(folder)

    dropped(inbox, b"page")

    assert {stat.S_IMODE(path.stat().st_mode) for path in inbox.iterdir()} == {entry}


def test_an_inbox_that_cannot_be_made_is_an_error_that_says_so(tmp_path: Path) -> None:
    missing = tmp_path / "no" / "inbox"

    with pytest.raises(CannotWriteError, match="No such file or directory"):
        drop(missing, None, note(refusal="none"))

    assert not missing.parent.exists()
