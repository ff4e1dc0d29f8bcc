"""Turns a stored image as its orientation tag says (TIFF 6.0 tag 274, EXIF 2.3)."""

import numpy as np

from worker.ocr.images import Pixels

#: Orientation tag -> (quarter turns counter-clockwise, mirrored left to right afterwards).
_TURNS = {2: (0, True), 3: (2, False), 4: (2, True), 5: (3, True), 6: (3, False), 7: (1, True), 8: (1, False)}


def oriented(pixels: Pixels, dpi: tuple[float, float], orientation: int) -> tuple[Pixels, tuple[float, float]]:
    """Pixels (H, W) and dpi (across, down) as a viewer shows them; an unknown orientation changes nothing."""
    turns, is_mirrored = _TURNS.get(orientation, (0, False))
    if not turns and not is_mirrored:
        return pixels, dpi
    turned = np.rot90(pixels, turns)
    turned = np.fliplr(turned) if is_mirrored else turned
    return np.ascontiguousarray(turned), (dpi[1], dpi[0]) if turns % 2 else dpi
