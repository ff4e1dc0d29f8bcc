"""The file of a calibration: written whole, read back, refused where it is not ours."""

import json
from datetime import date
from pathlib import Path

import pytest

from worker.calibration_file import VERSION, Fitted, load_calibration, save_calibration
from worker.errors import BadSettingsError
from worker.matching.calibration import IDENTITY, Calibration

FITTED = Fitted(VERSION, date(2026, 11, 25), 412, 120, 0.93, -0.1, is_laxer=False)


def test_without_a_file_probabilities_are_taken_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"

    found = load_calibration(file)

    assert found == IDENTITY


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"

    save_calibration(file, FITTED)

    assert load_calibration(file) == Calibration(0.93, -0.1)
    assert '"cases": 412' in file.read_text()


@pytest.mark.parametrize("change", [{"version": 2}, {"slope": -1}, {"slope": "steep"}, {"more": 1}])
def test_another_file_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    file = tmp_path / "calibration.json"
    save_calibration(file, FITTED)
    file.write_text(json.dumps(json.loads(file.read_text()) | change))

    with pytest.raises(BadSettingsError, match="fit"):
        load_calibration(file)


@pytest.mark.parametrize("text", ["", "[]", '{"slope": 1}', "not json"])
def test_what_is_no_calibration_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "calibration.json"
    file.write_text(text)

    with pytest.raises(BadSettingsError, match="fit again"):
        load_calibration(file)
