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
CHANGE_ANYWHERE = 0.03
CHANGE_AT_RESTART = 0.10
CHANGE_AT_LETTER = 0.6
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

    @property
    def runner_up(self) -> str | None:
        """The second likeliest owner, if there is one."""
        others = [owner for owner in self.probabilities if owner != self.best]
        return max(others, key=lambda owner: (self.probabilities[owner], owner), default=None)


def owners(pages: Sequence[PageSightings], weighed: Weighed) -> tuple[Owner, ...]:
    """The owner probabilities of each page, blank pages and separators left to their neighbours."""
    if not pages:
        return ()
    states = [r.request_id for r in weighed.candidates] + [NOBODY]
    entering = _entering(states, weighed)
    emissions = [[_weight(findings, state) for state in states] for findings in weighed.findings]
    changes = [_change(before, after) for before, after in pairwise(pages)]
    forward = _sweep(emissions, changes, entering)
    backward = _sweep(emissions[::-1], changes[::-1], entering)[::-1]
    return tuple(
        Owner(page.page, dict(zip(states, _posterior(f, b, e, entering), strict=True)))
        for page, f, b, e in zip(pages, forward, backward, emissions, strict=True)
    )


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


def _change(before: PageSightings, after: PageSightings) -> float:
    """The chance that the owner changes between two neighbouring pages."""
    if before.is_separator or after.is_separator or _is_new_letter(after):
        return CHANGE_AT_LETTER
    if before.counter and after.counter:
        goes_on = after.counter.page == before.counter.page + 1 and after.counter.of == before.counter.of
        return CHANGE_WITHIN_COUNT if goes_on else CHANGE_AT_RESTART
    if before.document_type is DocumentType.COVER_SHEET:
        return CHANGE_AT_LETTER
    return CHANGE_ANYWHERE


def _is_new_letter(page: PageSightings) -> bool:
    second_page = page.counter is not None and page.counter.page > 1
    return page.document_type in _FRONT_TYPES and not second_page


def _sweep(
    emissions: Sequence[Sequence[float]], changes: Sequence[float], entering: Sequence[float]
) -> list[list[float]]:
    """One pass of the chain: for each page the log-probability of all before it and itself, by state."""
    rows = [_normalised([enter + e for enter, e in zip(entering, emissions[0], strict=True)])]
    for emission, change in zip(emissions[1:], changes, strict=True):
        stay, leave = math.log1p(-change), math.log(change)
        before = rows[-1]
        rows.append(
            _normalised(
                [_log_add(stay + b, leave + enter) + e for b, enter, e in zip(before, entering, emission, strict=True)]
            )
        )
    return rows


def _posterior(
    forward: Sequence[float], backward: Sequence[float], emission: Sequence[float], entering: Sequence[float]
) -> list[float]:
    """Both directions together; the page itself and the chance to start are in both and count once."""
    joint = _normalised([f + b - e - n for f, b, e, n in zip(forward, backward, emission, entering, strict=True)])
    return [math.exp(value) for value in joint]


def _normalised(logs: Sequence[float]) -> list[float]:
    top = max(logs)
    total = top + math.log(sum(math.exp(value - top) for value in logs))
    return [value - total for value in logs]


def _log_add(a: float, b: float) -> float:
    high, low = (a, b) if a > b else (b, a)
    return high + math.log1p(math.exp(low - high))
