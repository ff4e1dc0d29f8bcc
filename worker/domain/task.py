"""A task: one step of one document (or request) that is to be done, claimed by one worker at a time."""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """What is to be done; each ends in one transaction that saves the result and adds the tasks that follow."""

    OPEN = "open"
    """What are the bytes, how many pages have they? Then one READ for each chunk of pages."""
    READ = "read"
    """Read some pages. The last chunk to end adds the DECIDE."""
    DECIDE = "decide"
    """Match the pages with the registry, reading on where that could change the decision."""
    SETTLE = "settle"
    """Decided, but an earlier document of the same urgency is not: wait for it, then decide."""
    FILE = "file"
    """Write the pages where they belong."""
    NOTIFY = "notify"
    """Deliver a request's events; the subject is the request id."""
    DRAW = "draw"
    """Draw the pictures that reviewers will look at: nothing waits for it."""


@dataclass(frozen=True, slots=True)
class Task:
    """A claimed task. `subject` is a document's SHA-256 or a request id; pages count from 1 (0, 0: all).

    `token` is this claim's own: a result is saved only by whoever still holds it. `attempts` counts claims, this one
    included, before anything was done.
    """

    id: int
    step: Step
    subject: str
    first_page: int
    last_page: int
    priority: int
    position: int
    attempts: int
    token: str
