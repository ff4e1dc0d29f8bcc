"""When a page may be filed without a person: what the payer sets, and what a comparison is worth."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from worker.matching.calibration import IDENTITY, Calibration
from worker.matching.weights import Weights

#: One page in two thousand: people misplace three to six in a thousand.
ACCEPTED_RISK = 0.0005


@dataclass(frozen=True, slots=True)
class Rules:
    """What a line or a program of the payer sets for itself; None: as the site does.

    `shares_pages` (of a program): a page that answers several open requests of one member is filed to each of them.
    """

    accepted_risk: float | None = None
    shares_pages: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The limits of filing. `fitted` names the version of the weights and the calibration."""

    weights: Weights = field(default_factory=Weights)
    #: What a probability of the sequence is worth before it is compared with the accepted risk.
    calibration: Calibration = IDENTITY
    fitted: str = "by hand"
    #: A page is filed only if the chance that it is not its request's is at most this, the whole document considered.
    accepted_risk: float = ACCEPTED_RISK
    #: What the line of the document at hand accepts, where it sets anything (see on_lines).
    line_risk: float | None = None
    lines: Mapping[str, Rules] = field(default_factory=dict)
    programs: Mapping[str, Rules] = field(default_factory=dict)
    #: Numbers on a page, and barcodes, any of which may be an id of the registry by accident.
    numbers_on_page: float = 30.0
    barcodes_on_page: float = 2.0
    #: How far outside the requested dates of service a page may be dated and still say nothing, in days.
    service_slack_days: int = 2
    #: An id read by OCR counts as read only if the engine is at least this sure of each of its words (0 to 1).
    sure_word: float = 0.6
    #: Under this the engine itself says that a name or date was a guess: such a reading cannot contradict.
    doubtful_word: float = 0.5

    def on_lines(self, names: Collection[str]) -> "Policy":
        """The policy for a document that came on these lines: the least risk that any of them accepts."""
        risks = [rules.accepted_risk for name in names if (rules := self.lines.get(name))]
        given = [risk for risk in risks if risk is not None]
        return replace(self, line_risk=min(given)) if given else self

    def file_at(self, program: str) -> float:
        """The probability (0 to 1) from which a page is filed to a request of this program.

        What line or program set counts instead of the site's; where both do, the smaller.
        """
        risks = (self.programs.get(program, Rules()).accepted_risk, self.line_risk)
        return 1.0 - min((risk for risk in risks if risk is not None), default=self.accepted_risk)

    def shares_pages(self, program: str) -> bool:
        """A page of a request of this program may be another request's as well."""
        return self.programs.get(program, Rules()).shares_pages

    @property
    def version(self) -> str:
        """Names all of this: the fitted version, and a digest in which every setting counts."""
        ordered = replace(self, lines=dict(sorted(self.lines.items())), programs=dict(sorted(self.programs.items())))
        return f"{self.fitted} {hashlib.sha256(repr(ordered).encode()).hexdigest()[:12]}"
