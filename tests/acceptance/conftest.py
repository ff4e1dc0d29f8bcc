"""The expensive runs, each done once: the samples filed undisturbed, and what else started from them."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.builders.command import SAMPLES, Ended, finish, run, start, tray, wait_until
from worker.domain.request import Request
from worker.intake.registry_csv import read_registry

REQUESTS = SAMPLES / "requests.csv"


@dataclass(frozen=True)
class Filed:
    """The samples after one run, and what a second run got that came in the middle of it."""

    out: Path
    ended: Ended
    came_second: Ended


@dataclass(frozen=True)
class Small:
    """A few of the samples, and what pages.csv says of them when nobody disturbs the run."""

    scans: Sequence[Path]
    pages: str


@pytest.fixture(scope="session")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Filed:
    out = tmp_path_factory.mktemp("filed") / "out"
    line = tray(SAMPLES / "scans", requests=REQUESTS, out=out)
    process = start(line)
    try:
        assert wait_until((out / "originals").exists)
        second = run(line)
    finally:
        ended = finish(process)
    return Filed(out, ended, second)


@pytest.fixture(scope="session")
def small(filed: Filed) -> Small:
    """One page at least of each outcome, a repeat of another document, TIFF and PDF."""
    names = ("01-barcode-letter.tif", "08-strangers-page.tif", "11-duplex-blanks.pdf", "14-sent-again.tif")
    header, *lines = (filed.out / "pages.csv").read_text().splitlines(keepends=True)
    chosen = [line for line in lines if line.startswith(names)]
    return Small([SAMPLES / "scans" / name for name in names], "".join([header, *chosen]))


@pytest.fixture
def copy_of_filed(filed: Filed, tmp_path: Path) -> Path:
    """The output folder of the samples, to work on."""
    return Path(shutil.copytree(filed.out, tmp_path / "out"))


@pytest.fixture(scope="session")
def open_requests() -> Sequence[Request]:
    """The open requests of the samples that no sample answers, so that the samples stay what they are."""
    taken = {line.split(",")[3] for line in (SAMPLES / "expected.csv").read_text().splitlines()}
    members: dict[str, int] = {}
    everyone = read_registry(REQUESTS).requests
    for request in everyone:
        members[request.member_last_name] = members.get(request.member_last_name, 0) + 1
    alone = [r for r in everyone if r.is_open and members[r.member_last_name] == 1 and r.request_id not in taken]
    assert len(alone) >= 3
    return alone
