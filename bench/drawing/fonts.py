"""The typefaces that pages are drawn with, by family name, and how wide a string is in points.

They come from the Debian packages listed in bench/fonts.txt. A missing face is an error and not a
substitution: the same seed must give the same tray everywhere.
"""

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from worker.errors import MissingToolError

ROOT = Path("/usr/share/fonts")

#: Family -> (regular, bold), below ROOT.
FACES: dict[str, tuple[str, str]] = {
    "DejaVu Sans": ("truetype/dejavu/DejaVuSans.ttf", "truetype/dejavu/DejaVuSans-Bold.ttf"),
    "DejaVu Serif": ("truetype/dejavu/DejaVuSerif.ttf", "truetype/dejavu/DejaVuSerif-Bold.ttf"),
    "DejaVu Sans Mono": ("truetype/dejavu/DejaVuSansMono.ttf", "truetype/dejavu/DejaVuSansMono-Bold.ttf"),
    "DejaVu Condensed": (
        "truetype/dejavu/DejaVuSansCondensed.ttf",
        "truetype/dejavu/DejaVuSansCondensed-Bold.ttf",
    ),
    "Liberation Sans": (
        "truetype/liberation/LiberationSans-Regular.ttf",
        "truetype/liberation/LiberationSans-Bold.ttf",
    ),
    "Liberation Serif": (
        "truetype/liberation/LiberationSerif-Regular.ttf",
        "truetype/liberation/LiberationSerif-Bold.ttf",
    ),
    "Liberation Mono": (
        "truetype/liberation/LiberationMono-Regular.ttf",
        "truetype/liberation/LiberationMono-Bold.ttf",
    ),
    "Liberation Narrow": (
        "truetype/liberation/LiberationSansNarrow-Regular.ttf",
        "truetype/liberation/LiberationSansNarrow-Bold.ttf",
    ),
    "FreeSans": ("truetype/freefont/FreeSans.ttf", "truetype/freefont/FreeSansBold.ttf"),
    "FreeSerif": ("truetype/freefont/FreeSerif.ttf", "truetype/freefont/FreeSerifBold.ttf"),
    "FreeMono": ("truetype/freefont/FreeMonoBold.ttf", "truetype/freefont/FreeMonoBold.ttf"),
    "Carlito": ("truetype/crosextra/Carlito-Regular.ttf", "truetype/crosextra/Carlito-Bold.ttf"),
    "Caladea": ("truetype/crosextra/Caladea-Regular.ttf", "truetype/crosextra/Caladea-Bold.ttf"),
    "Lato": ("truetype/lato/Lato-Regular.ttf", "truetype/lato/Lato-Bold.ttf"),
    "Courier Prime": (
        "opentype/courier-prime/Courier Prime.otf",
        "opentype/courier-prime/Courier Prime Bold.otf",
    ),
    "Breip": ("truetype/breip/Breip.ttf", "truetype/breip/Breip.ttf"),
    "Humor Sans": ("truetype/humor-sans/Humor-Sans.ttf", "truetype/humor-sans/Humor-Sans.ttf"),
    "Dancing Script": (
        "opentype/dancingscript/DancingScript-Regular.otf",
        "opentype/dancingscript/DancingScript-Bold.otf",
    ),
}

#: Reportlab embeds no OpenType/CFF faces: these stand in for them in born-digital pages.
STAND_INS = {"Courier Prime": "Liberation Mono", "Dancing Script": "Breip"}

#: Faces for printed pages, proportional and typewriter, and faces that look written by hand.
PRINT = (
    "DejaVu Sans",
    "DejaVu Serif",
    "DejaVu Condensed",
    "Liberation Sans",
    "Liberation Serif",
    "Liberation Narrow",
    "FreeSans",
    "FreeSerif",
    "Carlito",
    "Caladea",
    "Lato",
)
TYPEWRITER = ("DejaVu Sans Mono", "Liberation Mono", "FreeMono", "Courier Prime")
HAND = ("Breip", "Humor Sans", "Dancing Script")

MEASURE = 200  # pixels per em at which widths are taken


def face_path(family: str, *, bold: bool = False) -> Path:
    """The file of a face. Raises MissingToolError when its package is not installed."""
    path = ROOT / FACES[family][bold]
    if not path.is_file():
        raise MissingToolError(f"the font {family} (packages in bench/fonts.txt)")
    return path


@lru_cache(maxsize=512)
def pixel_font(family: str, pixels: float, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """A face at a size in pixels per em, ready to draw with."""
    return ImageFont.truetype(str(face_path(family, bold=bold)), pixels, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=65536)
def word_width(text: str, family: str, bold: bool) -> float:
    """Width of a string in em."""
    return pixel_font(family, MEASURE, bold=bold).getlength(text) / MEASURE


def text_width(text: str, family: str, size: float, *, bold: bool = False) -> float:
    """Width of a string in points at a size in points."""
    return word_width(text, family, bold) * size
