"""How the site says due times, ages, sizes and page numbers."""

from datetime import UTC, datetime, timedelta

import pytest

from worker.domain.decision import DocumentType, RecordKind
from worker.domain.review import ItemKind
from worker.matching.judgment import Ground
from worker.review import words

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(minutes=-1), "overdue 1 min"),
        (timedelta(hours=-2, minutes=-59), "overdue 2 h"),
        (timedelta(days=-3), "overdue 3 days"),
        (timedelta(minutes=40), "due in 40 min"),
        (timedelta(hours=47), "due in 47 h"),
        (timedelta(days=3), "due 11/06/2026"),
    ],
)
def test_due_times(away: timedelta, said: str) -> None:
    assert words.due_words(NOW + away, NOW) == said


@pytest.mark.parametrize(
    ("size", "said"), [(12, "1 KB"), (340 * 1024, "340 KB"), (25 << 20, "25 MB"), (1_300_000, "1.2 MB")]
)
def test_sizes(size: int, said: str) -> None:
    assert words.size_words(size) == said


@pytest.mark.parametrize(("numbers", "said"), [([4], "page 4"), ([1, 2, 3, 7], "pages 1–3, 7"), ([9, 3], "pages 3, 9")])
def test_page_numbers(numbers: list[int], said: str) -> None:
    assert words.pages(numbers) == said


def test_every_word_of_the_program_is_told() -> None:
    assert set(Ground) <= set(words.GROUNDS)
    assert set(ItemKind) == set(words.KINDS)
    assert set(DocumentType) == set(words.TYPES)
    assert set(RecordKind) == set(words.RECORD_KINDS)
    assert words.ground_label("something_new") == "Something new"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (None, "Medical record"),
        (RecordKind.OTHER, "Medical record"),
        (RecordKind.HISTORY_AND_PHYSICAL, "Medical record: history and physical"),
    ],
)
def test_the_finer_kind_stands_beside_the_type(kind: RecordKind | None, said: str) -> None:
    assert words.type_words(DocumentType.MEDICAL_RECORD, kind) == said
