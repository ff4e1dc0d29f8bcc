"""How far a share that was counted may be from the true one."""

import math

#: Of the normal distribution: 95 % lie within so many standard deviations.
WITHIN_95 = 1.959964


def wilson(hits: int, count: int, z: float = WITHIN_95) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson, JASA 1927). Nothing counted: it may be anything."""
    if not count:
        return 0.0, 1.0
    share, square = hits / count, z * z
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = z * math.sqrt(share * (1 - share) / count + square / (4 * count * count)) / (1 + square / count)
    return (0.0 if not hits else max(0.0, middle - half)), (1.0 if hits == count else min(1.0, middle + half))
