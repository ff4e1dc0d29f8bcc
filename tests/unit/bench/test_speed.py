"""What programs took, told side by side."""

import subprocess
import sys

import pytest

from bench.process_tree import Cost, measure
from bench.sizes import Sized
from bench.sizes import table as sizes_table
from bench.speed import Program
from bench.speed import table as speed_table

MB = 1_000_000


def program(name: str, *seconds: float) -> Program:
    return Program(name, lambda _: [], [Cost(each, 50 * MB) for each in seconds])


def test_ratios_are_those_of_the_same_round() -> None:
    text = speed_table([program("ours", 10.0, 20.0), program("theirs", 40.0, 60.0)], pages=100, jobs=2)

    assert "| ours | 7.50 (5.00 to 10.00) | 0.30 | 1.00 (1.00 to 1.00) | 50 MB |" in text
    assert "| theirs | 2.08 (1.67 to 2.50) | 1.00 | 3.50 (3.00 to 4.00) | 50 MB |" in text


def test_sizes_tell_rate_and_peak() -> None:
    assert sizes_table([Sized(100, Cost(50.0, 560 * MB))]).endswith("| 100 | 50.0 | 2.00 | 560 MB |")


def test_a_run_is_measured_with_all_that_it_starts() -> None:
    holds = "x = bytearray(80_000_000); import time; time.sleep(1.2)"
    starts = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {holds!r}])"

    cost = measure([sys.executable, "-c", starts])

    assert cost.seconds >= 1.2
    assert cost.peak > 80_000_000


def test_a_run_that_fails_is_not_taken_for_a_quick_one() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        measure([sys.executable, "-c", "raise SystemExit(3)"])
