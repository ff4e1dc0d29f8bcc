"""What reader processes run. Whoever only asks them loads none of the libraries that read pages: half a second."""

import os

from worker.ocr import asks
from worker.ocr.memory import hold_memory


def prepare_process() -> None:
    """Run once in each child: one thread each for OpenCV and Tesseract, since pages are spread over processes."""
    import cv2  # noqa: PLC0415 - see above

    os.environ["OMP_THREAD_LIMIT"] = "1"
    cv2.setNumThreads(1)
    hold_memory()


def answer(ask: asks.Ask) -> asks.Answer:
    """The one function that reader processes run."""
    from worker.ocr import read_chunk  # noqa: PLC0415 - see above

    return read_chunk.answer(ask)
