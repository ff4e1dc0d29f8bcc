"""What compose.yaml asks for, after docker-compose has checked it against its schema and filled it in."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # PyYAML has no types; what it gives is checked by Composed
from pydantic import BaseModel

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "compose.yaml"
PROFILES = ("--profile", "s3", "--profile", "mail")


class Service(BaseModel):
    """What the checks need of a service; the schema is the business of docker-compose."""

    command: list[str] = []
    environment: Mapping[str, str | None] = {}
    ports: list[str] = []
    healthcheck: Mapping[str, Any] = {}
    depends_on: Mapping[str, Mapping[str, str]] = {}
    security_opt: list[str] = []
    cap_drop: list[str] = []
    read_only: bool = False
    restart: str = ""
    stop_grace_period: str = ""
    build: Any = None


class Composed(BaseModel):
    """A compose file after docker-compose has filled it in."""

    services: Mapping[str, Service]
    secrets: Mapping[str, Mapping[str, str]]

    @property
    def own(self) -> dict[str, Service]:
        """The services that are this program."""
        return {name: service for name, service in self.services.items() if service.build is not None}


def docker_compose(file: Path = COMPOSE) -> subprocess.CompletedProcess[str]:
    """Debian's docker-compose checks against the schema of the compose specification, without an engine or network."""
    program = shutil.which("docker-compose")
    if program is None:
        raise FileNotFoundError("docker-compose is not installed: run scripts/install-system-packages --test")
    return subprocess.run(
        [program, "--project-directory", str(ROOT), "--file", str(file), *PROFILES, "config"],
        env={"PATH": os.defpath}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def load_composed() -> Composed:
    """What the shipped file asks for where .env sets nothing."""
    done = docker_compose()
    if done.returncode:
        raise ValueError(done.stderr)
    return Composed.model_validate(yaml.safe_load(done.stdout))
