"""What a probability of the sequence is worth: a map onto the share that turned out right, fitted from cases."""

import math
from dataclasses import dataclass

#: Probabilities are stored with six digits: nothing is surer than this.
SUREST = 1 - 1e-6


@dataclass(frozen=True, slots=True)
class Calibration:
    """A straight line in log-odds (Platt scaling): monotone, and readable in a file of two numbers.

    `is_laxer`: it may also make a page surer than the sequence says. Otherwise it only ever takes certainty away, so no
    page is filed that would not be filed without it.
    """

    slope: float = 1.0
    offset: float = 0.0
    is_laxer: bool = False

    @property
    def is_identity(self) -> bool:
        """It changes nothing."""
        return self.slope == 1.0 and self.offset == 0.0

    def apply(self, probability: float) -> float:
        """What the probability (0 to 1) is worth."""
        if self.is_identity:
            return probability
        worth = logistic(self.slope * log_odds(probability) + self.offset)
        return worth if self.is_laxer else min(worth, probability)


#: The sequence is taken at its word.
IDENTITY = Calibration()


def log_odds(probability: float) -> float:
    """The natural log-odds of a probability, none surer than SUREST."""
    bounded = min(SUREST, max(1 - SUREST, probability))
    return math.log(bounded / (1 - bounded))


def logistic(odds: float) -> float:
    """The probability of natural log-odds."""
    if odds >= 0:
        return 1 / (1 + math.exp(-odds))
    return math.exp(odds) / (1 + math.exp(odds))
