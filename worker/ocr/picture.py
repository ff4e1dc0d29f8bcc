"""A PNG or JPEG file as a document of one page."""

from pathlib import Path

from PIL import Image, JpegImagePlugin, PngImagePlugin
from PIL.ImageFile import ImageFile

from worker.domain.document import DocumentKind
from worker.errors import BadDocumentError, BadPageError
from worker.ocr.images import PageImage
from worker.ocr.limits import Limits
from worker.ocr.loading import DECODE_ERRORS, load_gray
from worker.ocr.resolution import trusted_dpi
from worker.ocr.turning import oriented

EXIF_ORIENTATION = 0x0112


class PicturePages:
    """The one page of a PNG or JPEG."""

    count = 1
    damage: tuple[str, ...] = ()

    def __init__(self, path: Path, kind: DocumentKind, limits: Limits) -> None:
        self._path = path
        self._kind = kind
        self._limits = limits
        try:
            self._open().close()
        except DECODE_ERRORS as error:
            raise BadDocumentError("the picture is damaged from its start: ask for it to be sent again") from error

    def _open(self) -> ImageFile:
        # Image.open would refuse large pictures with its own error before we can name the page.
        if self._kind is DocumentKind.PNG:
            return PngImagePlugin.PngImageFile(self._path)
        return JpegImagePlugin.JpegImageFile(self._path)

    def close(self) -> None:
        """Nothing is held open between pages."""

    def read(self, number: int) -> PageImage:
        """Decodes the picture. Raises BadPageError when nothing of it can be decoded."""
        with self._open() as image:
            self._check_size(number, image)
            try:
                is_bitonal = image.mode == "1"
                orientation = _orientation(image)
                pixels, damage = load_gray(image)
            except DECODE_ERRORS as error:
                raise BadPageError(number, "the picture cannot be decoded: ask for it to be sent again") from error
            dpi = trusted_dpi(pixels, _tagged_dpi(image))
        pixels, dpi = oriented(pixels, dpi, orientation)
        return PageImage(pixels, dpi, damage, is_bitonal)

    def _check_size(self, number: int, image: Image.Image) -> None:
        if image.width * image.height > self._limits.max_pixels:
            size = f"{image.width:,} x {image.height:,} pixels"
            raise BadPageError(number, f"its header says {size}, more than any sheet of paper")


def _orientation(image: Image.Image) -> int:
    value = image.getexif().get(EXIF_ORIENTATION, 1)
    return value if isinstance(value, int) else 1


def _tagged_dpi(image: Image.Image) -> tuple[float, float]:
    dpi: object = image.info.get("dpi")
    if not isinstance(dpi, tuple) or len(dpi) != 2:
        return 0.0, 0.0
    return float(dpi[0]), float(dpi[1])
