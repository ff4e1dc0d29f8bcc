"""Carries out the stages of a Dockerfile in root folders, one for each stage."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tests.image.context import context_files
from tests.image.dockerfile import Settings, Stage, Step, UnknownStepError
from tests.image.machine import Surroundings
from tests.image.root import Cell, Root

#: Makes the root folder of an image that is not a stage, such as debian:bookworm-slim.
Pull = Callable[[str, Path], Root]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """A stage that is done: its files, and how commands run in it."""

    root: Root
    settings: Settings


class Build:
    """The stages done so far, in folders below `folder`; `context` is the checkout."""

    def __init__(self, context: Path, folder: Path, pull: Pull, around: Surroundings, say: Say) -> None:
        self._context = context
        self._folder = folder
        self._pull = pull
        self._around = around
        self._say = say
        self._built: dict[str, Built] = {}

    def run(self, stages: Iterable[Stage]) -> Built:
        """Carries out all stages; returns the last. Raises FailedError and UnknownStepError."""
        built = None
        for stage in stages:
            built = self._start(stage)
            self._built[stage.name] = built
            for step in stage.steps:
                self._say(f"[{stage.name}] {step.keyword} {' '.join(step.words)[:90]}")
                self._carry_out(step, built)
        if built is None:
            raise UnknownStepError("there is no FROM")
        return built

    def _start(self, stage: Stage) -> Built:
        path = self._folder / f"stage-{stage.name}"
        path.mkdir()
        self._say(f"[{stage.name}] FROM {stage.base}")
        if stage.base in self._built:
            base = self._built[stage.base]
            return Built(base.root.copy_to(path), base.settings.copy())
        return Built(self._pull(stage.base, path), Settings())

    def _carry_out(self, step: Step, built: Built) -> None:
        built.settings.note(step)
        if step.keyword == "RUN":
            built.root.run(step.words, self._cell(built.settings))
        elif step.keyword == "COPY":
            self._copy(step, built)
        elif step.keyword == "WORKDIR":
            built.root.inside(built.settings.folder).mkdir(parents=True, exist_ok=True)

    def _cell(self, settings: Settings) -> Cell:
        env = {**self._around.env, **settings.env}
        return Cell(env, settings.user, settings.folder, binds=self._around.binds)

    def _copy(self, step: Step, built: Built) -> None:
        if unknown := set(step.options) - {"from"}:
            raise UnknownStepError(f"COPY --{unknown.pop()}")
        *sources, target = step.words
        place = target if target.startswith("/") else f"{built.settings.folder.rstrip('/')}/{target}"
        for source in sources:
            copied = (
                self._copy_stage(self._built[step.options["from"]].root, source, built.root.inside(place))
                if "from" in step.options
                else self._copy_context(source, built.root.inside(place), is_folder=target.endswith("/"))
            )
            if not copied:
                raise UnknownStepError(f"COPY {source}: the build sees no such file (.dockerignore?)")

    def _copy_stage(self, root: Root, source: str, target: Path) -> bool:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(root.inside(source), target, symlinks=True, dirs_exist_ok=True)
        return True

    def _copy_context(self, source: str, target: Path, *, is_folder: bool) -> int:
        """Folders give their content, as in Docker; what is copied belongs to root."""
        wanted = Path(source)
        copied = 0
        for path in context_files(self._context):
            if path == wanted or path.is_relative_to(wanted):
                inner = path.relative_to(wanted) if path != wanted else Path(path.name) if is_folder else Path()
                to = target / inner
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(self._context / path, to)
                copied += 1
        return copied


def confined(built: Built, writable: dict[str, Path]) -> Cell:
    """How the finished image is run: as compose.yaml does it, without this machine's settings."""
    settings = built.settings
    return replace(Cell(settings.env, settings.user, settings.folder), writable=writable, is_confined=True)
