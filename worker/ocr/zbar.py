"""ZBar, the second barcode reader, through pyzbar in a child process: it aborts on some images.

An abort or a hang costs that crop's second opinion; zxing-cpp's reading of the page is not touched by it.
"""

import logging
from functools import cache
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from worker.domain.reading import Barcode
from worker.ocr.child import Child, ChildLostError
from worker.ocr.zbar_scan import scan

log = logging.getLogger(__name__)

#: Seconds for one crop; a whole page takes 0.2 s.
PATIENCE_S = 10.0


class ZBar:
    """A second opinion on crops (H, W; uint8 grey, 0 is ink), as `find_barcodes` takes it. Threads may share it."""

    def __init__(self) -> None:
        self._child: Child[NDArray[np.uint8], tuple[Barcode, ...]] = Child(scan)
        #: Crops that got no answer because the child crashed or hung.
        self.lost = 0

    def __call__(self, pixels: NDArray[np.uint8]) -> tuple[Barcode, ...]:
        """The symbols that ZBar reads, boxes in pixels of the crop; none when the child was lost."""
        try:
            return self._child.call(np.ascontiguousarray(pixels), PATIENCE_S)
        except ChildLostError as error:
            self.lost += 1
            log.warning("ZBar gave no second opinion on a crop of %d x %d: %s", *pixels.shape[::-1], error)
            return ()

    @property
    def pid(self) -> int | None:
        """The id of the running child, None before the first crop."""
        return self._child.pid

    def close(self) -> None:
        """Ends the child."""
        self._child.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@cache
def _of_this_process() -> ZBar:
    return ZBar()


def second_opinion(pixels: NDArray[np.uint8]) -> tuple[Barcode, ...]:
    """What ZBar reads on a crop (H, W; uint8 grey, 0 is ink), with one ZBar for this process that ends with it."""
    return _of_this_process()(pixels)
