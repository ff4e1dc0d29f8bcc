"""The command line: what is wrong with it is told with exit code 2, and every command shows an example."""

from collections.abc import Sequence

import pytest
from typer.testing import CliRunner

from worker.cli.app import make_app
from worker.cli.tables import tables
from worker.errors import ExitCode


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("process",),
        ("process", "scans", "--requests", "r.csv"),
        ("process", "scans", "--out", "out"),
        ("process", "scans", "--requests", "r.csv", "--out", "out", "--jobs", "0"),
        ("process", "scans", "--requests", "r.csv", "--out", "out", "--jobs", "many"),
        ("process", "scans", "--requests", "r.csv", "--out", "out", "--shout"),
        ("requests",),
        ("requests", "import"),
        ("explain",),
        ("explain", "out"),
        ("explain", "out", "fax.tif", "0"),
        ("explain", "out", "fax.tif", "first"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_shows_the_usage(arguments: Sequence[str]) -> None:
    result = CliRunner().invoke(make_app(arguments), list(arguments))

    assert result.exit_code == ExitCode.USAGE
    assert "Usage:" in result.output


@pytest.mark.parametrize(
    "arguments", [(), ("process",), ("explain",), ("requests",), ("requests", "import")], ids=" ".join
)
def test_help_shows_an_example(arguments: Sequence[str]) -> None:
    result = CliRunner().invoke(make_app(arguments), [*arguments, "--help"])

    said = " ".join(result.output.split())
    assert result.exit_code == ExitCode.OK
    assert " ".join(arguments) in said.partition("Example: pigeonhole")[2]
    assert "Example: pigeonhole" in said


def test_the_list_of_commands_says_what_the_commands_say_of_themselves() -> None:
    listed = CliRunner().invoke(make_app(["--help"]), ["--help"])

    loaded = CliRunner().invoke(make_app(), ["--help"])

    assert listed.exit_code == ExitCode.OK
    assert listed.output == loaded.output


def test_only_the_command_that_is_named_is_loaded() -> None:
    app = make_app(["tables", "--home", "mailroom"])

    calls = {command.name: command.callback for command in app.registered_commands}
    assert calls.pop("tables") is tables
    assert len(calls) > 10
    assert len({*calls.values()}) == 1
