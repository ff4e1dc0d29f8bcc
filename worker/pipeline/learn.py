"""Learning from people: labelled cases for fitting, and what another calibration would decide of what came lately."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import sqlalchemy as sa

from worker.db import labelled, pages
from worker.db.labelled import Case, Stored
from worker.domain.decision import Decision, Outcome
from worker.domain.review import ItemKind, SetAside
from worker.errors import PigeonholeError
from worker.matching.calibration import Calibration
from worker.matching.decide import decide
from worker.matching.judgment import Ground
from worker.matching.look_over import look_over
from worker.matching.policy import Policy
from worker.matching.refit import LEAST_CASES, Labelled
from worker.matching.registry import Registry
from worker.pipeline.origin import origin_of

#: What a person sets aside for these reasons says nothing of whose it is.
SILENT = frozenset(SetAside) - {SetAside.NOT_OURS}
#: Grounds of the machine in which the probability has a say: contradictions go to people whatever it is.
WEIGHED = frozenset(
    {Ground.NAMED, Ground.FOLLOWS, Ground.UNSURE, Ground.NOTHING_NAMED, Ground.UNREADABLE, Ground.SEVERAL_FIT}
)


class TooFewCasesError(PigeonholeError):
    """Fitting would learn chance."""

    def __init__(self, cases: int) -> None:
        super().__init__(
            f"{cases} labelled case(s) are too few to fit from, {LEAST_CASES} are needed at least: "
            "they come from what reviewers decide and from the audit sample. Nothing was changed."
        )


@dataclass(frozen=True, slots=True)
class Learned:
    """Cases for fitting; `audited` of them are from the audit sample, `silent` more say nothing of a probability."""

    cases: tuple[Labelled, ...]
    audited: int
    silent: int


@dataclass(frozen=True, slots=True)
class Flip:
    """A stored decision that would be another. `was` and `worth` are what its probability is worth now and then."""

    sha256: str
    source: str
    page: int
    is_filed_then: bool
    request_id: str
    was: float
    worth: float


def learn(cases: Iterable[Case], audit_share: float) -> Learned:
    """The cases that tell whether the machine's likeliest request was right. Raises TooFewCasesError.

    Whatever waited for a person was looked at, page by page, and counts once. Of pages that were filed, the audit
    sample is a share, and each stands for 1 / share; one that was put right otherwise counts once.
    """
    found, audited, silent = list[Labelled](), 0, 0
    for case in cases:
        probability = proposed(case.before)
        if probability is None or case.ground in SILENT or case.before.ground not in WEIGHED:
            silent += 1
            continue
        request_id, chance = probability
        is_audited = case.before.outcome is Outcome.FILED and ItemKind.AUDIT in case.kinds
        weight = 1 / audit_share if is_audited and audit_share else 1.0
        audited += is_audited
        found.append(Labelled(chance, case.request_id == request_id, weight))
    if len(found) < LEAST_CASES:
        raise TooFewCasesError(len(found))
    return Learned(tuple(found), audited, silent)


def proposed(decision: Decision) -> tuple[str, float] | None:
    """The request that the machine filed the page to, or would have, with its probability before any calibration.

    None for a page of several requests as well: none of their probabilities is how sure filing it was.
    """
    if decision.also:
        return None
    wanted = decision.request_id or (decision.candidates[0].request_id if decision.candidates else None)
    return next(((c.request_id, c.probability) for c in decision.candidates if c.request_id == wanted), None)


def flips(engine: sa.Engine, registry: Registry, now: Policy, then: Calibration, most: int) -> Iterator[Flip]:
    """What the machine decided of the latest `most` documents and would decide otherwise with another calibration.

    Only documents with a page on the other side of a limit are decided again, from what is stored of them.
    """
    later = replace(now, calibration=then)
    for stored in labelled.load_latest(engine, most):
        if any(_crosses(decision, now, later) for decision in stored.decisions.values()):
            yield from _flips_of(engine, registry, stored, (now, later))


def _crosses(decision: Decision, now: Policy, then: Policy) -> bool:
    best = proposed(decision)
    if best is None:
        return False
    worth = [policy.calibration.apply(best[1]) for policy in (now, then)]
    risks = {rules.accepted_risk for rules in (*now.lines.values(), *now.programs.values())} | {now.accepted_risk}
    limits = [1.0 - risk for risk in risks if risk is not None]
    return any((worth[0] >= limit) != (worth[1] >= limit) for limit in limits)


def _flips_of(engine: sa.Engine, registry: Registry, stored: Stored, policies: tuple[Policy, Policy]) -> Iterator[Flip]:
    readings = pages.load_readings(engine, stored.sha256)
    seen, origin = [look_over(reading, registry) for reading in readings], origin_of(engine, stored.sha256)
    was, would = (decide(seen, registry, policy.on_lines(origin.lines), origin) for policy in policies)
    for before, after in zip(was, would, strict=True):
        number = before.page.page
        is_machines = number in stored.decisions and stored.decisions[number].outcome is not Outcome.SET_ASIDE
        if is_machines and before.outcome is not after.outcome:
            is_filed = after.outcome is Outcome.FILED
            yield Flip(
                stored.sha256,
                stored.source,
                number,
                is_filed,
                (after if is_filed else before).request_id or "",
                before.confidence,
                after.confidence,
            )
