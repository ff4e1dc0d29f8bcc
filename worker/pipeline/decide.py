"""The deciding step: look, decide, read on where that could change the decision, decide again."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from worker.domain.reading import PageReading
from worker.matching.decide import decide
from worker.matching.judgment import Judgment
from worker.matching.look_over import look_over
from worker.matching.origin import ANYWHERE, Origin
from worker.matching.policy import Policy
from worker.matching.read_on import Want, wants
from worker.matching.registry import Registry
from worker.matching.sightings import PageSightings

#: Reading on ends by itself, since no region is read twice; this bounds a mistake.
MOST_ROUNDS = 6

ReadOn = Callable[[tuple[Want, ...]], Sequence[PageReading]]


def decide_document(
    readings: Sequence[PageReading],
    registry: Registry,
    policy: Policy,
    read_on: ReadOn,
    origin: Origin = ANYWHERE,
) -> tuple[tuple[Judgment, ...], tuple[PageReading, ...]]:
    """The judgments of all pages, and their readings with what was read on the way.

    `read_on` returns, for each want, a reading that holds the text of that region.
    """
    known = {reading.number: reading for reading in readings}
    seen: dict[int, PageSightings] = {number: look_over(reading, registry) for number, reading in known.items()}
    for _ in range(MOST_ROUNDS):
        judgments = decide([seen[number] for number in sorted(seen)], registry, policy, origin)
        wanted = wants(list(known.values()), judgments, registry)
        if not wanted:
            break
        for more in read_on(wanted):
            known[more.number] = replace(known[more.number], text=known[more.number].text + more.text)
            seen[more.number] = look_over(known[more.number], registry)
    return judgments, tuple(known[number] for number in sorted(known))
