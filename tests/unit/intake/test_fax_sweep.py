"""The sweep over a fax server's spool: what a hook lost comes in, and every call is accounted for."""

import fcntl
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.builders.faxes import FakeAccept, RealCall, log_line, real_calls, spool_with, write_log
from worker.domain.fax_arrival import FaxArrival
from worker.errors import BadDocumentError
from worker.intake.fax_hook import FaxServer, receive
from worker.intake.fax_sweep import Spool, Swept, sweep
from worker.intake.inbox import collect
from worker.intake.xferfaxlog import find_log

CALLS = real_calls()
ABORTED = CALLS[0]


def arrivals(accept: FakeAccept) -> Sequence[FaxArrival]:
    """What the database would know after these."""
    return [
        FaxArrival(i.place, i.envelope.external_id, i.received_at, has_bytes=not refusal)
        for i, _, refusal in accept.taken
    ]


def swept(folder: Path, accept: FakeAccept, *, since: datetime | None = None, server: FaxServer | None = None) -> Swept:
    spool = Spool(folder, find_log(folder), server or FaxServer(), since)
    return sweep(spool, accept, lambda: arrivals(accept), datetime.now().astimezone())


def hooked(folder: Path, call: RealCall, accept: FakeAccept, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fax comes through the hook, as usual."""
    monkeypatch.chdir(folder)
    receive(folder / "inbox", FaxServer(), call.arguments)
    collect(folder / "inbox", accept, UTC)


def test_faxes_that_no_hook_took_come_in_with_the_envelope_of_the_log(tmp_path: Path) -> None:
    folder, accept = spool_with(tmp_path / "spool", *CALLS), FakeAccept()

    result = swept(folder, accept)

    by_name = {incoming.source: (incoming.envelope, content) for incoming, content, _ in accept.taken}
    assert result.is_balanced
    assert (len(result.taken), result.calls, len(by_name)) == (len(CALLS), len(CALLS), len(CALLS))
    for call in CALLS:
        envelope, content = by_name[Path(call.file).name]
        told = (envelope.station, envelope.external_id, envelope.error, envelope.sender, envelope.sender_name)
        assert content == call.received.read_bytes()
        assert (*told, envelope.dialled) == (*call.arguments[1:6], call.arguments[7])


def test_hook_and_sweep_agree_on_what_a_fax_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, accept = spool_with(tmp_path / "spool", *CALLS), FakeAccept()
    for call in CALLS:
        hooked(folder, call, accept, monkeypatch)

    result = swept(folder, accept)

    assert (result.taken, len(accept.taken), result.missing) == ((), len(CALLS), ())


def test_sweeping_again_takes_nothing_again(tmp_path: Path) -> None:
    folder, accept = spool_with(tmp_path / "spool", *CALLS), FakeAccept()
    swept(folder, accept)

    result = swept(folder, accept)

    assert (result.taken, len(accept.taken)) == ((), len(CALLS))


def test_a_file_name_that_is_used_again_is_a_new_fax(tmp_path: Path) -> None:
    folder, accept = spool_with(tmp_path / "spool", ABORTED), FakeAccept()
    swept(folder, accept)
    (folder / ABORTED.file).write_bytes(CALLS[1].received.read_bytes())
    os.utime(folder / ABORTED.file, (1_000_000_000, 1_000_000_000))

    result = swept(folder, accept)

    assert len(result.taken) == 1
    assert [content for _, content, _ in accept.taken] == [c.received.read_bytes() for c in CALLS[:2]]
    assert accept.taken[1][0].envelope.external_id == ""


def test_a_fax_is_received_when_its_file_was_finished(tmp_path: Path) -> None:
    folder, accept = spool_with(tmp_path / "spool", ABORTED, minutes_ago=600), FakeAccept()

    swept(folder, accept)

    ago = datetime.now(UTC) - accept.taken[0][0].received_at
    assert timedelta(minutes=599) < ago < timedelta(minutes=602)


def test_a_fax_that_is_being_received_is_left_alone_and_not_reported(tmp_path: Path) -> None:
    folder, accept = spool_with(tmp_path / "spool", ABORTED), FakeAccept()
    with (folder / ABORTED.file).open("rb+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)

        result = swept(folder, accept)

    assert (result.taken, result.waiting, result.missing) == ((), 1, ())


def test_a_fax_that_has_just_come_is_left_to_the_hook(tmp_path: Path) -> None:
    folder, accept = spool_with(tmp_path / "spool", ABORTED, minutes_ago=0), FakeAccept()

    result = swept(folder, accept)

    assert (result.taken, result.waiting, result.missing) == ((), 1, ())


def test_a_call_whose_document_is_nowhere_is_reported(tmp_path: Path) -> None:
    folder, accept = spool_with(tmp_path / "spool", *CALLS), FakeAccept()
    (folder / ABORTED.file).unlink()

    result = swept(folder, accept)

    assert [call.commid for call in result.missing] == [ABORTED.arguments[2]]
    assert not result.is_balanced


def test_of_two_documents_in_one_call_the_missing_one_is_reported(tmp_path: Path) -> None:
    first, second = [call for call in CALLS if call.name.startswith("eom_two_docs")]
    folder, accept = spool_with(tmp_path / "spool", first, second), FakeAccept()
    (folder / second.file).unlink()

    result = swept(folder, accept)

    assert [call.file for call in result.missing] == [Path(second.file).name]


@pytest.mark.parametrize(("pages", "missing"), [(0, 0), (2, 1)])
def test_a_call_without_a_file_is_accounted_for_only_if_it_brought_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: int, missing: int
) -> None:
    folder, accept = spool_with(tmp_path / "spool", ABORTED), FakeAccept()
    (folder / ABORTED.file).unlink()
    an_hour_ago = datetime.now() - timedelta(hours=1)
    write_log(folder, log_line(ABORTED, an_hour_ago, pages=pages))
    hooked(folder, ABORTED, accept, monkeypatch)

    result = swept(folder, accept)

    assert len(accept.taken) == 1
    assert len(result.missing) == missing


def test_an_old_document_of_the_same_name_does_not_account_for_a_new_call(tmp_path: Path) -> None:
    folder, accept = spool_with(tmp_path / "spool", ABORTED, minutes_ago=60 * 24 * 30), FakeAccept()
    swept(folder, accept)
    (folder / ABORTED.file).unlink()
    write_log(folder, log_line(ABORTED, datetime.now() - timedelta(hours=1)))

    result = swept(folder, accept)

    assert len(result.missing) == 1


def test_calls_before_the_given_day_are_not_asked_for(tmp_path: Path) -> None:
    folder, accept = spool_with(tmp_path / "spool", ABORTED), FakeAccept()
    (folder / ABORTED.file).unlink()

    result = swept(folder, accept, since=datetime.now().astimezone())

    assert (result.calls, result.missing) == (0, ())


def test_the_dialled_number_chooses_the_line_and_without_a_log_line_the_general_one(tmp_path: Path) -> None:
    server = FaxServer(line="audits", lines={"5550100": "expedited"})
    folder, accept = spool_with(tmp_path / "spool", *CALLS[:2]), FakeAccept()
    write_log(folder, log_line(ABORTED, datetime.now() - timedelta(hours=1)))

    swept(folder, accept, server=server)

    lines = {incoming.source: incoming.envelope.line for incoming, _, _ in accept.taken}
    assert lines == {Path(ABORTED.file).name: "expedited", Path(CALLS[1].file).name: "audits"}


def test_what_is_not_a_received_fax_is_left_alone(tmp_path: Path) -> None:
    folder, accept = spool_with(tmp_path / "spool"), FakeAccept()
    (folder / "recvq/seqf").write_text("17")
    (folder / "recvq/fax9.tif").mkdir()

    result = swept(folder, accept)

    assert (result.taken, accept.taken) == ((), [])


def test_a_spool_without_a_queue_is_an_error(tmp_path: Path) -> None:
    folder = spool_with(tmp_path / "spool")
    (folder / "recvq").rmdir()

    with pytest.raises(BadDocumentError, match="receive queue"):
        swept(folder, FakeAccept())

    assert not (folder / "recvq").exists()


def test_a_log_whose_clock_is_hours_ahead_hides_no_call(tmp_path: Path) -> None:
    folder = spool_with(tmp_path / "spool")
    write_log(folder, log_line(ABORTED, datetime.now() + timedelta(hours=5)))

    result = swept(folder, FakeAccept())

    assert len(result.missing) == 1
