"""What a provider sends back: our letter and notes about its patient, as a fax of one-strip G4 pages."""

import io
import subprocess
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from tests.builders.pages import FINE, black_and_white, faxed, printed
from tests.builders.scans import recoded_tiff, write_tiff
from worker.domain.request import Request
from worker.letters import Payer, render_letter

PAYER = Payer("Cedar Valley Health Plan", "Records", ("PO Box 4100", "Dayton, OH 45401"), "9375550140", "9375550141")
FINDINGS = (
    "The incision is clean and dry with no drainage. Patient denies fever or chills.",
    "Laboratory results were reviewed and are notable for a hemoglobin of 10.6.",
    "Plan is to continue metformin 500 mg twice daily and return in 7 weeks.",
    "Blood pressure 118/92, pulse 79, respirations 20, oxygen saturation 98 percent.",
    "Heart has a regular rate and rhythm without murmurs, rubs or gallops.",
)


def letter_page(request: Request, dpi: int = 204) -> Image.Image:
    """Our letter for this request, printed."""
    pdf = render_letter(request, PAYER)
    shown = subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-gray", "-singlefile", "-"], input=pdf, check=True, capture_output=True
    )
    return Image.open(io.BytesIO(shown.stdout)).convert("L")


def note_page(request: Request, number: int = 1) -> Image.Image:
    """A progress note that names the patient and the day; `number` makes notes differ."""
    name = f"{request.member_last_name}, {request.member_first_name}"
    born, seen = (f"{day:%m/%d/%Y}" for day in (request.date_of_birth, request.service_from))
    head = ("Progress Note", f"Patient: {name}   DOB: {born}", f"Date of service: {seen}")
    return printed((*head, f"Visit number {number} of this course of treatment", *FINDINGS[number % 2 :]))


def fax(path: Path, pages: Sequence[Image.Image], dpi: tuple[float, float] = FINE) -> Path:
    """The sheets as a fax server stores them: bitonal G4, one strip a page, 204 dots an inch across."""
    sheets = [black_and_white(faxed(page, dpi)) for page in pages]
    in_strips = write_tiff(path.with_name(f".{path.name}.strips"), sheets, dpi=dpi)
    recoded_tiff(in_strips, path, "-r", "10000")
    in_strips.unlink()
    return path


def answer(path: Path, request: Request, *, notes: int = 1, dpi: tuple[float, float] = FINE) -> Path:
    """A fax of the letter and so many notes."""
    pages = [letter_page(request), *(note_page(request, number) for number in range(1, notes + 1))]
    return fax(path, pages, dpi)
