"""The edge of the command: every way to end has its exit code, and errors of ours quote nothing."""

import signal
from collections.abc import Iterator

import pytest
import structlog

from worker.cli.main import main
from worker.errors import BadRegistryError, CannotWriteError, ExitCode, InUseError, MissingToolError, UnreachableError


@pytest.fixture(autouse=True)
def _process() -> Iterator[None]:
    """`main` takes the signals and the logs of the process over; other tests want them back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
    structlog.reset_defaults()


def ended(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int | str | None:
    """The exit code of a command that raises this."""

    def command() -> None:
        raise error

    monkeypatch.setattr("worker.cli.app.make_app", lambda _words: command)
    with pytest.raises(SystemExit) as stop:
        main()
    return stop.value.code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UnreachableError("the store", "refused"), ExitCode.UNREACHABLE),
        (MissingToolError("tesseract"), ExitCode.MISSING_TOOL),
        (CannotWriteError("the disk is full"), ExitCode.CANNOT_WRITE),
        (InUseError("in use"), ExitCode.IN_USE),
        (SystemExit(ExitCode.USAGE), ExitCode.USAGE),
    ],
)
def test_each_error_has_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException, code: ExitCode
) -> None:
    assert ended(monkeypatch, error) == code

    assert isinstance(error, SystemExit) or str(error) in capsys.readouterr().err


def test_an_error_of_ours_says_where_and_not_what(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = ended(monkeypatch, ValueError("Brown, Janet 03/04/1951"))

    said = capsys.readouterr().err
    assert code == ExitCode.FAILED
    assert "ValueError at " in said
    assert "report it" in said
    assert "Janet" not in said
    assert "1951" not in said


def test_an_interrupt_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code = ended(monkeypatch, SystemExit(ExitCode.INTERRUPTED))

    assert code == ExitCode.INTERRUPTED
    assert "run the same command again" in capsys.readouterr().err


def test_all_problems_of_a_registry_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = ended(monkeypatch, BadRegistryError("r.csv", ("line 2: a is empty", "line 9: b is empty")))

    said = capsys.readouterr().err
    assert code == ExitCode.BAD_REGISTRY
    assert "  line 2: a is empty\n  line 9: b is empty\n" in said
    assert "--skip-bad-rows" in said
