"""Decodes an image object of a PDF to grey pixels, where this is certain to be exact."""

from io import BytesIO

import numpy as np
import pikepdf
from PIL import JpegImagePlugin

from worker.ocr import ccitt
from worker.ocr.images import Pixels
from worker.ocr.loading import DECODE_ERRORS, load_gray

#: Filters whose output is raw samples (qpdf undoes them, predictors included).
_RAW_FILTERS = frozenset({"", "/FlateDecode", "/LZWDecode", "/RunLengthDecode"})
_COMPONENTS = {"/DeviceGray": 1, "/CalGray": 1, "/G": 1, "/DeviceRGB": 3, "/CalRGB": 3, "/RGB": 3}
#: Luma of red, green and blue (ITU-R BT.601), as JPEG's own Y and Pillow have it.
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
#: Decoded pixels and damage; None: this image must be rendered.
Taken = tuple[Pixels, tuple[str, ...]] | None


def take_image(image: pikepdf.Object) -> Taken:
    """The pixels (H, W) of an image as stored and sentences on damage; None when only a renderer gets it right."""
    if any(key in image for key in ("/SMask", "/Mask", "/OC", "/SMaskInData")) or bool(image.get("/ImageMask", False)):
        return None
    inverted = _is_inverted(image)
    if inverted is None:
        return None
    taken = _decode(image, _filter(image))
    if taken is None or not inverted:
        return taken
    return np.asarray(255 - taken[0], np.uint8), taken[1]


def _decode(image: pikepdf.Object, name: str | None) -> Taken:
    if name == "/CCITTFaxDecode":
        return _take_fax(image)
    if name == "/DCTDecode":
        return _take_jpeg(image)
    if name in _RAW_FILTERS:
        return _take_samples(image)
    return None


def _filter(image: pikepdf.Object) -> str | None:
    """The only filter, "" for none, None for a chain of them."""
    found = image.get("/Filter")
    if found is None:
        return ""
    if isinstance(found, pikepdf.Array):
        names = [str(name) for name in found]
        return names[0] if len(names) == 1 else "" if not names else None
    return str(found)


def _parameters(image: pikepdf.Object) -> pikepdf.Object:
    found = image.get("/DecodeParms")
    if isinstance(found, pikepdf.Array):
        found = found[0] if len(found) else None
    return pikepdf.Dictionary() if found is None else found


def _is_inverted(image: pikepdf.Object) -> bool | None:
    """Whether Decode swaps black and white; None for any other mapping than that or none."""
    decode = image.get("/Decode")
    if decode is None:
        return False
    values = [float(value) for value in decode]
    pairs = set(zip(values[::2], values[1::2], strict=False))
    if pairs == {(0.0, 1.0)}:
        return False
    return True if pairs == {(1.0, 0.0)} and _components(image) == 1 else None


def _components(image: pikepdf.Object) -> int | None:
    """Samples of a pixel for plain grey and RGB spaces; None for all others."""
    space = image.get("/ColorSpace")
    if isinstance(space, pikepdf.Array) and len(space):
        if str(space[0]) == "/ICCBased":
            count = int(space[1].get("/N", 0))
            return count if count in (1, 3) else None
        return _COMPONENTS.get(str(space[0]))
    return _COMPONENTS.get(str(space))


def _size(image: pikepdf.Object) -> tuple[int, int]:
    return int(image.Width), int(image.Height)


def _take_fax(image: pikepdf.Object) -> Taken:
    width, height = _size(image)
    parameters = _parameters(image)
    k = int(parameters.get("/K", 0))
    is_aligned = bool(parameters.get("/EncodedByteAlign", False))
    if _components(image) != 1 or int(parameters.get("/Columns", 1728)) != width or is_aligned:
        return None
    data = ccitt.FaxData(
        width=width,
        height=height,
        strips=(image.read_raw_bytes(),),
        rows_per_strip=height,
        compression=ccitt.G4 if k < 0 else ccitt.G3,
        options=1 if k > 0 else 0,
        is_black_one=not bool(parameters.get("/BlackIs1", False)),
    )
    pixels, damage = ccitt.decode(data)
    return None if pixels is None else (pixels, damage)


def _take_jpeg(image: pikepdf.Object) -> Taken:
    if "/ColorTransform" in _parameters(image):
        return None
    try:
        with JpegImagePlugin.JpegImageFile(BytesIO(image.read_raw_bytes())) as jpeg:
            channels = {"L": 1, "RGB": 3}.get(jpeg.mode)
            if channels is None or channels != _components(image) or jpeg.size != _size(image):
                return None
            if channels == 3:
                jpeg.draft("L", jpeg.size)
            return load_gray(jpeg)
    except DECODE_ERRORS:
        return None


def _take_samples(image: pikepdf.Object) -> Taken:
    width, height = _size(image)
    bits = int(image.get("/BitsPerComponent", 8))
    palette = _palette(image)
    channels = 1 if palette is not None else _components(image)
    if channels is None or bits not in (1, 8) or (bits == 1 and channels != 1):
        return None
    stride = (width * channels * bits + 7) // 8
    stored = np.frombuffer(image.read_bytes(), np.uint8)[: stride * height]
    rows = len(stored) // stride
    samples = stored[: rows * stride].reshape(rows, stride)
    if bits == 1:
        samples = np.unpackbits(samples, axis=1)[:, :width]
    gray = _gray(samples, palette, bits, channels)
    if rows == height:
        return gray, ()
    missing = np.full((height - rows, width), 255, np.uint8)
    return np.vstack((gray, missing)), (f"about {height - rows} of {height} lines are missing",)


def _gray(samples: Pixels, palette: Pixels | None, bits: int, channels: int) -> Pixels:
    if palette is not None:
        return np.asarray(palette[samples], np.uint8)
    if channels == 3:
        colours = samples.reshape(len(samples), -1, 3)
        return np.asarray(np.rint(colours @ _LUMA), np.uint8)
    return np.asarray(samples * 255 if bits == 1 else samples, np.uint8)


def _palette(image: pikepdf.Object) -> Pixels | None:
    """The grey tone of each index (256), for Indexed spaces over grey or RGB."""
    space = image.get("/ColorSpace")
    if not isinstance(space, pikepdf.Array) or str(space[0]) not in {"/Indexed", "/I"} or "/Decode" in image:
        return None
    channels = _COMPONENTS.get(str(space[1]))
    if channels is None:
        return None
    table = space[3].read_bytes() if isinstance(space[3], pikepdf.Stream) else bytes(space[3])
    tones = np.zeros((256, channels), np.uint8)
    entries = np.frombuffer(table, np.uint8)[: 256 * channels]
    entries = entries[: len(entries) // channels * channels].reshape(-1, channels)
    tones[: len(entries)] = entries
    return np.asarray(np.rint(tones @ _LUMA) if channels == 3 else tones[:, 0], np.uint8)
