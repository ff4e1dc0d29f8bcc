"""The review site over both databases, with people of each role: see tests/builders/review_site.py."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders.review_site import ServedReview, serving_review
from tests.builders.served import LINES
from worker.db.engine import open_database
from worker.pipeline.site import Site
from worker.wiring import open_site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """On SQLite, in a folder of its own."""
    site = replace(open_site(tmp_path / "home"), lines=LINES)
    yield site
    site.shelf.engine.dispose()


@pytest.fixture
def postgres_site(site: Site, postgres_url: str) -> Iterator[Site]:
    """The same on PostgreSQL."""
    engine = open_database(postgres_url)
    yield replace(site, shelf=replace(site.shelf, engine=engine))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_site(request: pytest.FixtureRequest) -> Site:
    """On each of them."""
    site: Site = request.getfixturevalue("site" if request.param == "sqlite" else "postgres_site")
    return site


@pytest.fixture
def served(site: Site) -> Iterator[ServedReview]:
    """On SQLite."""
    with serving_review(site) as served:
        yield served


@pytest.fixture
def served_anywhere(any_site: Site) -> Iterator[ServedReview]:
    """On each database."""
    with serving_review(any_site) as served:
        yield served
