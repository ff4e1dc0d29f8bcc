"""The calibration of a site: a small file that a person can read, written by `pigeonhole learn`."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from worker.errors import BadSettingsError
from worker.matching.calibration import IDENTITY, Calibration
from worker.storage.whole import write_whole

#: Of what the numbers mean: another version is refused, not guessed at.
VERSION = 1


@dataclass(frozen=True, slots=True)
class Fitted:
    """A calibration with what it comes from: the day, and how many labelled cases, of them from the audit sample."""

    version: int
    fitted_on: date
    cases: int
    audited: int
    slope: float
    offset: float
    is_laxer: bool

    @property
    def calibration(self) -> Calibration:
        """What matching uses of it."""
        return Calibration(self.slope, self.offset, self.is_laxer)


_FITTED = TypeAdapter(Fitted)


def load_calibration(file: Path, otherwise: Calibration = IDENTITY) -> Calibration:
    """The calibration; the other one where there is no file. Raises BadSettingsError for a file that is not ours."""
    try:
        fitted = _FITTED.validate_json(file.read_bytes(), extra="forbid")
    except FileNotFoundError:
        return otherwise
    except (OSError, ValidationError) as error:
        raise BadSettingsError(f"{file}: not written by `pigeonhole learn`: remove it, or fit again") from error
    if fitted.version != VERSION or fitted.slope <= 0:
        raise BadSettingsError(f"{file}: of version {fitted.version}, this program knows {VERSION}: fit it again")
    return fitted.calibration


def save_calibration(file: Path, fitted: Fitted) -> None:
    """Write it whole. Raises CannotWriteError."""
    write_whole(file, json.dumps(_FITTED.dump_python(fitted, mode="json"), indent=2) + "\n")
