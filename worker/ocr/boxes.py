"""Where the blobs of ink of a page stand, in inches, so that all further rules hold at any resolution."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from worker.ocr.ink import Blobs

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: Inches: letters of print are between these sizes; what is larger is a rule, a frame or a picture.
SHORTEST_LETTER, TALLEST_LETTER, WIDEST_LETTER = 0.035, 0.4, 0.6
#: A blob thinner than this both ways is dirt.
LEAST_LETTER_SIDE = 0.008


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """Boxes in inches, (N,) each column; y grows downward. `width` and `height` are those of the sheet."""

    left: Floats
    top: Floats
    right: Floats
    bottom: Floats
    width: float
    height: float

    def __len__(self) -> int:
        return len(self.left)

    @property
    def wide(self) -> Floats:
        """Width of each box."""
        return self.right - self.left

    @property
    def tall(self) -> Floats:
        """Height of each box."""
        return self.bottom - self.top

    def those(self, wanted: Flags) -> "Boxes":
        """Only the marked ones."""
        return Boxes(
            self.left[wanted], self.top[wanted], self.right[wanted], self.bottom[wanted], self.width, self.height
        )

    def turned(self, rotation: int) -> "Boxes":
        """The boxes after a clockwise turn of the sheet by 0, 90, 180 or 270 degrees."""
        boxes = self
        for _ in range(rotation // 90 % 4):
            left, right = boxes.height - boxes.bottom, boxes.height - boxes.top
            boxes = Boxes(left, boxes.left, right, boxes.right, boxes.height, boxes.width)
        return boxes

    def letters(self) -> "Boxes":
        """Those of the size of a letter, whichever way the sheet lies."""
        longer, shorter = np.maximum(self.wide, self.tall), np.minimum(self.wide, self.tall)
        is_letter = (longer >= SHORTEST_LETTER) & (shorter >= LEAST_LETTER_SIDE) & ~self.beyond_letters()
        return self.those(is_letter)

    def beyond_letters(self) -> Flags:
        """Marks what is larger than any letter or joined word."""
        longer, shorter = np.maximum(self.wide, self.tall), np.minimum(self.wide, self.tall)
        return np.asarray((longer > WIDEST_LETTER) | (shorter > TALLEST_LETTER))


def boxes_of(blobs: Blobs, dpi: tuple[float, float]) -> Boxes:
    """The blobs' boxes on a sheet scanned at `dpi` (across, down)."""
    across, down = 1.0 / dpi[0], 1.0 / dpi[1]
    height, width = blobs.shape
    left, top = blobs.left.astype(np.float64) * across, blobs.top.astype(np.float64) * down
    right = left + blobs.width.astype(np.float64) * across
    bottom = top + blobs.height.astype(np.float64) * down
    return Boxes(left, top, right, bottom, width * across, height * down)
