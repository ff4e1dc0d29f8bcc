"""The pages of a TIFF as pictures: G4 and JPEG as they are, everything else decoded and coded without loss."""

import os
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import pikepdf
from PIL import Image, TiffImagePlugin

from worker.filing.copy import BROKEN, CannotCopyError, CopyMethod
from worker.filing.decoded import white_below_damage
from worker.filing.page_size import Dpi
from worker.filing.picture import Picture, ccitt_stream, decoded_stream, image_stream
from worker.filing.quiet import quiet_native_stderr
from worker.filing.tiff_jpeg import join_strips

GROUP4, JPEG = 4, 7
JPEG_TABLES, FILL_ORDER, ORIENTATION = 347, 266, 274
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, YCBCR = 0, 1, 2, 6
#: Pixels: A0 at 300 dpi has 140 million. More is a bomb for whoever opens the PDF.
LARGEST_PAGE = 150_000_000
#: FillOrder 2 keeps the first pixel in the least significant bit; this table turns bytes round.
REVERSED_BITS = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class TiffPages:
    """An open TIFF. Frames are looked at one by one: damage in one costs no other."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._resources = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._file = self._resources.enter_context(self._path.open("rb"))
            with quiet_native_stderr():
                # Not Image.open: that refuses the whole file when only the first page is absurdly large.
                self._image = self._resources.enter_context(TiffImagePlugin.TiffImageFile(self._file))
        except BROKEN as error:
            self._resources.close()
            raise CannotCopyError("not a TIFF that can be opened") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._resources.close()

    def picture(self, pdf: pikepdf.Pdf, number: int) -> Picture:
        """Page `number` (from 1) as a picture for `pdf`. Raises CannotCopyError."""
        try:
            with quiet_native_stderr():
                self._image.seek(number - 1)
                self._check_size(number)
                return self._as_it_is(pdf) or self._decoded(pdf)
        except BROKEN as error:
            raise CannotCopyError(f"page {number} cannot be decoded") from error

    def _check_size(self, number: int) -> None:
        width, height = self._stored_size()
        if not 0 < width * height <= LARGEST_PAGE:
            raise CannotCopyError(f"page {number} says that it has {width} by {height} pixels")

    def _as_it_is(self, pdf: pikepdf.Pdf) -> Picture | None:
        """The frame's own coded data, where a PDF can hold it."""
        compression = self._image.tag_v2.get(TiffImagePlugin.COMPRESSION)
        try:
            if compression == GROUP4:
                return self._group4(pdf)
            return self._jpeg(pdf) if compression == JPEG else None
        except CannotCopyError:
            return None

    def _group4(self, pdf: pikepdf.Pdf) -> Picture | None:
        tags, strips = self._image.tag_v2, self._strips()
        photometric = tags.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION)
        if len(strips) != 1 or photometric not in (WHITE_IS_ZERO, BLACK_IS_ZERO) or self._image.mode != "1":
            return None
        data = strips[0].translate(REVERSED_BITS) if tags.get(FILL_ORDER, 1) == 2 else strips[0]
        stream = ccitt_stream(pdf, data, photometric == BLACK_IS_ZERO, self._stored_size())
        return self._stored_picture(stream)

    def _jpeg(self, pdf: pikepdf.Pdf) -> Picture | None:
        tags, size = self._image.tag_v2, self._stored_size()
        photometric = tags.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION)
        spaces = {
            BLACK_IS_ZERO: pikepdf.Name.DeviceGray,
            RGB: pikepdf.Name.DeviceRGB,
            YCBCR: pikepdf.Name.DeviceRGB,
        }
        if photometric not in spaces or tags.get(TiffImagePlugin.PLANAR_CONFIGURATION, 1) != 1:
            return None
        rows = min(tags.get(TiffImagePlugin.ROWSPERSTRIP, size[1]), size[1])
        data = join_strips(tags.get(JPEG_TABLES, b""), self._strips(), rows, size)
        transform = pikepdf.Dictionary(ColorTransform=int(photometric == YCBCR))
        stream = image_stream(
            pdf, data, size, ColorSpace=spaces[photometric], BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode, DecodeParms=transform,
        )  # fmt: skip
        return self._stored_picture(stream)

    def _decoded(self, pdf: pikepdf.Pdf) -> Picture:
        """The pixels, also those of a damaged frame: Pillow has turned them upright by the tag."""
        image = self._image
        orientation = image.tag_v2.get(ORIENTATION, 1)
        bits = max(image.tag_v2.get(TiffImagePlugin.BITSPERSAMPLE, (1,)))
        dpi = self._dpi()
        stream, method = decoded_stream(pdf, _loaded(image))
        if bits > 8 and image.mode in {"RGB", "CMYK", "RGBA"}:
            method = CopyMethod.RENDERED  # Pillow keeps 8 bits of 16 in colour
        if orientation in range(5, 9) and dpi is not None:
            dpi = (dpi[1], dpi[0])
        return Picture(stream, image.width, image.height, dpi, image.mode == "1", method)

    def _stored_picture(self, stream: pikepdf.Stream) -> Picture:
        width, height = self._stored_size()
        turn = self._image.tag_v2.get(ORIENTATION, 1)
        is_bilevel = self._image.mode == "1"
        return Picture(stream, width, height, self._dpi(), is_bilevel, CopyMethod.COPIED, turn)

    def _stored_size(self) -> tuple[int, int]:
        tags = self._image.tag_v2
        return int(tags[TiffImagePlugin.IMAGEWIDTH]), int(tags[TiffImagePlugin.IMAGELENGTH])

    def _dpi(self) -> Dpi | None:
        dpi = self._image.info.get("dpi") or self._image.info.get("resolution")
        return None if dpi is None else (float(dpi[0]), float(dpi[1]))

    def _strips(self) -> list[bytes]:
        """The coded strips; shorter ones where the file was cut off."""
        tags = self._image.tag_v2
        offsets = tags.get(TiffImagePlugin.STRIPOFFSETS, ())
        lengths = tags.get(TiffImagePlugin.STRIPBYTECOUNTS, ())
        if not offsets or len(offsets) != len(lengths):
            raise CannotCopyError("tiles, or strips without lengths")
        handle = self._file.fileno()
        end = os.fstat(handle).st_size
        return [
            os.pread(handle, min(length, max(0, end - offset)), offset)
            for offset, length in zip(offsets, lengths, strict=True)
        ]


def _loaded(image: Image.Image) -> Image.Image:
    """The frame's pixels; of a damaged one the rows before the damage."""
    try:
        image.load()
    except OSError as error:
        image.load()  # what came before the error is there; nothing is decoded twice
        if white_below_damage(image) is None:
            raise CannotCopyError("no row can be decoded") from error
    return image
