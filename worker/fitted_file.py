"""The weights and the calibration that come with the program: `fitted.json`, written by `python -m bench.fit`."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from worker.errors import BadSettingsError
from worker.matching.calibration import Calibration
from worker.matching.weights import Weights
from worker.storage.whole import write_whole

#: The one that is shipped.
FITTED = Path(__file__).with_name("fitted.json")


@dataclass(frozen=True, slots=True)
class FittedCalibration:
    """The line in log-odds, and what it rests on: pages with a likeliest request, and how many of these were wrong."""

    slope: float
    offset: float
    is_laxer: bool
    trays: tuple[str, ...]
    pages: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was fitted, on which trays (kind and seed) and when. A weight that is not named is as set by hand."""

    version: str
    fitted_on: date
    trays: tuple[str, ...]
    pages: int
    weights: Mapping[str, float]
    calibration: FittedCalibration

    def matching_weights(self) -> Weights:
        """The weights as matching uses them. Raises ValueError for a name that is unknown, or a turned sign."""
        known = {each.name: float(getattr(Weights(), each.name)) for each in fields(Weights)}
        for name, weight in self.weights.items():
            if name not in known or weight * known[name] <= 0:
                raise ValueError(name)
        return replace(Weights(), **self.weights)

    def matching_calibration(self) -> Calibration:
        """The calibration as matching uses it. Raises ValueError where a surer page would not be likelier right."""
        if self.calibration.slope <= 0:
            raise ValueError(self.calibration.slope)
        return Calibration(self.calibration.slope, self.calibration.offset, self.calibration.is_laxer)


_FITTED = TypeAdapter(Fitted)


@cache
def load_fitted(file: Path = FITTED) -> Fitted:
    """The fitted weights and calibration. Raises BadSettingsError for a file that is missing or damaged."""
    try:
        fitted = _FITTED.validate_json(file.read_bytes(), extra="forbid")
        fitted.matching_weights(), fitted.matching_calibration()
    except (OSError, ValueError, ValidationError) as error:
        raise BadSettingsError(
            f"{file}: missing or damaged, so pages cannot be weighed: install the program again"
        ) from error
    return fitted


def save_fitted(file: Path, fitted: Fitted) -> None:
    """Write it whole. Raises CannotWriteError."""
    ordered = asdict(fitted) | {"fitted_on": fitted.fitted_on.isoformat(), "weights": dict(fitted.weights)}
    write_whole(file, json.dumps(ordered, indent=2) + "\n")
