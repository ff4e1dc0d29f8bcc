"""The fax hook, the inbox and the sweep with a real site: database, store and all."""

import json
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from tests.builders.faxes import RealCall, log_line, real_calls, spool_with, write_log
from worker.cli.faxsweep import faxsweep
from worker.db import arrivals
from worker.db.fax_arrivals import load_from
from worker.domain.document import Arrival
from worker.domain.envelope import Channel
from worker.errors import ExitCode
from worker.intake.fax_hook import FaxServer, receive
from worker.intake.inbox import collect
from worker.pipeline.site import Site
from worker.wiring import open_site

CALLS = real_calls()
ABORTED = CALLS[0]
HOOK_TOLD = ("sender", "sender_name", "dialled", "station", "error", "external_id")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return open_site(tmp_path / "home")


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    """Every recorded fax, received an hour ago."""
    return spool_with(tmp_path / "spool", *CALLS)


def hooked(site: Site, spool: Path, calls: Sequence[RealCall], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(spool)
    for call in calls:
        receive(site.inbox, FaxServer(), call.arguments)


def sweep(site: Site, spool: Path, *more: str) -> Result:
    app = typer.Typer()
    app.command()(faxsweep)
    return CliRunner().invoke(app, [str(spool), "--home", str(site.home), *more])


def come(site: Site) -> tuple[Arrival, ...]:
    return arrivals.load_all(site.shelf.engine)


def test_what_hooks_dropped_is_on_record_whole_and_in_order(
    site: Site, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked(site, spool, CALLS, monkeypatch)

    taken = collect(site.inbox, site.accept, site.zone)

    recorded = come(site)
    assert taken == len(CALLS)
    assert [a.source for a in recorded] == [Path(call.file).name for call in CALLS]
    for arrival, call in zip(recorded, CALLS, strict=True):
        assert site.shelf.originals.path_of(arrival.sha256).read_bytes() == call.received.read_bytes()
        assert arrival.envelope.channel is Channel.FAX
        assert tuple(getattr(arrival.envelope, name) for name in HOOK_TOLD) == told(call)


def told(call: RealCall) -> tuple[str, ...]:
    """In the order of HOOK_TOLD."""
    _, device, commid, error, number, name, _, dialled = call.arguments
    return (number, name, dialled, device, error, commid)


def test_an_entry_that_is_taken_twice_is_one_arrival(site: Site, spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hooked(site, spool, CALLS[:1], monkeypatch)
    hooked(site, spool, CALLS[:1], monkeypatch)

    taken = collect(site.inbox, site.accept, site.zone)

    assert (taken, len(come(site))) == (2, 1)


def test_the_sweep_takes_in_what_the_hook_lost_and_nothing_twice(
    site: Site, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked(site, spool, CALLS[:3], monkeypatch)

    first, again = sweep(site, spool), sweep(site, spool)

    assert (first.exit_code, again.exit_code) == (ExitCode.OK, ExitCode.OK)
    assert f"{len(CALLS) - 3} taken in" in " ".join(first.output.split())
    assert "0 taken in" in " ".join(again.output.split())
    assert len(come(site)) == len(CALLS)
    assert {a.envelope.external_id for a in come(site)} == {call.arguments[2] for call in CALLS}


def test_a_call_without_a_document_is_named_and_the_exit_code_says_so(site: Site, spool: Path) -> None:
    (spool / ABORTED.file).unlink()

    person, machine = sweep(site, spool), sweep(site, spool, "--json")

    assert (person.exit_code, machine.exit_code) == (ExitCode.UNBALANCED, ExitCode.UNBALANCED)
    assert "Received calls without a document" in person.output
    report = json.loads(machine.output)
    assert [call["commid"] for call in report["missing"]] == [ABORTED.arguments[2]]
    assert (report["calls"], report["unreadable"]) == (len(CALLS), 0)


def test_a_missing_file_is_on_record_and_its_call_still_asked_for(
    site: Site, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (spool / ABORTED.file).unlink()
    hooked(site, spool, CALLS, monkeypatch)

    report = json.loads(sweep(site, spool, "--json").output)

    assert len(come(site)) == len(CALLS)
    assert [arrival.sha256 for arrival in come(site)].count("") == 1
    assert len(report["missing"]) == 1


def test_faxes_of_another_server_do_not_account_for_these(site: Site, spool: Path) -> None:
    sweep(site, spool, "--server", "north")
    for call in CALLS:
        (spool / call.file).unlink()

    report = json.loads(sweep(site, spool, "--server", "south", "--json").output)

    assert len(report["missing"]) == len(CALLS)
    assert len(load_from(site.shelf.engine, "north")) == len(CALLS)
    assert load_from(site.shelf.engine, "nort") == ()


def test_the_same_name_again_is_another_arrival(site: Site, spool: Path) -> None:
    sweep(site, spool)
    (spool / ABORTED.file).write_bytes(CALLS[1].received.read_bytes() + b"\0")
    now = datetime.now() - timedelta(minutes=10)
    os.utime(spool / ABORTED.file, (now.timestamp(), now.timestamp()))
    write_log(spool, log_line(ABORTED, now))

    sweep(site, spool)

    assert len(come(site)) == len(CALLS) + 1
    assert come(site)[-1].source == "fax000000011 (2).tif"


def test_a_line_that_the_site_does_not_have_stops_the_sweep(site: Site, spool: Path) -> None:
    result = sweep(site, spool, "--line", "5550911=urgent")

    assert result.exception is not None
    assert "'urgent'" in str(result.exception)
    assert come(site) == ()
