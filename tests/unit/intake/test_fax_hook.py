"""The hook: what a fax server says of a call becomes an envelope, whatever a caller put into it."""

import fcntl
import os
import threading
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from tests.builders.faxes import FakeAccept, RealCall, real_calls
from worker.domain.envelope import Channel, Envelope
from worker.errors import BadDocumentError, InUseError
from worker.intake.fax_hook import FaxServer, fax_server, place_of, receive, text
from worker.intake.inbox import collect

ABORTED = "V.21 signal reception timeout; expected page possibly not received in full"


@pytest.fixture(autouse=True)
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, as for every hook."""
    (tmp_path / "recvq").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "inbox"


def fax(name: str = "recvq/fax1.tif", content: bytes = b"page") -> str:
    Path(name).write_bytes(content)
    return name


def received(inbox: Path, *arguments: str, server: FaxServer | None = None) -> tuple[Envelope, bytes, str]:
    """What the service makes of a call with these arguments: envelope, bytes, refusal."""
    receive(inbox, server or FaxServer(), arguments)
    accept = FakeAccept()
    collect(inbox, accept, UTC)
    ((incoming, content, refusal),) = accept.taken
    return incoming.envelope, content, refusal


@pytest.mark.parametrize("call", real_calls(), ids=lambda call: call.name)
def test_every_recorded_call_gives_its_file_and_its_envelope(inbox: Path, call: RealCall) -> None:
    fax(call.file, call.received.read_bytes())

    envelope, content, refusal = received(inbox, *call.arguments)

    _, device, commid, error, number, name, _, dialled = call.arguments
    assert (content, refusal) == (call.received.read_bytes(), "")
    assert envelope == Envelope(
        channel=Channel.FAX,
        sender=number,
        sender_name=name,
        dialled=dialled,
        station=device,
        error=error,
        external_id=commid,
    )
    assert error == (ABORTED if call.name.startswith("abort_") else "")


def test_there_are_recorded_calls() -> None:
    calls = real_calls()

    assert len(calls) == 8
    assert sum(ABORTED in call.arguments for call in calls) == 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((), ("", "", "")),
        (("5550140",), ("5550140", "", "")),
        (("5550140", "CLINIC"), ("5550140", "CLINIC", "")),
        (("5550140", "CLINIC", "5550100"), ("5550140", "CLINIC", "5550100")),
        (("5550140", "CLINIC", "<NONE>", "x", "5550100"), ("5550140", "CLINIC", "5550100")),
        (("<NONE>", "<NONE>", "<NONE>", "<NONE>"), ("", "", "")),
    ],
)
def test_caller_ids_may_be_few_many_or_missing(
    inbox: Path, given: tuple[str, ...], expected: tuple[str, str, str]
) -> None:
    envelope, _, _ = received(inbox, fax(), "ttyS0", "000000003", "", *given)

    assert (envelope.sender, envelope.sender_name, envelope.dialled) == expected


def test_arguments_may_end_after_the_file(inbox: Path) -> None:
    envelope, content, _ = received(inbox, fax())

    assert (envelope, content) == (Envelope(channel=Channel.FAX), b"page")


def test_the_order_of_the_caller_ids_can_be_told(inbox: Path) -> None:
    gofax = FaxServer(caller_ids=("number", "name", "dialled", "gateway"))

    envelope, _, _ = received(
        inbox, fax(), "freeswitch1", "c1", "", "5550140", "CLINIC", "5550100", "gw1", server=gofax
    )

    assert (envelope.sender, envelope.sender_name, envelope.dialled) == ("5550140", "CLINIC", "5550100")


@pytest.mark.parametrize(("dialled", "line"), [("5550911", "expedited"), ("5550100", "audits"), ("<NONE>", "audits")])
def test_the_dialled_number_chooses_the_line(inbox: Path, dialled: str, line: str) -> None:
    server = fax_server("hylafax", ["audits", "5550911=expedited"])

    envelope, _, _ = received(inbox, fax(), "ttyS0", "3", "", "5550140", "CLINIC", "<NONE>", dialled, server=server)

    assert envelope.line == line


@pytest.mark.parametrize(
    ("hostile", "kept"),
    [
        ("$(reboot)", "$(reboot)"),
        ("--inbox=/x", "--inbox=/x"),
        ('EVIL "$(id -un >/tmp/x)" X', 'EVIL "$(id -un >/tmp/x)" X'),
        ("a\nb\x1b[2Jc", "a\\nb\\x1b[2Jc"),
        ("\u202egnp.fax", "\\u202egnp.fax"),
        (os.fsdecode(b"caf\xe9"), "caf\\xe9"),
        ("Müller & Söhne", "Müller & Söhne"),
        ("x" * 10_000, "x" * 497 + "..."),
    ],
)
def test_a_callers_name_is_only_ever_text(inbox: Path, hostile: str, kept: str) -> None:
    envelope, _, _ = received(inbox, fax(), "ttyS0", "3", "", "5550140", hostile, "<NONE>", "5550100")

    assert envelope.sender_name == kept
    assert envelope.dialled == "5550100"


def test_a_file_that_is_missing_is_an_arrival_with_its_reason(inbox: Path) -> None:
    envelope, content, refusal = received(inbox, "recvq/gone.tif", "ttyS0", "3", "no carrier", "5550140")

    assert content == b""
    assert "not there" in refusal
    assert (envelope.error, envelope.external_id) == ("no carrier", "3")


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_an_arrival_with_its_reason(inbox: Path, kind: str) -> None:
    make = os.mkdir if kind == "folder" else os.mkfifo
    make("recvq/odd.tif")

    _, _, refusal = received(inbox, "recvq/odd.tif", "ttyS0", "3", "")

    assert "not a file" in refusal


def test_half_a_page_is_kept_as_it_is(inbox: Path) -> None:
    envelope, content, _ = received(inbox, fax(content=b"II*\0"), "ttyS0", "3", "hangup")

    assert (content, envelope.error) == (b"II*\0", "hangup")


@pytest.fixture
def being_received() -> Iterator[int]:
    """A fax whose lock the server holds."""
    handle = os.open(fax(), os.O_RDWR)
    fcntl.flock(handle, fcntl.LOCK_EX)
    yield handle
    os.close(handle)


@pytest.mark.usefixtures("being_received")
def test_a_fax_that_is_being_received_is_left_alone(inbox: Path) -> None:
    with pytest.raises(InUseError, match="faxsweep"):
        receive(inbox, FaxServer(), ["recvq/fax1.tif", "ttyS0", "3", ""])

    assert not inbox.exists()


def test_a_lock_that_ends_in_time_is_waited_for(inbox: Path, being_received: int) -> None:
    threading.Timer(0.1, lambda: fcntl.flock(being_received, fcntl.LOCK_UN)).start()

    _, content, _ = received(inbox, "recvq/fax1.tif", "ttyS0", "3", "")

    assert content == b"page"


def test_a_file_that_cannot_be_opened_is_left_to_the_sweep(inbox: Path) -> None:
    with pytest.raises(BadDocumentError, match="faxsweep"):
        receive(inbox, FaxServer(), ["recvq/" + "x" * 300, "ttyS0", "3", ""])

    assert not inbox.exists()


def test_the_same_fax_has_one_place_and_a_name_used_again_another(spool: Path) -> None:
    relative, absolute = fax(), str(spool / "recvq/fax1.tif")
    first = os.stat(relative)  # noqa: PTH116 - as the hook gets it
    os.utime(relative, (first.st_atime + 5, first.st_mtime + 5))
    later = Path(relative).stat()

    places = [place_of("hylafax", path, first) for path in (relative, absolute)]

    assert places[0] == places[1]
    assert place_of("hylafax", relative, later) != places[0]
    assert place_of("other", relative, first) != places[0]


def test_text_is_cut_before_it_costs_anything() -> None:
    shown = text("\x00" * 10_000_000)

    assert len(shown) == 500
