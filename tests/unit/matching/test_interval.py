"""The interval of a share, against values from the literature."""

import pytest

from worker.matching.interval import wilson


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [
        (0, 0, 0.0, 1.0),
        (0, 3000, 0.0, 0.00128),
        (0, 312, 0.0, 0.01216),
        (1, 10, 0.0179, 0.4042),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),  # Newcombe, Statistics in Medicine 1998, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_that_of_wilson(hits: int, count: int, low: float, high: float) -> None:
    expected = pytest.approx((low, high), abs=1e-4)

    interval = wilson(hits, count)

    assert interval == expected
