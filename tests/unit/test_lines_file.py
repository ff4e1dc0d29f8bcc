"""Lines and programs of a site, read from one TOML file."""

from pathlib import Path

import pytest

from worker.errors import BadSettingsError
from worker.lines_file import load_lines, load_programs
from worker.matching.policy import Rules


def test_lines_and_programs_stand_in_one_file(tmp_path: Path) -> None:
    file = tmp_path / "lines.toml"
    file.write_text('[lines.appeals]\naccepted_risk = 0.0001\n[programs."Risk Adjustment"]\naccepted_risk = 0.001\n')

    assert load_lines(file)["appeals"].accepted_risk == 0.0001
    assert load_lines(file)["routine"].accepted_risk is None
    assert load_programs(file) == {"Risk Adjustment": Rules(0.001)}


def test_a_program_shares_pages_only_where_the_file_says_so(tmp_path: Path) -> None:
    file = tmp_path / "lines.toml"
    file.write_text("[programs.audit]\nshares_pages = true\n[programs.stars]\naccepted_risk = 0.001\n")

    programs = load_programs(file)

    assert [programs[name].shares_pages for name in ("audit", "stars")] == [True, False]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[programs.x]\naccepted_risk = 0.7\n", "above 0 and below 0.5"),
        ("[programs.x]\naccepted_risk = 0\n", "above 0 and below 0.5"),
        ("[programs.x]\nrisk = 0.1\n", "programs.x"),
        ("[programs]\nx = 3\n", "lines.toml"),
        ("[programs.x\n", "lines.toml"),
    ],
)
def test_what_is_wrong_with_a_program_is_said(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "lines.toml"
    file.write_text(text)

    with pytest.raises(BadSettingsError, match=said):
        load_programs(file)


def test_without_a_file_no_program_sets_anything() -> None:
    assert load_programs(None) == {}
