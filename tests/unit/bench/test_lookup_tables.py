"""The figures of look-ups as they stand in the document."""

from bench.lookup_tables import Run, text_of


def test_tables_tell_time_memory_and_size() -> None:
    times = tuple(float(number) for number in range(1, 101))
    run = Run("SQLite", 1_000_000, 20.0, 90.0, 88.0, 150.0, 500.0, times, (7.0, 9.0), 42.0)

    text = text_of([run])

    assert "| SQLite | 1,000,000 | 90.0 | 20.0 | 88.0 | 150 | 500 |" in text
    assert "| SQLite | 1,000,000 | 8.0 | 9.0 | 50.5 | 100.0 | 42 |" in text
