"""Slips: documents of one page that hold the barcode of a request and little else, so that reading costs little."""

import io
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw

from bench.drawing.fonts import pixel_font
from bench.registry import draw_registry, write_registry
from worker.domain.request import Request

#: Pixels of a slip at 200 dpi, and of a module of its barcode.
SIZE, MODULE = (1728, 700), 4
#: One in ten is urgent.
SHARE_EXPEDITED = 0.1


@dataclass(frozen=True, slots=True)
class Slip:
    """A file with its line; no two have the same bytes."""

    path: Path
    line: str


def draw_slips(folder: Path, count: int, seed: int) -> tuple[list[Slip], Path]:
    """So many slips of open requests of drawn members, one in ten of the expedited line; and the registry."""
    folder.mkdir(parents=True, exist_ok=True)
    registry = draw_registry(seed, max(400, count))
    requests = [request for request in registry.requests if request.is_open]
    write_registry(registry, folder / "requests.csv")
    rng = random.Random(f"slips {seed}")
    slips = []
    for number in range(count):
        path = folder / f"slip-{number:05d}.tif"
        path.write_bytes(_draw(rng.choice(requests), number))
        slips.append(Slip(path, "expedited" if rng.random() < SHARE_EXPEDITED else "routine"))
    return slips, folder / "requests.csv"


def _draw(request: Request, number: int) -> bytes:
    page = Image.new("L", SIZE, 255)
    bars = np.array(zxingcpp.create_barcode(request.request_id, zxingcpp.BarcodeFormat.Code128).to_image(scale=1))
    symbol = np.kron(np.repeat(bars[:1], 30, axis=0), np.ones((MODULE, MODULE), np.uint8))
    page.paste(Image.fromarray(symbol.astype(np.uint8)), (150, 120))
    font = pixel_font("DejaVu Sans", 34)
    ImageDraw.Draw(page).text((170, 330), f"Request {request.request_id}", 0, font)
    ImageDraw.Draw(page).text((170, 420), f"Slip {number} of this morning", 0, font)
    out = io.BytesIO()
    page.convert("1").save(out, "TIFF", compression="group4", dpi=(200, 200))
    return out.getvalue()
