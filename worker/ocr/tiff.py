"""Pages of a TIFF file: fax compression on its own path, everything else through Pillow, page by page."""

import warnings
from pathlib import Path

from PIL import TiffImagePlugin

from worker.errors import BadDocumentError, BadPageError
from worker.ocr import ccitt
from worker.ocr.fd2 import overhear_fd2
from worker.ocr.images import PageImage, Pixels
from worker.ocr.limits import Limits
from worker.ocr.loading import DECODE_ERRORS, load_gray
from worker.ocr.resolution import FAX_WIDTHS, trusted_dpi
from worker.ocr.tiff_directory import Chain, Directory, Tag, read_chain
from worker.ocr.turning import oriented

CENTIMETRE = 3
CM_PER_INCH = 2.54
#: A fax sheet ends after at least so many inches unless the call was cut; A5 and checks are shorter but rare.
SHORTEST_SHEET_IN = 9.5
_FAX_CODECS = frozenset({ccitt.RLE, ccitt.G3, ccitt.G4})


class TiffPages:
    """The pages of one TIFF file. Reads the directories on opening, image data only when a page is asked for."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._file = path.open("rb")
        self._chain = self._checked_chain()

    def _checked_chain(self) -> Chain:
        chain = read_chain(self._file, self._limits.max_pages)
        if not chain.directories:
            self._file.close()
            raise BadDocumentError(f"{chain.damage}: ask for it to be sent again")
        if len(chain.directories) > self._limits.max_pages:
            self._file.close()
            raise BadDocumentError(f"it has more than {self._limits.max_pages} pages: split it and send the parts")
        return chain

    @property
    def count(self) -> int:
        """How many pages have a directory that can be read."""
        return len(self._chain.directories)

    @property
    def damage(self) -> tuple[str, ...]:
        """What is missing behind the last page that was found."""
        return (self._chain.damage,) if self._chain.damage else ()

    def close(self) -> None:
        """Lets the file go."""
        self._file.close()

    def read(self, number: int) -> PageImage:
        """Decodes one page. Raises BadPageError when nothing of it can be decoded."""
        directory = self._chain.directories[number - 1]
        self._check_size(number, directory)
        orientation = directory.get(Tag.ORIENTATION, 1)
        tagged = _tagged_dpi(directory)
        if _is_fax(directory):
            stored, damage = self._read_fax(number, directory)
            dpi = trusted_dpi(stored, tagged)
            damage += _fax_damage(directory, stored.shape[0], dpi[1])
            pixels, dpi = oriented(stored, dpi, orientation)
        else:
            # Pillow has obeyed the orientation already; 5 to 8 lie on their side.
            pixels, damage = self._read_other(number, directory)
            dpi = trusted_dpi(pixels, tagged[::-1] if orientation in range(5, 9) else tagged)
        return PageImage(pixels, dpi, damage, is_bitonal=directory.get(Tag.BITS, 1) == 1)

    def _check_size(self, number: int, directory: Directory) -> None:
        width, height = directory.get(Tag.WIDTH), directory.get(Tag.HEIGHT)
        if width < 1 or height < 1:
            raise BadPageError(number, "its header gives it no width or height")
        if width * height > self._limits.max_pixels:
            raise BadPageError(number, f"its header says {width:,} x {height:,} pixels, more than any sheet of paper")

    def _read_fax(self, number: int, directory: Directory) -> tuple[Pixels, tuple[str, ...]]:
        height = directory.get(Tag.HEIGHT)
        compression = directory.get(Tag.COMPRESSION)
        data = ccitt.FaxData(
            width=directory.get(Tag.WIDTH),
            height=height,
            strips=self._strips(directory),
            rows_per_strip=min(directory.get(Tag.ROWS_PER_STRIP, height) or height, height),
            compression=compression,
            options=directory.get(Tag.T4_OPTIONS) if compression == ccitt.G3 else 0,
            is_black_one=directory.get(Tag.PHOTOMETRIC) == 0,
            is_lsb_first=directory.get(Tag.FILL_ORDER, 1) == 2,
        )
        pixels, damage = ccitt.decode(data)
        if pixels is None:
            raise BadPageError(number, f"{damage[0]}: ask for it to be sent again")
        return pixels, damage

    def _strips(self, directory: Directory) -> tuple[bytes, ...]:
        strips = []
        offsets, sizes = directory.tags.get(Tag.STRIP_OFFSETS, ()), directory.tags.get(Tag.STRIP_BYTES, ())
        for offset, size in zip(offsets, sizes, strict=False):
            self._file.seek(offset)
            strips.append(self._file.read(min(size, self._limits.max_pixels)))
        return tuple(strips)

    def _read_other(self, number: int, directory: Directory) -> tuple[Pixels, tuple[str, ...]]:
        try:
            with overhear_fd2() as overheard, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                pixels, damage = self._load(number, directory)
        except DECODE_ERRORS as error:
            raise BadPageError(number, "its image data cannot be decoded: ask for it to be sent again") from error
        # libtiff goes on after some errors of LZW and Deflate data, and only this shows it.
        return pixels, damage or (("part of the image data is damaged",) if overheard.text else ())

    def _load(self, number: int, directory: Directory) -> tuple[Pixels, tuple[str, ...]]:
        with TiffImagePlugin.TiffImageFile(self._path) as image:
            image.seek(number - 1)
            if sorted(image.size) != sorted((directory.get(Tag.WIDTH), directory.get(Tag.HEIGHT))):
                raise OSError("Pillow reads another page than the one that was measured")
            return load_gray(image)


def _is_fax(directory: Directory) -> bool:
    is_one_bit = directory.get(Tag.BITS, 1) == 1 and directory.get(Tag.SAMPLES, 1) == 1
    is_plain = Tag.TILE_WIDTH not in directory.tags and directory.get(Tag.PHOTOMETRIC) in (0, 1)
    return is_one_bit and is_plain and directory.get(Tag.COMPRESSION, 1) in _FAX_CODECS


def _tagged_dpi(directory: Directory) -> tuple[float, float]:
    across, down = directory.ratio(Tag.X_RESOLUTION), directory.ratio(Tag.Y_RESOLUTION)
    factor = CM_PER_INCH if directory.get(Tag.RESOLUTION_UNIT, 2) == CENTIMETRE else 1.0
    return across * factor, down * factor


def _fax_damage(directory: Directory, height: int, rows_per_inch: float) -> tuple[str, ...]:
    """What the receiving fax software noted, and a sheet that ends too early."""
    sentences = []
    bad = directory.get(Tag.BAD_FAX_LINES)
    if bad:
        sentences.append(f"lines that the fax receiver noted as damaged: {bad}")
    inches = height / rows_per_inch
    if _is_fax(directory) and directory.get(Tag.WIDTH) in FAX_WIDTHS and inches < SHORTEST_SHEET_IN:
        sentences.append(f"the page ends after {inches:.1f} inches: the call may have dropped in mid-page")
    return tuple(sentences)
