"""`pigeonhole retry`: parked documents are tried again, once what was wrong is mended."""

from typing import Annotated

import typer

from worker.cli.options import Home
from worker.db import arrivals, documents, pages
from worker.domain.document import Stage
from worker.domain.task import Step
from worker.errors import BadDocumentError
from worker.pipeline.site import Site
from worker.wiring import open_site


def retry(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="By their names in documents.csv.")
    ] = None,
    is_all: Annotated[bool, typer.Option("--all", help="Every parked document.")] = False,
    home: Home = None,
) -> None:
    """Try parked documents again: those on which Pigeonhole failed three times, and that wait for a person.

    Example: pigeonhole retry --all
    """
    if bool(sources) == is_all:
        raise typer.BadParameter("give the names of documents, or --all")
    site = open_site(home)
    parked = [document.sha256 for document in documents.load_at(site.shelf.engine, Stage.PARKED)]
    wanted = parked if is_all else [_hash_of(site, source) for source in sources or ()]
    again = sum(pages.retry(site.shelf.engine, sha256) for sha256 in wanted)
    for step in (Step.OPEN, Step.DECIDE):
        site.bell.ring(step)
    typer.echo(f"{again} document(s) are tried again.")


def _hash_of(site: Site, source: str) -> str:
    arrival = arrivals.find_by_source(site.shelf.engine, source)
    if arrival is None or not arrival.sha256:
        raise BadDocumentError(f"no document {source!r}: see the column source of documents.csv (pigeonhole tables)")
    return arrival.sha256
