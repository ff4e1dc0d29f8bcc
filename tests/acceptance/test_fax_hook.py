"""The hook as fax servers really call it: a process of its own, with nothing, among strangers."""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.builders.command import ROOT
from tests.builders.faxes import (
    BARE,
    DEAD_SERVERS,
    REAL,
    FakeAccept,
    RealCall,
    call_hook,
    hook_line,
    real_calls,
    real_files,
    spool_with,
)
from worker.domain.fax_arrival import FaxArrival
from worker.errors import ExitCode
from worker.intake.fax_hook import FaxServer
from worker.intake.fax_sweep import Spool, sweep
from worker.intake.inbox import collect
from worker.intake.xferfaxlog import find_log

CALLS = real_calls()
ABORTED = CALLS[0]
FAX_USER, SERVICE_USER = 10, 12345
COLLECT = """
import pathlib, sys
from worker.intake.inbox import collect
from tests.builders.faxes import FakeAccept
from datetime import UTC
home = pathlib.Path(sys.argv[1])
print(collect(home / "inbox", FakeAccept(), UTC))
"""
#: Runs a command with stdin, stdout and stderr closed.
WITHOUT_STDIO = ("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh")


def entries(inbox: Path) -> list[Path]:
    return sorted(inbox.glob("*.json"))


def collected(inbox: Path) -> FakeAccept:
    accept = FakeAccept()
    collect(inbox, accept, UTC)
    return accept


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir(mode=0o700)
    return folder


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_every_recorded_call_arrives_whole(tmp_path: Path, inbox: Path, call: RealCall) -> None:
    spool = spool_with(tmp_path / "spool", call)

    done = call_hook(spool, hook_line(inbox, *call.arguments))

    ((incoming, content, refusal),) = collected(inbox).taken
    assert (done.returncode, done.stderr) == (0, b"")
    assert (content, refusal) == (call.received.read_bytes(), "")
    assert incoming.envelope.error == call.arguments[3]
    assert bool(incoming.envelope.error) == call.name.startswith("abort_")


