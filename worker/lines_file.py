"""The lines and programs of a site, from one TOML file: `[lines.<name>]` has the fields of domain.line.Line,
`[programs."<name>"]` those of matching.policy.Rules.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from worker.domain.envelope import ROUTINE
from worker.domain.line import DEFAULT_LINES, Line
from worker.errors import BadSettingsError
from worker.matching.policy import Rules

_T = TypeVar("_T")
_LINE, _RULES = TypeAdapter(Line), TypeAdapter(Rules)


def load_lines(file: Path | None) -> Mapping[str, Line]:
    """The lines by name, always with `routine` among them. Raises BadSettingsError with what is wrong."""
    if file is None:
        return {line.name: line for line in DEFAULT_LINES}
    tables = _tables(file, "lines")
    lines = {name: _valid(_LINE, {"name": name, **table}, file, f"lines.{name}") for name, table in tables.items()}
    _check_risks(file, {f"lines.{name}": line.accepted_risk for name, line in lines.items()})
    return {ROUTINE: Line(ROUTINE), **lines}


def load_programs(file: Path | None) -> Mapping[str, Rules]:
    """The rules of the payer's programs by name; of those not in the file the site's count. Raises BadSettingsError."""
    if file is None:
        return {}
    tables = _tables(file, "programs")
    programs = {name: _valid(_RULES, table, file, f"programs.{name}") for name, table in tables.items()}
    _check_risks(file, {f"programs.{name}": rules.accepted_risk for name, rules in programs.items()})
    return programs


def _tables(file: Path, kind: str) -> Mapping[str, Mapping[str, object]]:
    try:
        found = tomllib.loads(file.read_text("utf-8")).get(kind, {})
        return {name: dict(table) for name, table in found.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise BadSettingsError(f"{file}: {error}") from error


def _valid(adapter: TypeAdapter[_T], table: Mapping[str, object], file: Path, where: str) -> _T:
    try:
        return adapter.validate_python(table, extra="forbid")
    except ValidationError as error:
        said = "; ".join(f"{where}: {e['loc'][-1] if e['loc'] else ''}: {e['msg']}" for e in error.errors())
        raise BadSettingsError(f"{file}: {said}") from error


def _check_risks(file: Path, risks: Mapping[str, float | None]) -> None:
    for where, risk in risks.items():
        if risk is not None and not 0 < risk < 0.5:
            raise BadSettingsError(
                f"{file}: {where}: accepted_risk: give a share above 0 and below 0.5, such as 0.0005"
            )
