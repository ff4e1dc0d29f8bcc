"""A reader holds the memory of a page for the next one."""

import resource

import numpy as np

from worker.ocr.memory import hold_memory


def pages_from_the_kernel() -> int:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        np.full(8_000_000, 1, np.uint8)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_arrays_that_come_and_go_use_the_same_memory() -> None:
    assert hold_memory()
    pages_from_the_kernel()

    assert pages_from_the_kernel() < 100
