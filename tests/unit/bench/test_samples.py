"""The checked-in samples: complete, small, and those that the generator draws."""

import csv
from pathlib import Path

import pytest

from bench.samples import draw_samples

SAMPLES = Path(__file__).parents[3] / "samples"
TABLES = ("requests.csv", "expected.csv", "README.md")


def documents(folder: Path) -> set[str]:
    return {path.name for path in (folder / "scans").iterdir()}


def expectation() -> list[dict[str, str]]:
    with (SAMPLES / "expected.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    draw_samples(folder)
    return folder


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_are_those_that_the_generator_writes(drawn: Path, name: str) -> None:
    checked_in = (SAMPLES / name).read_bytes()

    assert checked_in == (drawn / name).read_bytes()


def test_the_documents_are_those_that_the_generator_draws(drawn: Path) -> None:
    checked_in = documents(SAMPLES)

    assert len(checked_in) >= 12
    assert checked_in == documents(drawn)


def test_every_document_is_expected_and_explained() -> None:
    expected = {row["source"] for row in expectation()}
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")

    assert expected == documents(SAMPLES)
    assert all(f"`{name}`" in readme for name in expected)


def test_the_samples_are_small() -> None:
    size = sum(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file())

    assert size < 15_000_000


def test_filed_pages_name_open_requests() -> None:
    with (SAMPLES / "requests.csv").open(newline="", encoding="utf-8") as file:
        open_ids = {row["request_id"] for row in csv.DictReader(file) if row["status"] == "open"}

    filed = {row["request_id"] for row in expectation() if row["outcome"] == "filed"}

    assert filed <= open_ids
    assert {row["outcome"] for row in expectation()} == {"filed", "review", "set_aside"}
