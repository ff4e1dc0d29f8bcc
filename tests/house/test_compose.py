"""The shipped compose.yaml and Dockerfile fit the program: their schema, every command, every setting, every secret."""

import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml  # type: ignore[import-untyped]  # PyYAML has no types; what it gives is checked by Composed

from tests.image.composed import COMPOSE, ROOT, Composed, docker_compose, load_composed
from tests.image.dockerfile import Settings as ImageSettings
from tests.image.dockerfile import parse
from worker.cli.app import make_app
from worker.cli.worker import EXTRA_GRACE
from worker.settings import Settings

#: What typer raises for a wrong command line; it has no public name.
UsageError: type[Exception] = typer.BadParameter.__mro__[1]
#: What a variable is called that holds what nobody may see, and where it may stand: nowhere, or in another file.
SECRET_NAME = re.compile(r"PASSWORD|SECRET|KEY|_URL")
NO_SECRET = re.compile(r"|/run/secrets\S*|\$\{\w+:-\}|s3://.*")


def what_is_wrong(words: Sequence[str]) -> str:
    """What the program's own parser says against a command line; nothing if it is well."""
    command: Any = typer.main.get_command(make_app(words))
    context: Any = None
    name, left = "pigeonhole", list(words)
    try:
        while True:
            context = command.make_context(name, left, parent=context)
            if not hasattr(command, "resolve_command"):
                return ""
            name, command, left = command.resolve_command(context, [*context._protected_args, *context.args])
    except UsageError as error:
        return str(error)


def of_the_program(composed: Composed, drop: Path) -> list[list[str]]:
    """Every command line of `pigeonhole` that is shipped; folders of the container are replaced by one that is here."""
    image = ImageSettings()
    for step in parse((ROOT / "Dockerfile").read_text("utf-8"))[-1].steps:
        image.note(step)
    lines = [service.command for service in composed.own.values()]
    checks = [service.healthcheck.get("test", []) for service in composed.own.values()]
    lines += [check[2:] for check in checks if check[1:2] == ["pigeonhole"]]
    lines += [[*image.entrypoint, *image.command][1:]]
    return [[str(drop) if word == "/drop" else word for word in line] for line in lines]


def seconds(text: str) -> int:
    """Of 90s or 1m30s."""
    return sum(int(number) * {"m": 60, "s": 1}[unit] for number, unit in re.findall(r"(\d+)([ms])", text))


@pytest.fixture(scope="module")
def composed() -> Composed:
    return load_composed()


def test_a_mistake_is_found_by_the_schema(tmp_path: Path) -> None:
    wrong = tmp_path / "compose.yaml"
    wrong.write_text(COMPOSE.read_text("utf-8").replace("read_only: true", "read_onlly: true", 1), "utf-8")

    done = docker_compose(wrong)

    assert done.returncode != 0
    assert "read_onlly" in done.stderr


def test_all_of_the_service_is_there(composed: Composed) -> None:
    commands = {service.command[0] for service in composed.own.values()}

    assert commands >= {"serve", "worker", "watch", "sweep", "db"}
    assert set(composed.services) - set(composed.own) == {"redis", "postgres", "s3"}


def test_every_command_line_is_accepted(composed: Composed, tmp_path: Path) -> None:
    lines = of_the_program(composed, tmp_path)

    wrong = {" ".join(line): problem for line in lines if (problem := what_is_wrong(line))}

    assert len(lines) > len(composed.own)
    assert wrong == {}


@pytest.mark.parametrize(
    "line", ["juggle", "serve --hosst x", "serve --port many", "watch /not/there", "db upgrade more", "audit papers"]
)
def test_a_wrong_command_line_is_found(line: str) -> None:
    assert what_is_wrong(line.split())


def test_every_variable_is_a_setting(composed: Composed) -> None:
    named = set(re.findall(r"\bPIGEONHOLE_[A-Z_]+", COMPOSE.read_text("utf-8")))
    secrets = {name.upper() for name in composed.secrets if name.startswith("pigeonhole_")}
    shipped = named | secrets | set(re.findall(r"\bPIGEONHOLE_\w+(?==)", (ROOT / "Dockerfile").read_text("utf-8")))

    assert {"PIGEONHOLE_HOME", "PIGEONHOLE_SECRETS", "PIGEONHOLE_DATABASE_URL"} <= shipped
    assert shipped - settings_by_variable() == set()


def test_every_setting_is_told_and_no_other() -> None:
    manual = (ROOT / "docs/operations.md").read_text("utf-8")

    told = {
        name for row in re.findall(r"^\| (`PIGEONHOLE_.*?) \|", manual, re.MULTILINE) for name in row.split("`")[1::2]
    }

    assert told == settings_by_variable()


def settings_by_variable() -> set[str]:
    return {f"PIGEONHOLE_{name.upper()}" for name in Settings.model_fields}


def test_no_secret_stands_in_the_file() -> None:
    services = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    given: Iterable[tuple[str, str | None]] = (
        pair for service in services.values() for pair in service.get("environment", {}).items()
    )

    shown = {name for name, value in given if SECRET_NAME.search(name) and not NO_SECRET.fullmatch(value or "")}

    assert shown == set()


def test_the_secrets_are_those_that_the_script_makes(composed: Composed, tmp_path: Path) -> None:
    make = [str(ROOT / "scripts/make-secrets"), str(tmp_path / "secrets")]

    subprocess.run(make, check=True)
    made = {file.name: file.read_text("utf-8") for file in (tmp_path / "secrets").iterdir()}
    subprocess.run(make, check=True)

    assert {Path(secret["file"]).name for secret in composed.secrets.values()} == set(made)
    assert made["postgres_password"].strip() in made["pigeonhole_database_url"]
    assert made["redis_conf"].split()[1] in made["pigeonhole_redis_url"]
    assert {file.name: file.read_text("utf-8") for file in (tmp_path / "secrets").iterdir()} == made
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_every_service_is_confined_and_looked_after(composed: Composed) -> None:
    lax = [
        name
        for name, service in composed.services.items()
        if not service.read_only
        or service.cap_drop != ["ALL"]
        or service.security_opt != ["no-new-privileges:true"]
        or not service.healthcheck
        or service.restart != ("no" if name == "migrate" else "unless-stopped")
    ]
    ports = [port for service in composed.services.values() for port in service.ports]

    assert lax == []
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_nobody_is_killed_within_the_grace(composed: Composed) -> None:
    needed = Settings.model_fields["grace"].default + EXTRA_GRACE

    graces = {name: seconds(service.stop_grace_period) for name, service in composed.own.items()}

    assert {name: grace for name, grace in graces.items() if grace <= needed} == {}


def test_everything_waits_for_the_tables_and_nothing_for_redis(composed: Composed) -> None:
    waits = {name: service.depends_on for name, service in composed.own.items() if name != "migrate"}

    expected = {"migrate": {"condition": "service_completed_successfully"}}

    assert {name: waited for name, waited in waits.items() if waited != expected} == {}
    assert composed.services["migrate"].depends_on == {"postgres": {"condition": "service_healthy"}}


def test_redis_forgets_nothing_on_purpose(composed: Composed) -> None:
    command = " ".join(composed.services["redis"].command)

    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
