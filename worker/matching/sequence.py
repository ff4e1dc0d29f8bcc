"""The document decided as one sequence of pages, not page by page.

A hidden Markov chain over the pages. Its states are the candidate requests and "nobody's" (NOBODY: a request we
cannot name, or none); of a member's requests that nothing tells apart each has its share. What a page says for a
request is the weight of its findings; how willingly the owner changes from one page to the next depends on what
stands between them: a letter, a separator, a page counter that goes on or starts again; and to whom it changes on the
section of which letter it is (see sections). Forward-backward gives each page the probability of each owner, with both
the pages before and those after it considered, so letters may stand first, last or all on top.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul

from worker.domain.decision import DocumentType, Finding
from worker.matching.candidates import Weighed
from worker.matching.sections import FRONT_TYPES, is_front, out_of_order
from worker.matching.sightings import PageSightings

NOBODY = ""
#: Chance that the owner changes between two pages, by what stands there.
CHANGE_WITHIN_COUNT = 0.0005
#: A page of another record goes on counting by accident, where it does not say of how many: it says `Page 3`.
NEXT_BY_ACCIDENT = 0.2
CHANGE_ANYWHERE = 0.01
#: A run begins with a page that says whose it is: hardly ever with one that surely says nothing.
CHANGE_TO_SILENT = 0.001
CHANGE_AT_RESTART = 0.10
CHANGE_AT_FRONT = 0.8
#: Where a document follows an order of letters, a run does not begin on the wrong side of a letter.
CHANGE_AGAINST_ORDER = 0.01
#: How often letters stand before their records, and behind them.
LETTERS_FIRST, LETTERS_LAST = 0.85, 0.15
#: How often a document in one of these orders does not begin, or end, with a letter.
OPEN_BEGINNING, OPEN_END = 0.2, 0.05
#: How often a letter at the wrong end of a document has no records beside it.
BARE_LETTER = 0.1
#: How likely a change leads to a request that no page names, against one that some page names.
ENTER_UNEVIDENCED = 0.0005
ENTER_NOBODY = 0.5
#: Findings of one page are not independent; beyond this they add no certainty.
MOST_WEIGHT = 25.0
Table = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Owner:
    """The probability (0 to 1) of each owner of one page; NOBODY is the empty string."""

    page: int
    probabilities: Mapping[str, float]

    @property
    def best(self) -> str:
        """The likeliest owner."""
        return max(self.probabilities, key=lambda owner: (self.probabilities[owner], owner))

    def less(self, shares: Mapping[str, float]) -> "Owner":
        """With each request's probability reduced to this share of it; the rest is nobody's."""
        kept = {owner: p * shares.get(owner, 1.0) for owner, p in self.probabilities.items() if owner != NOBODY}
        return Owner(self.page, kept | {NOBODY: max(0.0, 1.0 - sum(kept.values()))})

    @property
    def runner_up(self) -> str | None:
        """The second likeliest owner, if there is one."""
        others = [owner for owner in self.probabilities if owner != self.best]
        return max(others, key=lambda owner: (self.probabilities[owner], owner), default=None)


def owners(pages: Sequence[PageSightings], weighed: Weighed) -> tuple[Owner, ...]:
    """The owner probabilities of each page, blank pages left to their neighbours.

    Two orders are weighed against each other by how well they explain the whole document: letters before their
    records, and letters behind them.
    """
    if not pages:
        return ()
    states = [r.request_id for r in weighed.candidates] + [NOBODY]
    emissions = [[_weight(findings, state) for state in states] for findings in weighed.findings]
    shares = _entering(states, weighed)
    chains = []
    for share, letters_last in zip(_order_shares(pages), (False, True), strict=True):
        changes = [_change(a, b, letters_last=letters_last) for a, b in pairwise(pages)]
        factors = out_of_order(pages, weighed, states, letters_last=letters_last)
        entering = [_shares(map(mul, shares, row)) for row in factors]
        likelihood, posterior = _chain(emissions, changes, entering)
        chains.append((math.log(share) + likelihood, posterior))
    top = max(likelihood for likelihood, _ in chains)
    worth = _shares(math.exp(likelihood - top) for likelihood, _ in chains)
    mixed = [
        [sum(map(mul, worth, of_state)) for of_state in zip(*rows, strict=True)]
        for rows in zip(*(posterior for _, posterior in chains), strict=True)
    ]
    return tuple(Owner(page.page, dict(zip(states, row, strict=True))) for page, row in zip(pages, mixed, strict=True))


def _order_shares(pages: Sequence[PageSightings]) -> tuple[float, float]:
    """How likely the document's letters stand before their records, and behind them, by how it begins and ends."""
    if not any(page.document_type is DocumentType.LETTER for page in pages):
        return LETTERS_FIRST, LETTERS_LAST
    begins = pages[0].document_type in FRONT_TYPES
    ends = pages[-1].document_type is DocumentType.LETTER
    first = LETTERS_FIRST * (1 if begins else OPEN_BEGINNING) * (BARE_LETTER if ends else 1)
    bare_beginning = pages[0].document_type is DocumentType.LETTER
    return first, LETTERS_LAST * (1 if ends else OPEN_END) * (BARE_LETTER if bare_beginning else 1)


