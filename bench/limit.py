"""`python -m bench.limit SCANS [--jobs 2]`: decodes each page and looks once for barcodes, and nothing else.

No program that looks at every page can be faster: the limit that bench.speed compares with.
"""

import argparse
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import cv2

from worker.errors import PigeonholeError
from worker.ocr.barcodes_zxing import Formats, read_zxing
from worker.ocr.open_document import open_document

#: Pages that a process takes at once.
AT_ONCE = 4


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.limit", description=__doc__)
    parser.add_argument("scans", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    began = time.monotonic()
    tasks = list(_tasks(given.scans))
    with ProcessPoolExecutor(given.jobs, initializer=_one_thread) as pool:
        pages = sum(pool.map(_look, tasks))
    print(f"{pages} pages, {pages / (time.monotonic() - began):.2f} pages/s")


def _one_thread() -> None:
    cv2.setNumThreads(1)


def _tasks(scans: Path) -> Iterator[tuple[Path, int, int]]:
    for path in sorted(scans.iterdir()):
        try:
            with open_document(path) as document:
                count = document.page_count
        except (PigeonholeError, OSError):
            continue  # no page of it can be decoded
        for first in range(1, count + 1, AT_ONCE):
            yield path, first, min(first + AT_ONCE - 1, count)


def _look(task: tuple[Path, int, int]) -> int:
    path, first, last = task
    with open_document(path) as document:
        for number in range(first, last + 1):
            try:
                read_zxing(document.page(number).pixels, Formats.ALL)
            except PigeonholeError:
                continue  # such a page costs nothing
    return last - first + 1


if __name__ == "__main__":
    os.environ["OMP_THREAD_LIMIT"] = "1"
    main()
