"""A real server of the API over a site with SQLite in a folder of its own."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders.served import LINES, Served, serving
from worker.pipeline.site import Site
from worker.wiring import open_site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return replace(open_site(tmp_path / "home"), lines=LINES)


@pytest.fixture
def served(site: Site) -> Iterator[Served]:
    with serving(site) as served:
        yield served
