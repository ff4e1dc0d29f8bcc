"""Scans drawn for tests: pages with an unmistakable top left corner, in every kind of file that comes in."""

import io
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw, ImageFont

Size = tuple[int, int]
FAX_STANDARD: Size = (1728, 1146)
FAX_FINE: Size = (1728, 2292)
LETTER_200: Size = (1700, 2200)


def drawn_page(text: str = "Page 1", size: Size = FAX_STANDARD, mode: str = "1") -> Image.Image:
    """A white page with a black block in the top left corner, a rule and lines of text."""
    page = Image.new("L", size, 255)
    draw = ImageDraw.Draw(page)
    width, height = size
    draw.rectangle((width // 20, height // 20, width // 5, height // 8), fill=0)
    draw.line((width // 20, height // 6, width - width // 20, height // 6), fill=0, width=3)
    font = ImageFont.load_default(max(12, height // 30))
    for line in range(12):
        draw.text((width // 12, height // 5 + line * height // 16), f"{text}, line {line + 1}", fill=0, font=font)
    return page.convert(mode)


def write_tiff(
    path: Path,
    pages: Sequence[Image.Image],
    *,
    compression: str = "group4",
    dpi: tuple[float, float] | None = (204, 196),
    tags: dict[int, int] | None = None,
) -> Path:
    """A TIFF as Pillow writes it: one strip where it is small."""
    first, *rest = pages
    options = {} if dpi is None else {"dpi": dpi}
    first.save(
        path, format="TIFF", save_all=True, append_images=rest, compression=compression,
        tiffinfo=tags or {}, **options,
    )  # fmt: skip
    return path


def recoded_tiff(source: Path, target: Path, *options: str) -> Path:
    """The same pages through libtiff's tiffcp, e.g. with `-c g3:1d -f lsb2msb -r 100`."""
    subprocess.run(["tiffcp", *options, str(source), str(target)], check=True, capture_output=True)
    return target


def image_bytes(image: Image.Image, kind: str, **options: object) -> bytes:
    """An image as the bytes of a file of this kind (`PNG`, `JPEG`)."""
    stream = io.BytesIO()
    image.save(stream, format=kind, **options)
    return stream.getvalue()


def scanned_pdf(path: Path, pages: Sequence[Image.Image], dpi: float = 200) -> Path:
    """A PDF of JPEG pages."""
    with pikepdf.new() as pdf:
        for page in pages:
            data = image_bytes(page.convert("L"), "JPEG", quality=80)
            image = pikepdf.Stream(
                pdf, data, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=page.width,
                Height=page.height, ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8,
                Filter=pikepdf.Name.DCTDecode,
            )  # fmt: skip
            wide, high = page.width * 72 / dpi, page.height * 72 / dpi
            sheet = pdf.add_blank_page(page_size=(wide, high))
            sheet.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
            sheet.obj.Contents = pdf.make_stream(f"q {wide} 0 0 {high} 0 0 cm /Im0 Do Q".encode())
        pdf.save(path)
    return path


def rendered(pdf: Path, page: int, *, dpi: int = 50) -> Image.Image:
    """A page as a viewer shows it, in grey."""
    command = ["pdftoppm", "-f", str(page), "-l", str(page), "-r", str(dpi), "-gray", "-cropbox", str(pdf)]
    shown = subprocess.run(command, check=True, capture_output=True)
    return Image.open(io.BytesIO(shown.stdout)).convert("L")


def embedded_image(pdf: Path, page: int = 1) -> Image.Image:
    """The only picture of a page, decoded."""
    with pikepdf.open(pdf) as opened:
        stream = opened.pages[page - 1].Resources.XObject.Im0
        assert isinstance(stream, pikepdf.Stream)
        return pikepdf.PdfImage(stream).as_pil_image()


def dark_corner(page: Image.Image) -> str:
    """Where the block of a drawn page stands: `top left` when the page is upright."""
    width, height = page.size
    corners = {
        "top left": (0, 0),
        "top right": (width // 2, 0),
        "bottom left": (0, height - height // 6),
        "bottom right": (width // 2, height - height // 6),
    }
    shares = {
        name: sum(page.crop((x, y, x + width // 2, y + height // 6)).histogram()[:128])
        for name, (x, y) in corners.items()
    }
    return max(shares, key=lambda name: shares[name])
