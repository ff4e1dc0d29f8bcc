"""Pictures of pages for people: how large they are, and in which pose a page is drawn."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from worker.domain.reading import PageReading

#: Wider pages than this (pixels) are drawn at the width after it: more is not seen, and costs the network.
WIDEST, DRAWN_WIDTH = 1_800, 1_700
#: The highest picture: odd sheets are drawn smaller.
HIGHEST = 6_000
#: The picture of a page whose size is not known, since it could not be read: a Letter sheet at 200 dots an inch.
UNKNOWN_SIZE = (1_700, 2_200)
#: Changes whenever pages are drawn in another way: what was drawn before is not used any more.
WAY_OF_DRAWING = 1


class PictureSize(StrEnum):
    """What is kept of a page."""

    PAGE = "page"
    """To read: see `picture_size`."""
    THUMB = "thumb"
    """To recognise: at most 150 pixels wide."""
    BLURRED = "blurred"
    """As large as the thumbnail, but nothing can be recognised: for sensitive pages."""


@dataclass(frozen=True, slots=True)
class Pose:
    """How page `number` is brought upright, and its size then in pixels, as its reading found (zeros: not known).

    A picture in this pose lies under the boxes of the reading's words.
    """

    number: int
    rotation: int
    skew: float
    width: int
    height: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture in pixels."""
        if not self.width or not self.height:
            return UNKNOWN_SIZE
        factor = self.scale
        return max(1, round(self.width * factor)), max(1, round(self.height * factor))

    @property
    def scale(self) -> float:
        """The picture's pixels for one of the reading's."""
        across = DRAWN_WIDTH / self.width if self.width > WIDEST else 1.0
        return min(across, HIGHEST / self.height) if self.height else 1.0

    @property
    def mark(self) -> str:
        """Eight letters that are others when the page is drawn in another way or pose."""
        pose = (WAY_OF_DRAWING, self.rotation, self.skew, self.width, self.height)
        return hashlib.sha256(repr(pose).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Glance:
    """What is needed of a reading to show its page: the pose, and all words that were read, line by line."""

    pose: Pose
    text: str


def pose_of(reading: PageReading) -> Pose:
    """The pose in which the page was read."""
    return Pose(reading.number, reading.rotation, reading.skew, reading.width, reading.height)


def picture_size(reading: PageReading) -> tuple[int, int]:
    """Width and height in pixels of the page's picture."""
    return pose_of(reading).size
