"""The file of fitted weights: read as it was written, refused where it is damaged."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from worker.errors import BadSettingsError
from worker.fitted_file import Fitted, FittedCalibration, load_fitted, save_fitted
from worker.matching.calibration import Calibration
from worker.matching.weights import Weights

FITTED = Fitted(
    version="2026-11-25.1",
    fitted_on=date(2026, 11, 25),
    trays=("ordinary-1", "traps-2"),
    pages=1200,
    weights={"barcode": 13.5, "name_differs": -9.25},
    calibration=FittedCalibration(0.9, -0.2, is_laxer=False, trays=("ordinary-3",), pages=600, wrong=4),
)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "fitted.json"

    save_fitted(file, FITTED)

    assert load_fitted(file) == FITTED


def test_weights_that_are_not_named_are_as_set_by_hand() -> None:
    weights = FITTED.matching_weights()

    assert weights == replace(Weights(), barcode=13.5, name_differs=-9.25)


def test_matching_is_given_the_calibration() -> None:
    calibration = FITTED.matching_calibration()

    assert calibration == Calibration(0.9, -0.2)


@pytest.mark.parametrize(
    "change",
    [
        {"weights": {"bar": 1.0}},
        {"weights": {"barcode": -1.0}},
        {"weights": {"barcode": "much"}},
        {"calibration": {"slope": 1.0}},
        {"fitted_on": "yesterday"},
        {"more": 1},
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    file = tmp_path / "fitted.json"
    save_fitted(file, FITTED)
    file.write_text(json.dumps(json.loads(file.read_text()) | change))

    with pytest.raises(BadSettingsError, match="install the program again"):
        load_fitted(file)


@pytest.mark.parametrize("text", ["", "[]", "not json"])
def test_what_is_no_fitted_file_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "fitted.json"
    file.write_text(text)

    with pytest.raises(BadSettingsError, match="missing or damaged"):
        load_fitted(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSettingsError, match="missing or damaged"):
        load_fitted(tmp_path / "fitted.json")


def test_the_shipped_file_only_takes_certainty_away() -> None:
    fitted = load_fitted()

    assert not fitted.matching_calibration().is_laxer
    assert set(fitted.weights) <= set(Weights.__dataclass_fields__)
