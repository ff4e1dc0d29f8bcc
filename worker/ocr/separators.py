"""Recognises separator sheets: a patch code as barcode payload on a page that says little else.

Scanning software prints such sheets with PATCHT, PATCH1 to PATCH6 or a sibling name in Code 39 or Code 128. A patch
code may also be a sticker on the first page of a record, so that the barcode alone does not make a separator.
"""

import re
from collections.abc import Iterable, Sequence

from worker.domain.reading import Barcode

SYMBOLOGIES = frozenset({"Code39", "Code128"})
#: Kodak's patch codes are 1, 2, 3, 4, 6 and T (transfer); printed with or without something between.
PATCH_CODE = re.compile(r"\*?PATCH[ _-]?(CODE[ _-]?)?(1|2|3|4|6|T|I{1,3}|IV|VI)\*?", re.IGNORECASE)
#: Words on a separator sheet: its title and what to do with it. The head of a record has more.
MOST_WORDS = 30
#: A word, not a speck that the engine took for one.
WORD = re.compile(r"\w{2,}")


def is_separator(barcodes: Sequence[Barcode], texts: Iterable[str] = ()) -> bool:
    """All barcodes are patch codes, at least one, and the lines read (`texts`) are few. Words decide nothing alone."""
    if not barcodes or not all(is_patch_code(barcode) for barcode in barcodes):
        return False
    words = [word for text in texts if not PATCH_CODE.fullmatch(text.strip()) for word in WORD.findall(text)]
    return len(words) <= MOST_WORDS


def is_patch_code(barcode: Barcode) -> bool:
    """The payload is the name of a patch code, whole, in a symbology that separator sheets use."""
    return barcode.symbology in SYMBOLOGIES and PATCH_CODE.fullmatch(barcode.payload) is not None
