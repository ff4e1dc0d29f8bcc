"""Words on pages: kept with what is read, found again, on both databases."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.builders.readings import reading
from worker.db import pages, tasks
from worker.db.documents import ensure_document, start_document
from worker.db.page_words import find_pages
from worker.db.search_tables import PAGE_TEXTS
from worker.domain.document import DocumentKind
from worker.domain.reading import PageReading
from worker.domain.task import Step
from worker.storage.originals import Kept

SHA, OTHER = "a" * 64, "b" * 64
PAGES = (
    reading(1, "Progress Note", "Patient: O'Brien-Smith, Zoë  DOB: 03/04/1951", "metformin 500 mg twice daily"),
    reading(2, "Laboratory: hemoglobin A1c 7.2", barcode="MRR-2047788"),
)


def read(engine: sa.Engine, sha256: str, line: str, texts: Sequence[PageReading]) -> None:
    with engine.begin() as connection:
        ensure_document(connection, Kept(sha256, 10), line, 50)
        start_document(connection, sha256, 50, 1)
    opened = tasks.claim(engine, [Step.OPEN], "test", timedelta(minutes=1))
    assert opened is not None
    pages.save_opened(engine, opened, DocumentKind.TIFF, [(1, len(texts))])
    task = tasks.claim(engine, [Step.READ], "test", timedelta(minutes=1))
    assert task is not None
    pages.save_readings(engine, task, texts)


@pytest.fixture(scope="module")
def stored(shared_engine: sa.Engine) -> sa.Engine:
    read(shared_engine, SHA, "routine", PAGES)
    return shared_engine


def found(engine: sa.Engine, words: str, limit: int = 50, lines: Sequence[str] = ()) -> list[tuple[str, int]]:
    return [(hit.sha256[0], hit.page) for hit in find_pages(engine, words, limit, lines)]


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("metformin", 1),
        ("METFORMIN 500", 1),
        ("daily metf", 1),
        ("zoe", 1),
        ("ZOË obrien", 1),
        ("smith", 1),
        ("o'brien-smith", 1),
        ("03/04/1951", 1),
        ("hemoglobin a1c", 2),
        ("MRR2047788", 2),
        ("mrr-2047788", 2),
        ("2047", 2),
        ("7.2", 2),
    ],
)
def test_all_words_the_last_one_perhaps_begun(stored: sa.Engine, words: str, page: int) -> None:
    assert found(stored, words) == [("a", page)]


@pytest.mark.parametrize("words", ["metformin hemoglobin", "metf daily", "insulin", "", " ", "..."])
def test_what_is_not_on_one_page_is_not_found(stored: sa.Engine, words: str) -> None:
    assert found(stored, words) == []


@pytest.mark.parametrize(
    "words",
    [
        *('"', "'", "*", "NEAR(x y)", "words:x", "a AND", "^x", "x & | ! y", "<->", "\0", "\ud800", "x" * 10_000),
        *("%", "_", "--", "'; DROP TABLE page_texts; --", "\\", ":*", "é\u0301" * 300, "a " * 5_000),
    ],
)
def test_signs_of_query_languages_are_only_text(stored: sa.Engine, words: str) -> None:
    find_pages(stored, words)

    assert found(stored, "metformin") == [("a", 1)]


def test_hits_are_marked_where_they_stand(stored: sa.Engine) -> None:
    (hit,) = find_pages(stored, "500 metf")

    assert hit.line == "routine"
    assert [piece.text for piece in hit.snippet if piece.is_hit] == ["metformin 500"]
    assert "".join(piece.text for piece in hit.snippet).startswith(
        "Patient: O'Brien-Smith, Zo\u00eb DOB: 03/04/1951 metformin"
    )


def test_what_is_read_on_and_anew_takes_the_place_of_what_was_read(engine: sa.Engine) -> None:
    read(engine, SHA, "routine", PAGES)

    pages.save_further(engine, SHA, [reading(2, "Operative report")])

    assert found(engine, "operative") == [("a", 2)]
    assert found(engine, "hemoglobin") == []


def test_newest_pages_first_and_only_of_lines_that_may_be_seen(engine: sa.Engine) -> None:
    read(engine, SHA, "routine", PAGES)
    read(engine, OTHER, "appeals", (reading(1, "metformin too"),))

    everything = found(engine, "metformin")

    assert everything == [("b", 1), ("a", 1)]
    assert found(engine, "metformin", limit=1) == [("b", 1)]
    assert found(engine, "metformin", lines=("routine",)) == [("a", 1)]


def test_a_document_that_is_read_anew_is_not_found_meanwhile(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        ensure_document(connection, Kept(SHA, 10), "routine", 50)
        start_document(connection, SHA, 50, 1)
    opened = tasks.claim(engine, [Step.OPEN], "test", timedelta(minutes=1))
    assert opened is not None
    pages.save_opened(engine, opened, DocumentKind.TIFF, [(1, 1), (2, 2)])
    first = tasks.claim(engine, [Step.READ], "test", timedelta(minutes=1))
    assert first is not None
    pages.save_readings(engine, first, PAGES[:1])
    second = tasks.claim(engine, [Step.READ], "test", timedelta(minutes=1))
    assert second is not None
    pages.park(engine, second, (), "it failed three times")

    was_found = found(engine, "metformin")
    pages.retry(engine, SHA)

    assert was_found == [("a", 1)]
    assert found(engine, "metformin") == []
    with engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(PAGE_TEXTS)).scalar_one() == 0
