"""The image of one page: grey pixels, the resolution that is believed, and what is known to be damaged."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: (H, W) uint8, 0 is black and 255 is white.
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class PageImage:
    """One page as a viewer would show it, before any cleanup.

    `pixels` is (H, W) uint8, 0 black to 255 white, not yet square: `dpi` is (across, down) in dots per inch.
    Orientation tags and a PDF page's own rotation are already applied; the page may still lie upside down.
    `damage` holds one sentence per defect; `is_bitonal` says that only 0 and 255 occur.
    """

    pixels: Pixels
    dpi: tuple[float, float]
    damage: tuple[str, ...] = ()
    is_bitonal: bool = False
