"""What paper, glass and telephone lines do to a page: on grey pixels before, on bits after the threshold."""

import random
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.drawing.sheet import Bits


@dataclass(frozen=True, slots=True)
class Level:
    """How bad it gets: ranges and shares of pages, shares of pixels and rows."""

    name: str
    skew: float
    shift: int
    specks: tuple[float, float]
    faint: float
    blotted: float
    streak: float
    lost_rows: float
    burst: float
    grain: float


LEVELS = {
    "clean": Level("clean", 0.3, 6, (0.0, 0.0004), 0.0, 0.0, 0.0, 0.0, 0.0, 2.0),
    "typical": Level("typical", 1.2, 18, (0.001, 0.004), 0.06, 0.04, 0.05, 0.0008, 0.15, 6.0),
    "poor": Level("poor", 2.4, 34, (0.004, 0.011), 0.2, 0.12, 0.2, 0.003, 0.5, 11.0),
}


def generator(rng: random.Random) -> np.random.Generator:
    """A numpy generator that follows from a plain one."""
    return np.random.default_rng(rng.getrandbits(63))


def lay_on_glass(page: Bits, level: Level, rng: random.Random) -> Bits:
    """Skew and shift, as a feeder does; degrees and pixels from the level."""
    angle = rng.uniform(-level.skew, level.skew)
    if abs(angle) < 0.05 and not level.shift:
        return page
    rows, columns = page.shape
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), angle, 1.0)
    turn[0, 2] += rng.randint(-level.shift, level.shift)
    turn[1, 2] += rng.randint(-level.shift, level.shift)
    moved = cv2.warpAffine(page, turn, (columns, rows), flags=cv2.INTER_LINEAR, borderValue=255)
    return np.asarray(moved, np.uint8)


def fade(page: Bits, level: Level, rng: random.Random) -> Bits:
    """Faint print on some pages: ink turns grey, unevenly from side to side."""
    if rng.random() >= level.faint:
        return page
    weak, strong = rng.uniform(0.48, 0.65), rng.uniform(0.65, 0.9)
    side = np.linspace(weak, strong, page.shape[1], dtype=np.float32)
    return np.asarray(255 - (255 - page.astype(np.float32)) * side, np.uint8)


@lru_cache(maxsize=2)
def _grain_tile(side: int) -> NDArray[np.float32]:
    return np.random.default_rng(11).normal(0, 1, (side, side)).astype(np.float32)


def add_grain(page: Bits, level: Level, rng: random.Random) -> Bits:
    """Sensor noise and uneven light of a grey scanner; the noise is one tile, laid at a drawn place."""
    rows, columns = page.shape
    tile = _grain_tile(1024)
    tile = np.roll(tile, (rng.randrange(1024), rng.randrange(1024)), (0, 1))
    noise = np.tile(tile, (rows // 1024 + 1, columns // 1024 + 1))[:rows, :columns]
    light = np.linspace(-rng.uniform(0, 14), 0, columns, dtype=np.float32)
    paper = rng.uniform(0.93, 0.99)
    grey = page.astype(np.float32) * paper + noise * level.grain + light
    return np.asarray(np.clip(grey, 0, 255), np.uint8)


def to_bits(page: Bits, level: Level, rng: random.Random) -> Bits:
    """Black and white at a drawn threshold: 0 is ink, 255 is paper."""
    wobble = {"clean": 10, "typical": 28, "poor": 45}[level.name]
    threshold = 150 + rng.randint(-wobble, wobble)
    return np.where(page < threshold, 0, 255).astype(np.uint8)


def blot(bits: Bits, level: Level, rng: random.Random) -> Bits:
    """Ink that runs on some pages: strokes grow by a pixel."""
    if rng.random() >= level.blotted:
        return bits
    return np.asarray(cv2.erode(bits, np.ones((2, 2), np.uint8)), np.uint8)


def sprinkle(bits: Bits, level: Level, rng: random.Random) -> Bits:
    """Salt and pepper, some of it in clumps of a few pixels."""
    share = rng.uniform(*level.specks)
    noise = generator(rng)
    out = bits.copy()
    count = int(share * bits.size)
    places = noise.integers(0, bits.size, count)
    flat = out.reshape(-1)
    flat[places] = np.where(noise.random(count) < 0.7, 0, 255)
    for place in places[: count // 25]:
        row, column = divmod(int(place), bits.shape[1])
        out[row : row + 2, column : column + rng.randint(1, 4)] = 0
    return out


def streak(bits: Bits, level: Level, rng: random.Random) -> Bits:
    """Dirt on the glass: a dark or white vertical line, sometimes broken."""
    if rng.random() >= level.streak:
        return bits
    out = bits.copy()
    for _ in range(rng.choice((1, 1, 2))):
        column = rng.randrange(20, bits.shape[1] - 20)
        start = rng.choice((0, rng.randrange(bits.shape[0])))
        out[start:, column : column + rng.choice((1, 2, 3))] = rng.choice((0, 0, 255))
    return out


def lose_rows(bits: Bits, level: Level, rng: random.Random) -> Bits:
    """Errors of the line: single rows gone, bursts of rows gone or sent twice. The page may get shorter."""
    rows = bits.shape[0]
    keep = np.ones(rows, bool)
    single = int(rows * level.lost_rows * rng.random())
    keep[[rng.randrange(rows) for _ in range(single)]] = False
    order = np.flatnonzero(keep)
    if rng.random() < level.burst:
        for _ in range(rng.choice((1, 1, 2, 3))):
            start, length = rng.randrange(len(order)), rng.randint(2, 9)
            if rng.random() < 0.5:
                order = np.concatenate([order[:start], order[start + length :]])
            else:
                order[start : start + length] = order[start]
    return np.ascontiguousarray(bits[order])


def cut_off(bits: Bits, rng: random.Random) -> Bits:
    """The call ended within the page: its lower part never came."""
    return np.ascontiguousarray(bits[: round(bits.shape[0] * rng.uniform(0.35, 0.9))])