def _chain(emissions: Table, changes: Sequence[float], entering: Table) -> tuple[float, Table]:
    """Forward-backward: the log-likelihood of the document and each page's probabilities (pages, states).

    `entering[k]` is how likely a run that begins on page k is each state's; the rows sum to one.
    """
    tops = [max(row) for row in emissions]
    says = [[math.exp(e - top) for e in row] for row, top in zip(emissions, tops, strict=True)]
    total, forward = sum(tops), list[list[float]]()
    reached: Sequence[float] = entering[0]
    for k, said in enumerate(says):
        joint = list(map(mul, reached, said))
        scale = sum(joint)
        total += math.log(scale)
        forward.append([value / scale for value in joint])
        if k < len(changes):
            stay, leave = 1 - changes[k], changes[k]
            reached = [stay * f + leave * e for f, e in zip(forward[k], entering[k + 1], strict=True)]
    backward, posterior = [1.0] * len(says[0]), [forward[-1]]
    for k in range(len(changes) - 1, -1, -1):
        ahead = list(map(mul, says[k + 1], backward))
        stay, left = 1 - changes[k], changes[k] * sum(map(mul, entering[k + 1], ahead))
        backward = _shares(stay * value + left for value in ahead)
        posterior.append(_shares(map(mul, forward[k], backward)))
    return total, posterior[::-1]


def _shares(values: Iterable[float]) -> list[float]:
    """The values divided by their sum."""
    listed = list(values)
    total = sum(listed)
    return [value / total for value in listed]


def _entering(states: Sequence[str], weighed: Weighed) -> list[float]:
    """How likely a run begins with each state, before the place in the document is considered."""
    return [
        ENTER_NOBODY if state == NOBODY else 1.0 if state in weighed.evidenced else ENTER_UNEVIDENCED
        for state in states
    ]


def _weight(findings: Mapping[str, Sequence[Finding]], state: str) -> float:
    if state == NOBODY:
        return 0.0
    total = sum(finding.weight for finding in findings[state])
    return max(-MOST_WEIGHT, min(MOST_WEIGHT, total))


def _change(before: PageSightings, after: PageSightings, *, letters_last: bool) -> float:
    """The chance that the owner changes between two neighbouring pages."""
    if before.is_separator or after.is_separator or before.document_type is DocumentType.COVER_SHEET:
        return CHANGE_AT_FRONT
    if before.counter and after.counter and after.counter.page > 1:
        if not after.counter.goes_on_from(before.counter):
            return CHANGE_ANYWHERE
        return CHANGE_WITHIN_COUNT if before.counter.of and after.counter.of else NEXT_BY_ACCIDENT * _change_to(after)
    letter_behind, letter_ahead = is_front(before), is_front(after)
    if letter_behind and letter_ahead:
        return CHANGE_AT_FRONT
    if letter_ahead or letter_behind:
        return CHANGE_AT_FRONT if letter_behind == letters_last else CHANGE_AGAINST_ORDER
    if after.counter and after.counter.page == 1:
        return CHANGE_AT_RESTART
    if before.counter and before.counter.page == before.counter.of:
        return CHANGE_AT_RESTART
    return _change_to(after)


def _change_to(page: PageSightings) -> float:
    return CHANGE_TO_SILENT if page.is_legible and not page.has_identity else CHANGE_ANYWHERE
