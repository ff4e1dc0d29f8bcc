"""What speaks for and against the likeliest request of a page and its runner-up, added up, and where on the page.

Weights are in natural log-odds. The bars of a waterfall add up to the log-odds of the request's probability: the last
one is what the page itself does not say, but the pages beside it, the other requests and chance do.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from worker.domain.decision import Candidate, Decision, Finding, Verdict
from worker.domain.reading import Barcode, Box
from worker.matching.places import is_same_place

#: Probabilities are kept with six digits: beyond this they are as good as 0 or 1.
HALF_A_DIGIT = 5e-7


class Side(Enum):
    """For whom a place on the page speaks."""

    FOR = "for"
    AGAINST = "against"
    RIVAL = "the runner-up's"
    """Only the runner-up has to do with it, or it speaks for that one alone."""
    CODE = "barcode"
    """A barcode that no finding rests on."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the page. `label` is the number or letter of the step that rests on it, empty for none."""

    label: str
    side: Side
    box: Box


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of a waterfall: what it adds (or takes) to the sum of those before it.

    `label` ties it to places on the page; `is_on_page` says that there are any. What is no finding has none.
    """

    label: str
    sentence: str
    weight: float
    before: float
    is_on_page: bool = False

    @property
    def after(self) -> float:
        """The sum with this step."""
        return self.before + self.weight


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The steps that lead to a request's probability (0 to 1), strongest first."""

    request_id: str
    probability: float
    steps: tuple[Step, ...]

    @property
    def total(self) -> float:
        """The log-odds that the steps lead to."""
        return self.steps[-1].after


@dataclass(frozen=True, slots=True)
class Account:
    """The two likeliest requests, how likely it is that neither these nor the `others` own the page, and the places."""

    best: Waterfall | None
    runner_up: Waterfall | None
    nobody: float
    others: int
    marks: tuple[Mark, ...]


def two_likeliest(decision: Decision) -> tuple[Candidate | None, Candidate | None]:
    """The request that the page was filed to, else the likeliest, and the likeliest of the others."""
    first = next((c for c in decision.candidates if c.request_id == decision.request_id), None)
    best = first or next(iter(decision.candidates), None)
    return best, next((c for c in decision.candidates if c is not best), None)


def nobodys(decision: Decision) -> float:
    """The probability (0 to 1) that the page is nobody's, or of a request that is not shown."""
    return max(0.0, 1.0 - sum(candidate.probability for candidate in decision.candidates))


def by_weight(candidate: Candidate) -> list[Finding]:
    """The findings: what speaks most for the request first, what speaks most against it last."""
    return sorted(candidate.findings, key=lambda finding: -finding.weight)


def account_of(decision: Decision, barcodes: Sequence[Barcode], pages: int) -> Account:
    """The account of one page of a document of so many pages."""
    best, rival = two_likeliest(decision)
    mine = _numbered(best) if best else []
    theirs = _lettered(rival, mine) if rival else []
    marks = [*_marks(mine), *_rival_marks(theirs, mine)]
    codes = [code.box for code in barcodes if not any(is_same_place(code.box, mark.box) for mark in marks)]
    return Account(
        best=_waterfall(best, mine, pages) if best else None,
        runner_up=_waterfall(rival, theirs, pages) if rival else None,
        nobody=nobodys(decision),
        others=max(0, len(decision.candidates) - 2),
        marks=(*marks, *(Mark("", Side.CODE, box) for box in codes)),
    )


Labelled = list[tuple[str, Finding]]


def _numbered(candidate: Candidate) -> Labelled:
    return [(str(k), finding) for k, finding in enumerate(by_weight(candidate), start=1)]


def _lettered(rival: Candidate, mine: Labelled) -> Labelled:
    """A finding of the runner-up bears a letter, or the number of the best request's that rests on the same places."""
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    labelled = []
    for finding in by_weight(rival):
        same = next((label for label, other in mine if _is_alike(finding, other)), None)
        labelled.append((same or next(letters), finding))
    return labelled


def _is_alike(one: Finding, other: Finding) -> bool:
    if not one.boxes:
        return (one.name, one.verdict, one.boxes) == (other.name, other.verdict, other.boxes)
    return all(_is_among(box, other.boxes) for box in one.boxes)


def _is_among(box: Box, places: Iterable[Box]) -> bool:
    return any(is_same_place(box, place) for place in places)


def _marks(mine: Labelled) -> list[Mark]:
    sides = {Verdict.AGREES: Side.FOR, Verdict.DISAGREES: Side.AGAINST, Verdict.NOTHING: Side.CODE}
    return [Mark(label, sides[finding.verdict], box) for label, finding in mine for box in finding.boxes]


def _rival_marks(theirs: Labelled, mine: Labelled) -> list[Mark]:
    """Places that are nothing to the best request, and those that speak for the runner-up but not for the best."""
    known = {label for label, _ in mine}
    places = [box for _, finding in mine if finding.verdict is Verdict.AGREES for box in finding.boxes]
    marks = []
    for label, finding in theirs:
        speaks_for = finding.verdict is Verdict.AGREES
        boxes = [box for box in finding.boxes if not (speaks_for and _is_among(box, places))]
        if label not in known:
            marks += [Mark(label, Side.RIVAL, box) for box in boxes or finding.boxes]
        elif speaks_for:
            marks += [Mark("", Side.RIVAL, box) for box in boxes]
    return marks


def _waterfall(candidate: Candidate, labelled: Labelled, pages: int) -> Waterfall:
    steps: list[Step] = []
    total = 0.0
    for label, finding in labelled:
        steps.append(Step(label, finding.sentence, finding.weight, total, bool(finding.boxes)))
        total = steps[-1].after
    rest = _rest(candidate.probability, total)
    if rest or not steps:
        steps.append(Step("", _why_rest(rest, pages, is_all=not steps), rest, total))
    return Waterfall(candidate.request_id, candidate.probability, tuple(steps))


def _rest(probability: float, total: float) -> float:
    """What is missing from the page's own sum to the log-odds of the probability: the least that its digits allow."""
    lowest, highest = _log_odds(probability - HALF_A_DIGIT), _log_odds(probability + HALF_A_DIGIT)
    return min(max(total, lowest), highest) - total


def _log_odds(probability: float) -> float:
    if probability <= 0.0:
        return -math.inf
    return math.inf if probability >= 1.0 else math.log(probability / (1.0 - probability))


def _why_rest(rest: float, pages: int, *, is_all: bool) -> str:
    """The sentence for what the page itself does not say; `is_all` where it says nothing."""
    says_nothing = "The page itself says nothing of it; " if is_all else ""
    if rest < 0:
        others = (
            "pages beside it, other requests or chance agreement" if pages > 1 else "other requests or chance agreement"
        )
        sentence = f"{says_nothing}{others} make it less sure."
    elif pages > 1:
        sentence = f"{says_nothing}the pages beside it speak for it{'' if is_all else ' too'}."
    else:
        sentence = f"{says_nothing}this is how likely it is before anything is read."
    return sentence[0].upper() + sentence[1:]
