"""The program's words as people say them: reasons, doors, stages, and how long something waits."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from worker.domain.decision import DocumentType, Outcome, RecordKind
from worker.domain.document import Stage
from worker.domain.envelope import Channel
from worker.domain.review import BY_PERSON, DISAGREEMENT, SECOND_LOOK, ItemKind, SetAside
from worker.matching.judgment import Ground

#: Ground -> a short label, and a sentence.
GROUNDS: dict[str, tuple[str, str]] = {
    Ground.NAMED: ("Names its request", "The page itself says which request it answers."),
    Ground.FOLLOWS: ("Follows sure pages", "The page belongs to the sure pages around it."),
    Ground.BLANK: ("Blank", "The page is blank."),
    Ground.SEPARATOR: ("Separator sheet", "The page only separates documents."),
    Ground.COVER_SHEET: ("Cover sheet", "The page is a fax cover sheet."),
    Ground.REPEATED: ("Came before", "The page repeats one that came in another document."),
    Ground.UNREADABLE: ("Hard to read", "The page cannot be read well enough."),
    Ground.CLOSED: ("Request is closed", "The page answers a request that is closed."),
    Ground.CONTRADICTED: ("Does not agree", "What the page says does not agree with itself or with the registry."),
    Ground.UNKNOWN_REQUEST: ("Unknown request", "The page names a request that the registry does not hold."),
    Ground.UNKNOWN_PATIENT: ("Unknown patient", "The page names somebody whom no request is about."),
    Ground.SEVERAL_FIT: ("Fits several", "The page fits several requests."),
    Ground.UNSURE: ("Please decide", "Please decide whose page it is."),
    Ground.NOTHING_NAMED: ("Names nobody", "The page names nobody and stands between pages of different owners."),
    Ground.FAILED: ("We failed on it", "Pigeonhole failed on the page or the document."),
    SetAside.NOT_OURS: ("Not ours", "The page does not belong to any request of ours."),
    BY_PERSON: ("Decided by a person", "A person decided it."),
    SECOND_LOOK: ("Second look", "Another person decides it as well."),
    DISAGREEMENT: ("Two people disagree", "Two people decided it differently."),
    ItemKind.CORRECTION.value: ("Correction", "Somebody wants to put right what was decided."),
    ItemKind.AUDIT.value: ("Audit sample", "Filed automatically, and looked at to know how often that is wrong."),
}
KINDS: dict[str, str] = {
    ItemKind.EXCEPTION: "To decide",
    ItemKind.SECOND_LOOK: "Second look",
    ItemKind.DISAGREEMENT: "Disagreement",
    ItemKind.AUDIT: "Audit sample",
    ItemKind.CORRECTION: "Correction",
}
CHANNELS: dict[str, str] = {
    Channel.TRAY: "Tray",
    Channel.FOLDER: "Scanning station",
    Channel.FAX: "Fax",
    Channel.API: "Upload",
    Channel.MAIL: "Mail",
}
STAGES: dict[str, str] = {
    Stage.RECEIVED: "Received",
    Stage.OPENED: "Being read",
    Stage.READ: "Being decided",
    Stage.DECIDED: "Being filed",
    Stage.FILED: "Done",
    Stage.REJECTED: "Rejected",
    Stage.PARKED: "Parked",
}
OUTCOMES: dict[str, str] = {
    Outcome.FILED: "Filed",
    Outcome.REVIEW: "Waits for a person",
    Outcome.SET_ASIDE: "Set aside",
}
TYPES: dict[str, str] = {each: each.value.replace("_", " ").capitalize() for each in DocumentType}
RECORD_KINDS: dict[str, str] = {each: each.value.replace("_", " ") for each in RecordKind}
#: Hours up to which a due time is told in hours, not as a date.
NEAR = 48


def ground_label(ground: str) -> str:
    """The reason in two or three words."""
    return GROUNDS[ground][0] if ground in GROUNDS else ground.replace("_", " ").capitalize()


def type_words(document_type: DocumentType, kind: RecordKind | None) -> str:
    """`Letter`, `Medical record`, `Medical record: progress note`."""
    finer = "" if kind in (None, RecordKind.OTHER) else f": {RECORD_KINDS[kind]}"
    return TYPES[document_type] + finer


def ground_sentence(ground: str) -> str:
    """The reason in a sentence."""
    return GROUNDS[ground][1] if ground in GROUNDS else ""


def due_words(due_at: datetime, now: datetime) -> str:
    """`overdue 2 h`, `due in 40 min`, `due 11/28/2026`; by the zone of `now`."""
    if due_at < now:
        return f"overdue {length_words(now - due_at)}"
    if due_at - now <= timedelta(hours=NEAR):
        return f"due in {length_words(due_at - now)}"
    return f"due {due_at.astimezone(now.tzinfo):%m/%d/%Y}"


def length_words(length: timedelta) -> str:
    """A length of time as the largest unit that says enough: `40 min`, `31 h`, `5 days`."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return f"{max(minutes, 0)} min"
    if minutes < NEAR * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"


def size_words(size: int) -> str:
    """Bytes as `340 KB` or `1.2 MB`, of 1,024 each."""
    if size < 1 << 20:
        return f"{max(size / 1024, 1):,.0f} KB"
    return f"{size / (1 << 20):,.1f}".removesuffix(".0") + " MB"


def pages(numbers: Sequence[int]) -> str:
    """Page numbers as `page 7` or `pages 1-3, 7`."""
    return f"{'page' if len(numbers) == 1 else 'pages'} {ranges(sorted(numbers))}"


def ranges(numbers: Sequence[int]) -> str:
    """Page numbers, in order, as `1-3, 7`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{first}" if first == last else f"{first}\N{EN DASH}{last}" for first, last in runs)
