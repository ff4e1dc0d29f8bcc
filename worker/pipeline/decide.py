"""The deciding step: look, decide, read on where that could change the decision, decide again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from worker.domain.reading import PageReading
from worker.matching.candidates import Compared
from worker.matching.decide import decide
from worker.matching.judgment import Judgment
from worker.matching.look_over import look_over
from worker.matching.origin import ANYWHERE, Origin
from worker.matching.policy import Policy
from worker.matching.read_on import Want, wants
from worker.matching.sightings import PageSightings
from worker.pipeline.registries import Registries

#: Reading on ends by itself, since no region is read twice; this bounds a mistake.
MOST_ROUNDS = 6

ReadOn = Callable[[tuple[Want, ...]], Sequence[PageReading]]


@dataclass(frozen=True, slots=True)
class Decided:
    """The judgments of all pages, their readings with what was read on the way, and the registry's version."""

    judgments: tuple[Judgment, ...]
    readings: tuple[PageReading, ...]
    version: int


def decide_document(
    readings: Sequence[PageReading],
    registries: Registries,
    policy: Policy,
    read_on: ReadOn,
    origin: Origin = ANYWHERE,
) -> Decided:
    """Decide with one version of the registry; where it changed while more was read, everything is looked over anew.

    `read_on` returns, for each want, a reading that holds the text of that region. No connection is held meanwhile.
    """
    known = {reading.number: reading for reading in readings}
    seen: dict[int, PageSightings] = {}
    seen_with: int | None = None
    compared = Compared()
    for _ in range(MOST_ROUNDS):
        with registries.current() as (registry, version):
            if version != seen_with:
                seen, seen_with, compared = {}, version, Compared()
            seen |= {number: look_over(known[number], registry) for number in known if number not in seen}
            judgments = decide([seen[number] for number in sorted(seen)], registry, policy, origin, compared)
            wanted = wants(list(known.values()), judgments, registry)
        if not wanted:
            break
        for more in read_on(wanted):
            known[more.number] = replace(known[more.number], text=known[more.number].text + more.text)
            seen.pop(more.number, None)
    return Decided(judgments, tuple(known[number] for number in sorted(known)), version)
