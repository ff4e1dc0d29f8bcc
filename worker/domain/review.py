"""What people review: items that wait, and what a person said of a page."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from worker.domain.decision import Decision, Outcome


class ItemKind(StrEnum):
    """Why a person looks."""

    EXCEPTION = "exception"
    """Pages that could not be decided safely."""
    SECOND_LOOK = "second_look"
    """Another person decides the same pages, blind."""
    DISAGREEMENT = "disagreement"
    """Two people said different things: a senior decides."""
    AUDIT = "audit"
    """A page that was filed automatically, shown blind: is it right?"""
    CORRECTION = "correction"
    """Somebody opened a decided document to put it right."""

    @property
    def is_blind(self) -> bool:
        """What was decided before is not shown."""
        return self in (ItemKind.SECOND_LOOK, ItemKind.AUDIT)


class ItemState(StrEnum):
    """How far an item is."""

    WAITING = "waiting"
    PARKED = "parked"
    """Put off with a note; it waits after everything else."""
    DONE = "done"


class SetAside(StrEnum):
    """Why a person sets a page aside: the `ground` of the decision."""

    BLANK = "blank"
    COVER_SHEET = "cover_sheet"
    SEPARATOR = "separator"
    NOT_OURS = "not_ours"
    UNREADABLE = "unreadable"
    DUPLICATE = "repeated"


#: The ground of a page that a person filed.
BY_PERSON = "by_person"
#: The grounds of pages that wait for one more person.
SECOND_LOOK, DISAGREEMENT = "second_look", "disagreement"


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item as it comes into the inbox. `pages` in order; `due_at` by the line's clock or the request's due date.

    `risk` from 0 to 1: how bad it is to leave it, and how likely a page is another patient's. `not_by` must not take
    it. `ground` is the machine's word for the main reason, `reason` the sentence.
    """

    kind: ItemKind
    sha256: str
    pages: tuple[int, ...]
    ground: str
    reason: str
    line: str
    channel: str
    received_at: datetime
    due_at: datetime
    risk: float = 0.0
    not_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the inbox. `version` grows with every change; `held_by` is empty where nobody has it.

    `unblocks` is how many pages of its document wait.
    """

    id: int
    kind: ItemKind
    state: ItemState
    sha256: str
    pages: tuple[int, ...]
    ground: str
    reason: str
    line: str
    channel: str
    received_at: datetime
    due_at: datetime
    risk: float
    unblocks: int
    not_by: frozenset[str]
    held_by: str
    held_until: datetime | None
    note: str
    version: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says of one page. `request_id` is set exactly when the outcome is filed.

    `ground` is BY_PERSON for a filed page, a SetAside for one set aside; for one that stays in review it says what it
    waits for. `duplicate_of` names what a duplicate repeats. `turn` is the clockwise turn (0, 90, 180, 270) on top of
    the one that was found.
    """

    page: int
    outcome: Outcome
    request_id: str | None
    ground: str
    note: str = ""
    duplicate_of: str = ""
    turn: int = 0

    def agrees_with(self, decision: Decision) -> bool:
        """The page went where the answer says: people name one request, also of a page that is filed to several."""
        is_there = self.request_id is None or self.request_id in decision.filed_to
        return self.outcome is decision.outcome and is_there
