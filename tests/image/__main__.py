"""Runs the Dockerfile's steps, then the image: `python -m tests.image [FOLDER]`, as root. See scripts/image-check."""

import csv
import os
import re
import shlex
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.image.build import Build, Built, confined
from tests.image.dockerfile import UnknownStepError, parse
from tests.image.machine import archives, surroundings
from tests.image.root import FailedError, Root, bare_debian

REPOSITORY = Path(__file__).parents[2]
SAMPLES = REPOSITORY / "samples"
#: Of the samples, what the service is given: one letter and its record.
SCAN = "01-barcode-letter.tif"
#: Seconds for the service to be healthy, and to stop.
PATIENCE, GRACE = 60, 45


class Clock:
    """Says what begins, with the seconds since the start."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def say(self, text: str) -> None:
        """One line."""
        print(f"{time.monotonic() - self._start:6.1f} s  {text}", flush=True)


def main() -> int:
    """The exit status: 0 if every step of the Dockerfile and every check of its result was well."""
    clock = Clock()
    try:
        with tempfile.TemporaryDirectory(
            prefix="image-check-", dir=sys.argv[1] if sys.argv[1:] else "/var/tmp"
        ) as name:
            folder = Path(name)
            folder.chmod(0o755)  # the image's user goes through it
            around = surroundings(folder)
            build = Build(REPOSITORY, folder, _pull, around, clock.say)
            built = build.run(parse((REPOSITORY / "Dockerfile").read_text("utf-8")))
            check_help(built, clock)
            check_process(built, folder, clock)
            check_service(built, folder, clock)
    except (FailedError, UnknownStepError) as error:
        print(f"image-check: {error}", file=sys.stderr)
        return 1
    clock.say("the image builds, files the samples, and serves")
    return 0


def _pull(image: str, path: Path) -> Root:
    """The image debian:RELEASE-slim."""
    found = re.fullmatch(r"debian:([a-z]+)-slim", image)
    if not found:
        raise UnknownStepError(f"FROM {image}: only debian:<release>-slim can be made here")
    return bare_debian(path, found[1], archives(found[1]))


def check_help(built: Built, clock: Clock) -> None:
    """`docker run pigeonhole --help`."""
    clock.say("run --help")
    shown = built.root.run([*built.settings.entrypoint, "--help"], confined(built, {}))
    if "Usage: pigeonhole" not in shown:
        raise FailedError(f"--help showed:\n{shown}")


def check_process(built: Built, folder: Path, clock: Clock) -> None:
    """`docker run -v ...:/work pigeonhole process`, as the image's user: the samples go where they should."""
    clock.say("run process on the samples")
    work = folder / "work"
    shutil.copytree(SAMPLES, work / "samples")
    _give(work, built)
    words = ["process", "samples/scans", "--requests", "samples/requests.csv", "--out", "out"]
    built.root.run([*built.settings.entrypoint, *words], confined(built, {"/work": work}))
    expected = _outcomes(SAMPLES / "expected.csv")
    found = _outcomes(work / "out/pages.csv")
    if wrong := sorted(page for page in expected if found.get(page) != expected[page]):
        raise FailedError(f"not as samples/expected.csv says: {wrong}")
    clock.say(f"{len(expected)} of {len(expected)} pages went where samples/expected.csv says")


def check_service(built: Built, folder: Path, clock: Clock) -> None:
    """`docker run pigeonhole`: the image's own command becomes healthy, files a scan, and ends when told to."""
    settings = built.settings
    clock.say(f"run {shlex.join(settings.command)} until HEALTHCHECK is content and a scan is filed")
    home = folder / "home"
    (volume,) = settings.volumes
    home.mkdir(mode=0o700)
    for sample in (SAMPLES / "requests.csv", SAMPLES / "scans" / SCAN):
        shutil.copy(sample, home)
    _give(home, built)
    service = shlex.join((*settings.entrypoint, *settings.command))
    script = f"""
        await() {{
            left={PATIENCE}
            until ("$@") >/dev/null 2>&1; do
                left=$((left - 1)); [ "$left" -gt 0 ] || {{ echo "waited {PATIENCE} s for: $*"; exit 1; }}
                sleep 1
            done
        }}
        inside {service} & service=$!
        await inside {shlex.join(settings.health)}
        (inside pigeonhole requests import {volume}/requests.csv)
        (inside mv {volume}/{SCAN} {volume}/drop/routine/)
        await inside sh -c 'ls {volume}/requests/*/*.pdf'
        (inside pigeonhole audit pages)
        kill -TERM "$service"
        (sleep {GRACE}; echo "did not stop in {GRACE} s"; kill -KILL "$service") & watch=$!
        wait "$service"
        kill "$watch"
    """
    said = built.root.script(script, confined(built, {volume: home}))
    clock.say(next(line for line in said.splitlines() if "pages in =" in line))


def _give(folder: Path, built: Built) -> None:
    """A bind mount that belongs to the image's user."""
    uid = int(built.root.run(["id", "-u"], confined(built, {})))
    for path in (folder, *folder.rglob("*")):
        os.chown(path, uid, uid)


def _outcomes(table: Path) -> dict[tuple[str, str], tuple[str, str]]:
    with table.open(newline="", encoding="utf-8") as rows:
        return {(row["source"], row["page"]): (row["outcome"], row["request_id"]) for row in csv.DictReader(rows)}


if __name__ == "__main__":
    sys.exit(main())
