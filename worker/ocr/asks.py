"""What reader processes are asked and what they answer: without the libraries that do it, which only they load."""

from dataclasses import dataclass
from pathlib import Path

from worker.domain.document import DocumentKind
from worker.domain.picture import Pose
from worker.domain.reading import PageReading, Region, Unreadable
from worker.ocr.engines import Engine


@dataclass(frozen=True, slots=True)
class PageAsk:
    """Read this region of the page of this number (from 1). `rotation` is known from the first look, else None."""

    number: int
    region: Region
    rotation: int | None = None

    @property
    def is_first_look(self) -> bool:
        """Nothing is known of the page yet."""
        return self.region is Region.BANDS


@dataclass(frozen=True, slots=True)
class ReadChunk:
    """Some pages of the file at `path`; `work_folder` is private and takes the images that the engine reads."""

    path: Path
    asks: tuple[PageAsk, ...]
    work_folder: Path
    engine: Engine = Engine.PROGRAM


@dataclass(frozen=True, slots=True)
class Inspect:
    """What is this file, and how many pages has it?."""

    path: Path


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The answer to Inspect; `damage` has a sentence for each defect of the file as a whole."""

    kind: DocumentKind
    page_count: int
    damage: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrawPages:
    """These pages of the file at `path`; those whose number is in `full` also in full, the others as thumbnails."""

    path: Path
    poses: tuple[Pose, ...]
    full: frozenset[int]


@dataclass(frozen=True, slots=True)
class CropPicture:
    """This part (left, top, width, height in its pixels) of a picture that was drawn."""

    picture: bytes
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The pictures of a page as PNG or JPEG; `page` is None where only thumbnails were wanted."""

    number: int
    thumb: bytes
    blurred: bytes
    page: bytes | None


Ask = Inspect | ReadChunk | DrawPages | CropPicture
Answer = FileFacts | tuple[PageReading, ...] | tuple[Drawn, ...] | bytes


def undecodable(ask: PageAsk, why: str) -> PageReading:
    """A reading that says that the page could not be read. After a failed first look nothing more is tried."""
    regions = tuple(Region) if ask.is_first_look else (ask.region,)
    text = tuple(Unreadable(region, why) for region in regions)
    return PageReading(ask.number, 0, 0, damage=(why,) if ask.is_first_look else (), text=text)
