"""Where on a page what was read stands: boxes for the case screen, and the band that holds the page's identity."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from worker.domain.decision import Decision, Finding, Verdict
from worker.domain.picture import Pose
from worker.domain.reading import Box, PageReading, TextReading, Word

#: Findings that name somebody; their boxes make up the identity band.
IDENTITY = frozenset({"request id", "claim number", "member id", "member name", "birth date"})
#: The band where nothing was found, as a share of the page's height; and the air around what was found, in pixels.
HEAD_SHARE, AIR = 0.18, 64
#: The most of a page's height that a band may take: two things far apart are no band.
HIGHEST_SHARE = 0.3


@dataclass(slots=True)
class Marked:
    """A place on the page: what it is, what it says, and for which requests it agrees or disagrees."""

    kind: str
    text: str
    box: Box
    verdicts: dict[str, str]


def marked(reading: PageReading, decision: Decision) -> list[Marked]:
    """Everything on the page that was compared with a request, and the barcodes, each place once."""
    words = [word for line in lines_of(reading) for word in line]
    places: dict[tuple[str, Box], Marked] = {}
    for candidate in decision.candidates:
        for finding in candidate.findings:
            for box in finding.boxes if finding.verdict is not Verdict.NOTHING else ():
                place = places.setdefault((finding.name, box), Marked(finding.name, _text_in(words, box), box, {}))
                place.verdicts[candidate.request_id] = finding.verdict.value
    for code in reading.barcodes:
        places.setdefault(("barcode", code.box), Marked("barcode", code.payload, code.box, {}))
    return list(places.values())


def identity_box(pose: Pose, findings: Iterable[Finding]) -> Box | None:
    """The band of the page that says whose it is, as wide as the page; its head where nothing was found."""
    if not pose.width or not pose.height:
        return None
    boxes = [box for finding in findings if finding.name in IDENTITY for box in finding.boxes]
    if not boxes:
        return Box(0, 0, pose.width, round(pose.height * HEAD_SHARE))
    first = min(box.top for box in boxes)
    near = [box for box in boxes if box.top + box.height - first <= pose.height * HIGHEST_SHARE]
    top = max(0, first - AIR)
    bottom = min(pose.height, max((box.top + box.height for box in near), default=first) + AIR)
    return Box(0, top, pose.width, max(1, bottom - top))


def lines_of(reading: PageReading) -> Iterator[tuple[Word, ...]]:
    """The words of all lines that were read, from the top of the page to its foot, each line once."""
    lines = {
        line.words[0].box: line.words
        for part in reading.text
        if isinstance(part, TextReading)
        for line in part.lines
        if line.words
    }
    yield from (lines[box] for box in sorted(lines, key=lambda box: (box.top, box.left)))


def _text_in(words: Iterable[Word], box: Box) -> str:
    return " ".join(word.text for word in words if box.holds_middle_of(word.box))[:200]
