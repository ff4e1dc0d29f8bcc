"""What the pages of drawn trays teach: whose each is among its candidates, and how sure the sequence was of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from bench.logit import Choices, Numbers
from bench.scoring import Truth
from bench.stated import likeliest
from bench.stream import Streamed, replay
from worker.matching.candidates import PageFindings, weigh
from worker.matching.judgment import Ground, Judgment
from worker.matching.look_over import look_over
from worker.matching.policy import Policy
from worker.matching.refit import Labelled
from worker.matching.registry import Registry
from worker.matching.sightings import PageSightings
from worker.matching.weights import Weights

#: How far a weight is moved to see what hangs on it, in parts of itself: little, since bounds bend the line.
NUDGE = 0.01


@dataclass(frozen=True, slots=True)
class Lesson:
    """One page: `base` and `features` of nobody and of each candidate, and which of them are right."""

    base: Numbers
    features: Numbers
    is_right: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Taught:
    """A document's pages as matching sees them, with what is true of each."""

    pages: tuple[PageSightings, ...]
    truth: tuple[Truth, ...]
    registry: Registry


def taught(documents: Iterable[Streamed], registry: Registry) -> Iterator[Taught]:
    """The documents looked over once; further copies of one are left out, since they say nothing new."""
    for document in documents:
        truth = {page.page: page for page in document.truth}
        seen = [look_over(r, registry) for r in document.readings if not r.is_blank and r.number in truth]
        kept = tuple(page for page in seen if not page.is_blank and not truth[page.page].is_repeat)
        if kept:
            yield Taught(kept, tuple(truth[page.page] for page in kept), registry)


def lessons(document: Taught, weights: Weights) -> Iterator[Lesson]:
    """The pages of a document; those whose owner the truth does not name, since the request is closed, are left out."""
    weighed = weigh(document.pages, document.registry, Policy(weights=weights))
    ids = [request.request_id for request in weighed.candidates]
    if not ids:
        return
    base = _totals(weighed.findings, ids)
    slopes = np.stack([_slope(document, weights, name, base) for name in names()], axis=-1)
    is_any_closed = not all(request.is_open for request in weighed.candidates)
    for k, truth in enumerate(document.truth):
        if truth.request_id is None and is_any_closed:
            continue
        right = [one in {truth.request_id, *truth.also} for one in ids]
        yield Lesson(_with_nobody(base[k]), _with_nobody(slopes[k]), (not any(right), *right))


def names() -> tuple[str, ...]:
    """All weights there are."""
    return tuple(each.name for each in fields(Weights))


def values(weights: Weights) -> Numbers:
    """Their values, in that order."""
    return np.array([getattr(weights, name) for name in names()], dtype=np.float64)


def choices_of(found: Sequence[Lesson]) -> Choices:
    """The lessons put together."""
    counts = [len(lesson.base) for lesson in found]
    return Choices(
        np.concatenate([lesson.base for lesson in found]),
        np.concatenate([lesson.features for lesson in found]),
        np.array([right for lesson in found for right in lesson.is_right], dtype=np.bool_),
        np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64),
    )


def labelled(documents: Iterable[Streamed], registry: Registry, policy: Policy) -> Iterator[Labelled]:
    """How sure the sequence was of each page's likeliest request, and whether it was right.

    Only of pages whose filing hangs on that alone: a page that contradicts, or may be two requests', is not filed
    however likely one of them is, and says nothing of those that are. Left out are also pages of which the truth does
    not say so: blank ones, further copies, and those of closed requests.
    """
    for document in documents:
        for truth, judgment in zip(document.truth, replay(document, registry, policy).judgments, strict=True):
            best = likeliest(judgment.decision.candidates)
            if best is None or truth.kind == "blank" or truth.is_repeat or not _hangs_on_certainty(judgment):
                continue
            request = registry.request(best.request_id)
            if truth.request_id is not None or request is None or request.is_open:
                yield Labelled(best.probability, best.request_id in {truth.request_id, *truth.also})


def _hangs_on_certainty(judgment: Judgment) -> bool:
    """It is filed, or is not only because it is not sure enough."""
    if judgment.ground is Ground.NOTHING_NAMED:
        return judgment.page.is_legible and not judgment.page.has_identity
    return judgment.ground in (Ground.NAMED, Ground.FOLLOWS, Ground.UNSURE)


def _slope(document: Taught, weights: Weights, name: str, base: Numbers) -> Numbers:
    """How each page's total for each candidate moves with this weight."""
    nudge = NUDGE * getattr(weights, name)
    if nudge == 0:
        return np.zeros_like(base)
    nudged = replace(weights, **{name: getattr(weights, name) + nudge})
    weighed = weigh(document.pages, document.registry, Policy(weights=nudged))
    ids = [request.request_id for request in weighed.candidates]
    return np.asarray((_totals(weighed.findings, ids) - base) / nudge, np.float64)


def _totals(findings: Sequence[PageFindings], ids: Sequence[str]) -> Numbers:
    """What each page says for each candidate, in log-odds (pages, candidates)."""
    return np.array([[sum(f.weight for f in page[one]) for one in ids] for page in findings], dtype=np.float64)


def _with_nobody(rows: Numbers) -> Numbers:
    """Nobody's odds stand first: nothing speaks for or against nobody."""
    return np.concatenate([np.zeros_like(rows[:1]), rows])
