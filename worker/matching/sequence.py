"""The document decided as one sequence of pages, not page by page.

A hidden Markov chain over the pages. Its states are the candidate requests and "nobody's" (NOBODY: a request we
cannot name, or none). What a page says for a request is the weight of its findings; how willingly the owner
changes from one page to the next depends on what stands between them: a letter, a separator, a page counter that
goes on or starts again. Forward-backward gives each page the probability of each owner, with both the pages before
and those after it considered, so letters may stand first, last or all on top.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from worker.domain.decision import DocumentType, Finding
from worker.matching.candidates import Weighed
from worker.matching.sightings import PageSightings

NOBODY = ""
#: Chance that the owner changes between two pages, by what stands there.
CHANGE_WITHIN_COUNT = 0.0005
CHANGE_ANYWHERE = 0.01
CHANGE_AT_RESTART = 0.10
CHANGE_AT_FRONT = 0.8
#: Where a document follows an order of letters, a run does not begin on the wrong side of a letter.
CHANGE_AGAINST_ORDER = 0.01
#: How often letters stand before their records, and behind them.
LETTERS_FIRST, LETTERS_LAST = 0.85, 0.15
#: How often a document in one of these orders does not begin, or end, with a letter.
OPEN_BEGINNING, OPEN_END = 0.2, 0.05
#: How likely a change leads to a request that no page names, against one that some page names.
ENTER_UNEVIDENCED = 0.0005
ENTER_NOBODY = 0.5
#: Findings of one page are not independent; beyond this they add no certainty.
MOST_WEIGHT = 25.0
_FRONT_TYPES = frozenset({DocumentType.LETTER, DocumentType.COVER_SHEET})


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
    entering = _entering(states, weighed)
    emissions = [[_weight(findings, state) for state in states] for findings in weighed.findings]
    chains = [
        (math.log(share), _chain(emissions, [_change(a, b, letters_last=last) for a, b in pairwise(pages)], entering))
        for share, last in zip(_order_shares(pages), (False, True), strict=True)
    ]
    shares = [math.exp(v) for v in _normalised([prior + likelihood for prior, (likelihood, _) in chains])]
    mixed = [
        [sum(share * row[k] for share, row in zip(shares, rows, strict=True)) for k in range(len(states))]
        for rows in zip(*(posterior for _, (_, posterior) in chains), strict=True)
    ]
    return tuple(Owner(page.page, dict(zip(states, row, strict=True))) for page, row in zip(pages, mixed, strict=True))


def _order_shares(pages: Sequence[PageSightings]) -> tuple[float, float]:
    """How likely the document's letters stand before their records, and behind them, by how it begins and ends."""
    if not any(page.document_type is DocumentType.LETTER for page in pages):
        return LETTERS_FIRST, LETTERS_LAST
    begins = pages[0].document_type in _FRONT_TYPES
    ends = pages[-1].document_type is DocumentType.LETTER
    return LETTERS_FIRST * (1 if begins else OPEN_BEGINNING), LETTERS_LAST * (1 if ends else OPEN_END)


def _chain(
    emissions: Sequence[Sequence[float]], changes: Sequence[float], entering: Sequence[float]
) -> tuple[float, list[list[float]]]:
    """Forward-backward: the log-likelihood of the document and each page's probabilities by state."""
    likelihood, forward = _sweep(emissions, changes, entering)
    _, backward = _sweep(emissions[::-1], changes[::-1], entering)
    rows = zip(forward, backward[::-1], emissions, strict=True)
    return likelihood, [_posterior(f, b, e, entering) for f, b, e in rows]


def _entering(states: Sequence[str], weighed: Weighed) -> list[float]:
    """How likely a run begins with each state, as logarithms that sum to probability one."""
    shares = [
        ENTER_NOBODY if state == NOBODY else 1.0 if state in weighed.evidenced else ENTER_UNEVIDENCED
        for state in states
    ]
    total = sum(shares)
    return [math.log(share / total) for share in shares]


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
        goes_on = after.counter.page == before.counter.page + 1 and after.counter.of == before.counter.of
        return CHANGE_WITHIN_COUNT if goes_on else CHANGE_ANYWHERE
    letter_behind, letter_ahead = _is_front(before), _is_front(after)
    if letter_behind and letter_ahead:
        return CHANGE_AT_FRONT
    if letter_ahead or letter_behind:
        return CHANGE_AT_FRONT if letter_behind == letters_last else CHANGE_AGAINST_ORDER
    if after.counter and after.counter.page == 1:
        return CHANGE_AT_RESTART
    return CHANGE_ANYWHERE


def _is_front(page: PageSightings) -> bool:
    second_page = page.counter is not None and page.counter.page > 1
    return page.document_type in _FRONT_TYPES and not second_page


def _sweep(
    emissions: Sequence[Sequence[float]], changes: Sequence[float], entering: Sequence[float]
) -> tuple[float, list[list[float]]]:
    """One pass of the chain: the log-likelihood of all pages, and for each page the log-probability of each state
    given it and all before it.
    """
    total, first = _scaled([enter + e for enter, e in zip(entering, emissions[0], strict=True)])
    rows = [first]
    for emission, change in zip(emissions[1:], changes, strict=True):
        stay, leave = math.log1p(-change), math.log(change)
        reached = [
            _log_add(stay + b, leave + enter) + e for b, enter, e in zip(rows[-1], entering, emission, strict=True)
        ]
        scale, row = _scaled(reached)
        total += scale
        rows.append(row)
    return total, rows


def _posterior(
    forward: Sequence[float], backward: Sequence[float], emission: Sequence[float], entering: Sequence[float]
) -> list[float]:
    """Both directions together; the page itself and the chance to start are in both and count once."""
    joint = _normalised([f + b - e - n for f, b, e, n in zip(forward, backward, emission, entering, strict=True)])
    return [math.exp(value) for value in joint]


def _normalised(logs: Sequence[float]) -> list[float]:
    return _scaled(logs)[1]


def _scaled(logs: Sequence[float]) -> tuple[float, list[float]]:
    """The logarithm of the sum, and the values less it: probabilities that sum to one."""
    top = max(logs)
    total = top + math.log(sum(math.exp(value - top) for value in logs))
    return total, [value - total for value in logs]


def _log_add(a: float, b: float) -> float:
    high, low = (a, b) if a > b else (b, a)
    return high + math.log1p(math.exp(low - high))
