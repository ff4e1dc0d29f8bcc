"""Reads a Dockerfile: its stages with their steps, as far as ours uses the language; anything else is an error."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

#: Steps that change the file system, in the order in which they stand.
BUILDING = frozenset({"COPY", "RUN", "WORKDIR"})
#: Steps that say how the result is run.
SAYING = frozenset({"ENV", "USER", "CMD", "ENTRYPOINT", "HEALTHCHECK", "VOLUME", "EXPOSE"})
SHELL = ("/bin/sh", "-c")


class UnknownStepError(Exception):
    """The Dockerfile says something that is not understood here: teach it, or write it otherwise."""


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: its keyword, its `--name=value` options, and the words that follow."""

    keyword: str
    options: dict[str, str]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """What follows a FROM: the image or earlier stage it starts from, its own name (or number), its steps."""

    base: str
    name: str
    steps: tuple[Step, ...]


@dataclass(slots=True)
class Settings:
    """How commands run in a stage, as the steps so far have set it."""

    env: dict[str, str] = field(
        default_factory=lambda: {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
    )
    user: str = "root"
    folder: str = "/"
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    health: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()

    def copy(self) -> "Settings":
        """The settings that a stage starts with which is built on this one."""
        return Settings(
            dict(self.env), self.user, self.folder, self.entrypoint, self.command, self.health, self.volumes
        )

    def note(self, step: Step) -> None:
        """Take over what a step says about how commands run."""
        match step.keyword:
            case "ENV":
                self.env |= {name: self.filled_in(value) for name, value in _pairs(step.words)}
            case "USER":
                (self.user,) = step.words
            case "WORKDIR":
                (folder,) = step.words
                self.folder = folder if folder.startswith("/") else f"{self.folder.rstrip('/')}/{folder}"
            case "ENTRYPOINT":
                self.entrypoint, self.command = step.words, ()
            case "CMD":
                self.command = step.words
            case "HEALTHCHECK":
                self.health = step.words
            case "VOLUME":
                self.volumes += step.words

    def filled_in(self, text: str) -> str:
        """The text with `$NAME` and `${NAME}` replaced by what ENV has set."""
        return re.sub(r"\$(?:(\w+)|\{(\w+)\})", lambda m: self.env.get(m[1] or m[2], ""), text)


def parse(text: str) -> tuple[Stage, ...]:
    """The stages of a Dockerfile. Raises UnknownStepError for what is not understood."""
    stages: list[tuple[str, str, list[Step]]] = []
    for keyword, rest in _instructions(text):
        if keyword == "FROM":
            base, *named = rest.split()
            if named and (len(named) != 2 or named[0].upper() != "AS"):
                raise UnknownStepError(f"FROM {rest}")
            stages.append((base, named[1] if named else str(len(stages)), []))
        elif not stages or keyword not in BUILDING | SAYING:
            raise UnknownStepError(f"{keyword} {rest}")
        else:
            stages[-1][2].append(_step(keyword, rest))
    return tuple(Stage(base, name, tuple(steps)) for base, name, steps in stages)


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\[ \t]*\n", "", "\n".join(lines))
    for line in filter(str.strip, joined.splitlines()):
        keyword, _, rest = line.strip().partition(" ")
        yield keyword.upper(), rest.strip()


def _step(keyword: str, rest: str) -> Step:
    options = {}
    while found := re.match(r"--([a-z-]+)=(\S+)\s+", rest):
        options[found[1]] = found[2]
        rest = rest[found.end() :]
    if keyword == "HEALTHCHECK":
        rest = rest.removeprefix("CMD ")
    if keyword in {"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"}:
        return Step(keyword, options, _command(rest))
    return Step(keyword, options, tuple(shlex.split(rest)))


def _command(rest: str) -> tuple[str, ...]:
    """A command as the kernel gets it: a JSON list as it stands, anything else through the shell."""
    return tuple(json.loads(rest)) if rest.startswith("[") else (*SHELL, rest)


def _pairs(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for word in words:
        name, mark, value = word.partition("=")
        if not mark:
            raise UnknownStepError(f"ENV {' '.join(words)}: write NAME=value")
        yield name, value
