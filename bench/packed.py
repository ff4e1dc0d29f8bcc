"""The registry of a tray, or of a committed stream, whose CSV file is compressed."""

import gzip
import tempfile
from pathlib import Path

from worker.domain.request import Request
from worker.intake.registry_csv import read_registry


def read_requests(place: Path) -> tuple[Request, ...]:
    """The requests of a tray's folder (requests.csv), or of a compressed file (.gz)."""
    if place.suffix != ".gz":
        return read_registry(place / "requests.csv").requests
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "requests.csv"
        plain.write_bytes(gzip.decompress(place.read_bytes()))
        return read_registry(plain).requests


def name_of(place: Path) -> str:
    """What tables call it."""
    return place.name.partition(".")[0] if place.suffix == ".gz" else place.name
