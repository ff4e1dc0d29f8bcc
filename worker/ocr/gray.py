"""Reduces any image that Pillow can hold to grey: palettes, colour, CMYK, 16 bits, transparency onto white."""

import numpy as np
from PIL import Image

from worker.ocr.images import Pixels

_LAYERED = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})


def to_gray(image: Image.Image) -> Pixels:
    """The loaded image as (H, W) uint8, 0 black to 255 white."""
    if image.mode.startswith(("I", "F")):
        return _from_deep(image)
    if image.mode in _LAYERED or "transparency" in image.info:
        image = _onto_white(image)
    return np.array(image.convert("L"), np.uint8)


def _onto_white(image: Image.Image) -> Image.Image:
    layered = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered)


def _from_deep(image: Image.Image) -> Pixels:
    """More than 8 bits: Pillow would cut values off at 255 rather than scale them."""
    values = np.asarray(image).astype(np.float32)
    highest = float(values.max(initial=0.0))
    white = next((top for top in (1.0, 255.0, 65_535.0) if highest <= top), highest)
    if image.mode != "F" and white < 65_535.0:
        white = 65_535.0 if image.mode.startswith("I;16") else 255.0
    return np.asarray(np.clip(values * (255.0 / white), 0, 255), np.uint8)
