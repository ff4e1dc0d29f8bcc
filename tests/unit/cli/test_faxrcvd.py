"""The hook's command line: options before the file, nothing that a caller says is an option."""

from pathlib import Path

import pytest

from worker.cli.faxrcvd import run
from worker.errors import ExitCode


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fax1.tif").write_bytes(b"page")
    return tmp_path / "inbox"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--colour", "red", "fax1.tif"], "--colour"),
        (["--inbox"], "--inbox"),
        ([], "QFILE is missing"),
        (["--line", "routine"], "QFILE is missing"),
    ],
)
def test_a_wrong_command_line_says_what_is_wrong(
    given: list[str], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    code = run(given)

    assert code == ExitCode.USAGE
    assert said in capfd.readouterr().err


def test_help_tells_the_options(capfd: pytest.CaptureFixture[str]) -> None:
    code = run(["--help"])

    assert code == ExitCode.OK
    assert "--then PROGRAM" in capfd.readouterr().out


def test_the_log_has_ids_and_file_names_and_nobodys_number_or_name(inbox: Path) -> None:
    code = run(["--inbox", str(inbox), "fax1.tif", "ttyS0", "000000003", "", "5550140", "JANET BROWN", "5550100"])

    log = (inbox / "faxrcvd.log").read_text()
    assert code == ExitCode.OK
    assert "fax1.tif call=000000003 device=ttyS0 kept as " in log
    assert "5550" not in log
    assert "BROWN" not in log


def test_the_log_may_stand_elsewhere_and_gets_a_line_a_call(inbox: Path, tmp_path: Path) -> None:
    log = tmp_path / "hook.log"

    codes = [run([f"--inbox={inbox}", f"--log={log}", "fax1.tif", "ttyS0", str(n), ""]) for n in range(3)]

    assert codes == [0, 0, 0]
    assert len(log.read_text().splitlines()) == 3


def test_an_inbox_that_cannot_be_written_is_told_and_logged(
    inbox: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "hook.log"

    code = run(["--inbox", str(inbox / "not/there"), "--log", str(log), "fax1.tif", "ttyS0", "3", ""])

    assert code == ExitCode.CANNOT_WRITE
    assert capfd.readouterr().err.count("\n") == 1
    assert "NOT KEPT" in log.read_text()


def test_a_log_that_cannot_be_written_stops_no_fax(inbox: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = run(["--inbox", str(inbox), "--log", "/not/there/log", "fax1.tif", "ttyS0", "3", ""])

    assert code == ExitCode.OK
    assert len(list(inbox.glob("*.json"))) == 1
    assert "cannot write the log" in capfd.readouterr().err


def test_a_stock_script_that_cannot_be_run_leaves_the_fax_kept(inbox: Path) -> None:
    code = run(["--inbox", str(inbox), "--then", "/not/there/faxrcvd", "fax1.tif", "ttyS0", "3", ""])

    assert code == ExitCode.FAILED
    assert len(list(inbox.glob("*.json"))) == 1
    assert "--then cannot be run" in (inbox / "faxrcvd.log").read_text()
