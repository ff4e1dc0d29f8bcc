"""Somebody who signs in to the review site, and what that person may do."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is here for. One person may have several roles."""

    REVIEWER = "reviewer"
    """Decides what waits."""
    SENIOR = "senior"
    """Decides also what two reviewers disagree on."""
    SUPERVISOR = "supervisor"
    """Sees how the work goes, gives held items back, ties senders to providers."""
    ADMIN = "admin"
    """Adds, disables and resets people."""
    AUDITOR = "auditor"
    """Reads everything, changes nothing."""


@dataclass(frozen=True, slots=True)
class Person:
    """`name` is the one to sign in with, in lower case. No `lines` means any line.

    `may_open_sensitive`: sensitive pages are opened after giving a reason; without it only by breaking the glass.
    """

    name: str
    display_name: str
    roles: frozenset[Role]
    lines: frozenset[str] = frozenset()
    may_open_sensitive: bool = False

    def is_any_of(self, *roles: Role) -> bool:
        """Has one of these roles at least."""
        return bool(self.roles & frozenset(roles))

    @property
    def may_decide(self) -> bool:
        """Takes items and decides them."""
        return self.is_any_of(Role.REVIEWER, Role.SENIOR)

    @property
    def may_settle(self) -> bool:
        """Decides where two reviewers disagree."""
        return Role.SENIOR in self.roles

    @property
    def may_read(self) -> bool:
        """Looks into documents, decided or not. Admins look after people, not after documents."""
        return self.is_any_of(Role.REVIEWER, Role.SENIOR, Role.SUPERVISOR, Role.AUDITOR)

    def may_use(self, line: str) -> bool:
        """This line is among those of the person."""
        return not self.lines or line in self.lines
