"""Pages drawn as a mailroom gets them, with known words: fax and scan, noise, streaks, holes, and odd files."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Pixels = NDArray[np.uint8]
FONTS = Path("/usr/share/fonts/truetype")
SANS = FONTS / "dejavu/DejaVuSans.ttf"
SERIF = FONTS / "liberation/LiberationSerif-Regular.ttf"
MONO = FONTS / "liberation/LiberationMono-Regular.ttf"
STANDARD, FINE, SUPERFINE = (204.0, 98.0), (204.0, 196.0), (204.0, 391.0)

PROSE = (
    "Progress Note",
    "Patient: Marlow, Edith   DOB: 03/04/1951   MRN: 48401033",
    "Visit date: June 29, 2025",
    "The incision is clean, dry and intact with no erythema or drainage. Patient denies",
    "fever, chills, nausea, vomiting or recent travel. Laboratory results were reviewed",
    "with the patient and are notable for a hemoglobin of 10.6, which has been improving.",
    "Plan is to continue metformin 500 mg twice daily and return to clinic in 7 weeks.",
    "Blood pressure 118/92, pulse 79, respirations 20, oxygen saturation 98 percent.",
    "Physical therapy evaluated the patient and recommends 13 visits over the next month.",
    "Symptoms began approximately 14 days ago and have been gradually worsening.",
    "Heart has a regular rate and rhythm without murmurs, rubs or gallops. Lungs are",
    "clear to auscultation bilaterally with no wheezes, rales or rhonchi.",
)
NUMBERS = tuple(f"{name:<14}{120 + 7 * k}.{k}     ref {20 + 3 * k}.4 - {140 + k}.1" for k, name in enumerate(
    ("WBC", "RBC", "Hemoglobin", "Hematocrit", "Platelets", "Glucose", "BUN", "Creatinine", "Sodium", "Potassium",
     "Chloride", "Calcium", "AST", "ALT", "Bilirubin")))  # fmt: skip


def paper(width_in: float = 8.47, height_in: float = 11.0, dpi: int = 204, tone: int = 255) -> Image.Image:
    """An empty grey sheet with square pixels."""
    return Image.new("L", (round(width_in * dpi), round(height_in * dpi)), tone)


def printed(
    lines: Sequence[str] = PROSE, *, points: float = 11, font: Path = SANS, dpi: int = 204, tone: int = 0
) -> Image.Image:
    """A Letter sheet with these lines of text, one inch from the left and top."""
    sheet = paper(dpi=dpi)
    write(sheet, lines, at_in=(1.0, 1.0), points=points, font=font, dpi=dpi, tone=tone)
    return sheet


def write(  # a builder: every argument is a property of the drawn text
    sheet: Image.Image, lines: Sequence[str], *, at_in: tuple[float, float], points: float = 11, font: Path = SANS,
    dpi: int = 204, tone: int = 0,
) -> None:  # fmt: skip
    """Writes lines of text on a sheet, the first with its top left at `at_in` (inches)."""
    size = points * dpi / 72
    type_face = ImageFont.truetype(str(font), round(size))
    pen = ImageDraw.Draw(sheet)
    for k, line in enumerate(lines):
        pen.text((at_in[0] * dpi, at_in[1] * dpi + k * size * 1.35), line, fill=tone, font=type_face)


def faxed(sheet: Image.Image, dpi: tuple[float, float] = STANDARD, dpi_from: int = 204) -> Pixels:
    """The sheet as a fax machine sends it: 1728 columns, rows at its resolution, black and white only."""
    size = (1728, round(sheet.height * dpi[1] / dpi_from))
    resized = cv2.resize(np.asarray(sheet), size, interpolation=cv2.INTER_AREA)
    return np.where(resized < 150, np.uint8(0), np.uint8(255))


def speckled(pixels: Pixels, share: float, seed: int = 1) -> Pixels:
    """The page with this share of its pixels turned black."""
    noise = np.random.default_rng(seed).random(pixels.shape) < share
    return np.where(noise, np.uint8(0), pixels)


def streaked(pixels: Pixels, column: int, width: int = 2) -> Pixels:
    """The page with a black line of dirt from top to bottom."""
    dirty = pixels.copy()
    dirty[:, column : column + width] = 0
    return dirty


def tilted(sheet: Image.Image, degrees: float) -> Image.Image:
    """The sheet turned clockwise by a few degrees, white at the corners."""
    return sheet.rotate(-degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)


def punched(sheet: Image.Image, dpi: int = 204) -> Image.Image:
    """The sheet with two punch holes on the left, black as a scanner shows them."""
    holed = sheet.copy()
    pen = ImageDraw.Draw(holed)
    for centre in (holed.height // 2 - round(1.57 * dpi), holed.height // 2 + round(1.57 * dpi)):
        radius = round(0.13 * dpi)
        pen.ellipse((0.45 * dpi - radius, centre - radius, 0.45 * dpi + radius, centre + radius), fill=0)
    return holed


def save_tiff(path: Path, pages: Sequence[Image.Image], *, compression: str = "group4",
              dpi: tuple[float, float] | None = FINE) -> Path:  # fmt: skip
    """A TIFF of these pages as Pillow writes it."""
    options = {} if dpi is None else {"dpi": dpi}
    first, *rest = pages
    first.save(path, "TIFF", save_all=True, append_images=rest, compression=compression, **options)
    return path


def recode(path: Path, *options: str) -> Path:
    """A copy of a TIFF as tiffcp writes it: `-c g3:2d`, `-f lsb2msb`, `-r 100`, `-t -w 128 -l 128`, ..."""
    copy = path.with_name(f"{path.stem}{'_'.join(options).replace(':', '').replace(' ', '')}.tif")
    subprocess.run(["tiffcp", *options, str(path), str(copy)], check=True, capture_output=True)
    return copy


def black_and_white(pixels: Pixels) -> Image.Image:
    """The pixels as an image of one bit each."""
    return Image.fromarray(pixels).convert("1", dither=Image.Dither.NONE)