@pytest.mark.parametrize("path", real_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_received_file_arrives_whole_and_a_cut_one_says_so(tmp_path: Path, inbox: Path, path: Path) -> None:
    error = "The call dropped prematurely" if path.name.startswith("hangup_") else ""
    arguments = (str(path), "asterisk", "1764000000.17", error, "5550140", "CLINIC", "5550100")

    done = call_hook(tmp_path, hook_line(inbox, *arguments, options=["--server", "asterisk"]))

    ((incoming, content, _),) = collected(inbox).taken
    assert (done.returncode, content) == (0, path.read_bytes())
    assert (incoming.envelope.error, incoming.envelope.external_id) == (error, "1764000000.17")


def test_the_received_faxes_are_beside_the_checkout() -> None:
    files = real_files()

    assert len(files) == 18, f"{REAL} must hold the received faxes"
    assert sum(path.name.startswith("hangup_") for path in files) == 2


def test_with_stdio_closed_the_fax_arrives_and_the_stock_script_gets_open_descriptors(
    tmp_path: Path, inbox: Path
) -> None:
    spool, said = spool_with(tmp_path / "spool", ABORTED), tmp_path / "said"
    script = tmp_path / "faxrcvd"
    script.write_text(f'#!/bin/sh\necho out; echo err >&2; printf "%s\\n" "$@" "$PWD" "$#" > {said}\n')
    script.chmod(0o755)

    done = call_hook(spool, [*WITHOUT_STDIO, *hook_line(inbox, *ABORTED.arguments, options=["--then", str(script)])])

    assert done.returncode == 0
    assert said.read_text().splitlines() == [*ABORTED.arguments, str(spool), "8"]
    assert collected(inbox).taken[0][1] == ABORTED.received.read_bytes()


def test_the_stock_script_has_its_turn_when_nothing_could_be_kept(tmp_path: Path) -> None:
    spool = spool_with(tmp_path / "spool", ABORTED)
    options = ["--then", "/bin/echo", "--log", str(tmp_path / "log")]

    done = call_hook(spool, hook_line(tmp_path / "no/inbox", *ABORTED.arguments, options=options))

    assert done.stdout.decode().split()[0] == ABORTED.file
    assert b"cannot write the inbox" in done.stderr
    assert (spool / ABORTED.file).exists()


@pytest.mark.parametrize(
    "name",
    [
        b"$(touch injected)",
        b"`touch injected`",
        b"; touch injected",
        b'" && touch injected "',
        b"--inbox=injected",
        b"--then=/bin/false",
        b"caf\xe9\xff\xfe",
        b"x" * 10_000,
        b"\n\x1b[2J",
    ],
    ids=lambda name: repr(name[:20]),
)
def test_a_hostile_caller_gets_nothing_run_and_loses_no_fax(tmp_path: Path, inbox: Path, name: bytes) -> None:
    spool = spool_with(tmp_path / "spool", ABORTED)
    file, device, commid, error, number, _, *rest = ABORTED.arguments

    done = call_hook(spool, hook_line(inbox, file, device, commid, error, number, name, *rest))

    taken = collected(inbox).taken
    assert (done.returncode, len(taken)) == (0, 1)
    assert taken[0][0].envelope.dialled == "5550100"
    assert list(tmp_path.rglob("injected*")) == []


def test_two_hooks_at_once_with_one_commid_bring_two_documents(tmp_path: Path, inbox: Path) -> None:
    pair = [call for call in CALLS if call.name.startswith("eom_two_docs")]
    spool = spool_with(tmp_path / "spool", *pair)
    environment = {**BARE, **DEAD_SERVERS, "PYTHONPATH": str(ROOT)}

    hooks = [
        subprocess.Popen(hook_line(inbox, *call.arguments), cwd=spool, env=environment, umask=0o077)
        for call in (*pair, *pair)
    ]
    codes = [hook.wait(60) for hook in hooks]

    taken = collected(inbox).taken
    assert codes == [0, 0, 0, 0]
    assert {content for _, content, _ in taken} == {call.received.read_bytes() for call in pair}
    assert [incoming.envelope.external_id for incoming, _, _ in taken] == ["000000015", "000000015"]


def test_a_missing_file_and_an_empty_commid_are_on_record(tmp_path: Path, inbox: Path) -> None:
    done = call_hook(tmp_path, hook_line(inbox, "recvq/fax000000099.tif", "ttyIAX1", "", "No carrier", "5550140"))

    ((incoming, content, refusal),) = collected(inbox).taken
    assert (done.returncode, content) == (0, b"")
    assert "not there" in refusal
    assert (incoming.envelope.external_id, incoming.envelope.error) == ("", "No carrier")


def test_a_full_disk_leaves_the_inbox_clean_and_says_so(tmp_path: Path, inbox: Path) -> None:
    spool = spool_with(tmp_path / "spool", ABORTED)
    limited = ["sh", "-c", 'ulimit -f 8; exec "$@"', "sh", *hook_line(inbox, *ABORTED.arguments)]

    done = call_hook(spool, limited)

    assert done.returncode == ExitCode.CANNOT_WRITE
    assert b"cannot write the inbox" in done.stderr
    assert [path.name for path in inbox.iterdir()] == ["faxrcvd.log"]
    assert (spool / ABORTED.file).read_bytes() == ABORTED.received.read_bytes()


def test_nobody_but_the_owner_can_read_what_was_dropped(tmp_path: Path, inbox: Path) -> None:
    spool = spool_with(tmp_path / "spool", ABORTED)

    call_hook(spool, hook_line(inbox, *ABORTED.arguments))

    modes = {path.name[-5:]: path.stat().st_mode & 0o777 for path in inbox.iterdir()}
    assert set(modes.values()) == {0o600}
    assert json.loads(entries(inbox)[0].read_text())["size"] == 8223


def test_a_hook_that_is_killed_at_any_moment_costs_nothing_once_the_sweep_has_run(tmp_path: Path, inbox: Path) -> None:
    spool = spool_with(tmp_path / "spool", *CALLS)
    environment = {**BARE, **DEAD_SERVERS, "PYTHONPATH": str(ROOT)}
    for number, call in enumerate(CALLS * 3):
        hook = subprocess.Popen(hook_line(inbox, *call.arguments), cwd=spool, env=environment, umask=0o077)
        time.sleep(0.004 * number)
        hook.kill()
        hook.wait(60)

    accept = collected(inbox)
    arrivals = [FaxArrival(i.place, i.envelope.external_id, i.received_at, has_bytes=True) for i, _, _ in accept.taken]
    swept = sweep(Spool(spool, find_log(spool), FaxServer()), accept, lambda: arrivals, datetime.now().astimezone())

    assert len(arrivals) + len(swept.taken) == len(CALLS)
    assert sorted(content for _, content, _ in accept.taken) == sorted(call.received.read_bytes() for call in CALLS)


def test_the_fax_user_drops_and_the_services_user_collects() -> None:
    """As docs/hylafax.md says to set the folders up, and without supplementary groups."""
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to other users
        spool, home = spool_with(Path(folder) / "spool", ABORTED), Path(folder) / "home"
        (home / "inbox").mkdir(parents=True)
        owned(Path(folder), user=0, group=0, mode=0o755)
        for path in (spool, *spool.rglob("*")):
            owned(path, user=FAX_USER, group=FAX_USER, mode=0o700)
        owned(home, user=SERVICE_USER, group=FAX_USER, mode=0o710)
        owned(home / "inbox", user=FAX_USER, group=SERVICE_USER, mode=0o2770)

        dropped = call_hook(spool, [*as_user(FAX_USER), *hook_line(home / "inbox", *ABORTED.arguments)])
        taken = call_hook(Path(folder), [*as_user(SERVICE_USER), sys.executable, "-c", COLLECT, str(home)])

        assert (dropped.returncode, dropped.stderr) == (0, b"")
        assert (taken.stdout, taken.stderr) == (b"1\n", b"")
        assert [path.name for path in (home / "inbox").iterdir()] == ["faxrcvd.log"]


def owned(path: Path, *, user: int, group: int, mode: int) -> None:
    os.chown(path, user, group)
    path.chmod(mode)


def as_user(number: int) -> list[str]:
    return ["setpriv", f"--reuid={number}", f"--regid={number}", "--clear-groups"]


def test_the_hook_imports_nothing_heavy() -> None:
    code = "import sys; from worker.cli import faxrcvd; print(*sorted(m for m in sys.modules if '.' not in m))"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    heavy = {"pydantic", "sqlalchemy", "structlog", "typer", "rich", "dramatiq", "redis", "cv2", "numpy", "argparse"}
    assert not heavy & set(done.stdout.split())


def test_the_hook_takes_less_than_half_a_second_while_all_servers_are_down(tmp_path: Path, inbox: Path) -> None:
    spool = spool_with(tmp_path / "spool", ABORTED)
    line = hook_line(inbox, *ABORTED.arguments)

    seconds = sorted(_seconds(spool, line) for _ in range(5))

    assert seconds[2] < 0.5


def _seconds(spool: Path, line: list[str | bytes]) -> float:
    before = os.times()
    assert call_hook(spool, line).returncode == 0
    after = os.times()
    return after.elapsed - before.elapsed
