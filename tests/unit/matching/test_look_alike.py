"""Which pages count as the same sheet."""

import random

import pytest

from worker.matching.look_alike import COLUMNS, likeness

ROWS = 42


def drawn(seed: int) -> list[list[int]]:
    """Rows of text of random length and tone."""
    dice = random.Random(seed)
    rows = []
    for _ in range(ROWS):
        length = dice.choice((0, 0, 12, 20, 26))
        rows.append([dice.randint(4, 12) if 3 <= column < 3 + length else 0 for column in range(COLUMNS)])
    return rows


def written(rows: list[list[int]]) -> str:
    return "".join(f"{tone:x}" for row in rows for tone in row)


def test_a_page_is_like_itself() -> None:
    look = written(drawn(1))

    assert likeness(look, look) == pytest.approx(1.0)


def test_noise_and_a_shift_by_one_cell_are_forgiven() -> None:
    page, dice = drawn(1), random.Random(2)
    shifted = [[0, *row[:-1]] for row in [[0] * COLUMNS, *page[:-1]]]
    noisy = [[min(15, max(0, tone + dice.randint(-1, 1))) for tone in row] for row in shifted]

    assert likeness(written(page), written(noisy)) > 0.9
    assert likeness(written(noisy), written(page)) > 0.9


def test_other_pages_are_not_alike() -> None:
    looks = [written(drawn(seed)) for seed in range(12)]

    pairs = [likeness(a, b) for k, a in enumerate(looks) for b in looks[k + 1 :]]

    assert max(pairs) < 0.8


@pytest.mark.parametrize("other", ["", "00", "0" * (COLUMNS * ROWS)])
def test_nothing_is_like_a_page(other: str) -> None:
    look = written(drawn(1))

    assert likeness(look, other) == 0.0
    assert likeness(other, other) == 0.0
