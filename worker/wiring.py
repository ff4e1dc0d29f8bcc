"""The only place that builds things from settings: an output folder with its database, originals and readers."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

from worker.calibration_file import load_calibration
from worker.db import requests
from worker.db.engine import open_database, sqlite_url
from worker.domain.request import Request
from worker.domain.sign_in import Oidc, SignIn
from worker.errors import BadSettingsError
from worker.fitted_file import load_fitted
from worker.lines_file import load_lines, load_programs
from worker.matching.policy import Policy, Rules
from worker.notify.receivers import JournalFile, Receiver, Webhook
from worker.ocr.page_reader import PageReader
from worker.pipeline.bell import Bell, NoBell
from worker.pipeline.desk import Desk
from worker.pipeline.give_out import Shelf
from worker.pipeline.registries import StoredRegistry
from worker.pipeline.site import Site
from worker.pipeline.sweep import CountingBell
from worker.review_file import load_review
from worker.settings import settings
from worker.storage.folder_store import FolderStore
from worker.storage.lock import hold_folder
from worker.storage.opening import open_store
from worker.storage.originals import Originals
from worker.storage.whole import cannot_write, make_folder, remove_unfinished

DATABASE, ORIGINALS, CACHE, CALIBRATION = "pigeonhole.db", "originals", "cache", "calibration.json"
#: Page images lie here while they are read: in memory where there is some.
MEMORY_FOLDER = Path("/dev/shm")
WORK_PREFIX = "pigeonhole-"


def open_shelf(out: Path) -> Shelf:
    """The output folder with its database up to date. Raises CannotWriteError."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(out, error) from error
    engine = open_database(sqlite_url((out / DATABASE).resolve()))
    return Shelf(out, engine, Originals(out / ORIGINALS), FolderStore(out))


@contextlib.contextmanager
def sole_shelf(out: Path) -> Iterator[Shelf]:
    """The output folder, held for this process alone; what a killed run left half written is removed.

    Raises CannotWriteError and InUseError.
    """
    with hold_folder(out):
        shelf = open_shelf(out)
        remove_unfinished(out)
        try:
            yield shelf
        finally:
            shelf.engine.dispose()


@contextlib.contextmanager
def page_reader(jobs: int, out: Path) -> Iterator[PageReader]:
    """Reader processes with a private work folder that is gone afterwards."""
    with _work_folder(out) as folder:
        reader = PageReader(jobs, folder, settings().ocr_engine)
        try:
            yield reader
        finally:
            reader.close()


@contextlib.contextmanager
def _work_folder(out: Path) -> Iterator[Path]:
    """A folder that only we can read, named after the output folder so that the next run finds what a kill left."""
    parent = settings().work_folder or (MEMORY_FOLDER if MEMORY_FOLDER.is_dir() else out)
    place = out.stat()
    mark = f"{WORK_PREFIX}{place.st_dev:x}.{place.st_ino}-"
    for left_over in parent.glob(f"{mark}*"):
        if not _is_alive(left_over.name.removeprefix(mark).partition("-")[0]):
            shutil.rmtree(left_over, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{mark}{os.getpid()}-", dir=parent, ignore_cleanup_errors=True) as name:
        yield Path(name)


def _is_alive(pid: str) -> bool:
    """Several workers share an output folder: only what the dead left is removed."""
    return pid.isdecimal() and Path(f"/proc/{pid}").exists()


def open_site(home: Path | None = None) -> Site:
    """The service's site as the settings say; what is set nowhere else stands in `home`.

    Raises CannotWriteError, UnreachableError and BadSettingsError.
    """
    home = (home or settings().home).absolute()
    lines, review = load_lines(settings().lines), load_review(settings().review)
    return Site(home, _site_shelf(home), lines, settings().time_zone, _bell(), review)


def _site_shelf(home: Path) -> Shelf:
    make_folder(home)
    given = settings()
    url = given.database_url.get_secret_value() if given.database_url else sqlite_url(home / DATABASE)
    store = open_store(given.store or str(home), given.store_endpoint, cache=home / CACHE)
    return Shelf(home, open_database(url), Originals(store, f"{ORIGINALS}/"), store)


def _bell() -> Bell:
    url = settings().redis_url
    if url is None:
        return NoBell()
    from worker.pipeline.redis_bell import RedisBell  # noqa: PLC0415 - dramatiq only where Redis is configured

    return RedisBell(url.get_secret_value())


def receivers() -> tuple[Receiver, ...]:
    """Who is told of events. Raises BadSettingsError for a webhook without a secret."""
    given, told = settings(), list[Receiver]()
    if given.webhook_url is not None:
        if given.webhook_secret is None:
            raise BadSettingsError("PIGEONHOLE_WEBHOOK_URL needs PIGEONHOLE_WEBHOOK_SECRET: events are signed")
        told.append(Webhook(str(given.webhook_url), given.webhook_secret.get_secret_value().encode()))
    if given.events_file is not None:
        told.append(JournalFile(given.events_file))
    return tuple(told)


def counting_bell(bell: Bell) -> CountingBell | None:
    """The bell, if it can tell what nobody has heard; None where workers look for themselves."""
    return None if isinstance(bell, NoBell) else cast("CountingBell", bell)


@contextlib.contextmanager
def service_desk(site: Site, threads: int) -> Iterator[Desk]:
    """What one worker process of the service works with: readers of its own, everything else is the site's."""
    with page_reader(threads, site.home) as reader:
        yield Desk(
            shelf=site.shelf,
            reader=reader,
            registries=StoredRegistry(site.shelf.engine),
            policy=policy(site.home),
            bell=site.bell,
            lines=site.lines,
            receivers=receivers(),
            review=site.review,
            zone=site.zone,
        )


def import_requests(shelf: Shelf, new: Iterable[Request]) -> None:
    """Make the registry hold exactly these requests."""
    requests.replace_all(shelf.engine, new)


def policy(home: Path) -> Policy:
    """The policy of this site: as fitted, and calibrated by what stands in its home. Raises BadSettingsError."""
    given, fitted = settings(), load_fitted()
    return Policy(
        weights=fitted.matching_weights(),
        calibration=load_calibration(calibration_file(home), fitted.matching_calibration()),
        fitted=fitted.version,
        accepted_risk=given.accepted_risk,
        lines={line.name: Rules(line.accepted_risk) for line in load_lines(given.lines).values()},
        programs=load_programs(given.lines),
    )


def calibration_file(home: Path) -> Path:
    """Where the calibration stands, or would."""
    return settings().calibration or home / CALIBRATION


def sign_in() -> SignIn:
    """How people sign in to the review site. Raises BadSettingsError for a provider without a client."""
    given = settings()
    oidc = None
    if given.oidc_issuer:
        if not given.oidc_client_id or given.oidc_client_secret is None:
            raise BadSettingsError("PIGEONHOLE_OIDC_ISSUER needs PIGEONHOLE_OIDC_CLIENT_ID and _CLIENT_SECRET")
        oidc = Oidc(given.oidc_issuer, given.oidc_client_id, given.oidc_client_secret.get_secret_value())
    return SignIn(given.public_url.rstrip("/"), given.idle_minutes, given.session_hours, oidc)
