"""`pigeonhole tables`: pages.csv and documents.csv of the service's home."""

import typer

from worker.cli.options import Home
from worker.filing.tables import write_tables
from worker.pipeline.results import count, load_results
from worker.wiring import open_site


def tables(home: Home = None) -> None:
    """Write pages.csv and documents.csv beside what was filed: where every page went that has an outcome, and why.

    Example: pigeonhole tables --home mailroom
    """
    site = open_site(home)
    results = load_results(site.shelf.engine)
    write_tables(site.shelf.store, results)
    totals = count(results)
    typer.echo(
        f"{totals.documents} documents, {totals.pages} pages: {totals.filed} filed, {totals.review} for review, "
        f"{totals.set_aside} set aside. Written: pages.csv and documents.csv"
    )
