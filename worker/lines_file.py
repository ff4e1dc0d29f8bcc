"""The lines of a site, from a TOML file: `[lines.<name>]` with the fields of domain.line.Line."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from worker.domain.envelope import ROUTINE
from worker.domain.line import DEFAULT_LINES, Line
from worker.errors import BadSettingsError

_LINE = TypeAdapter(Line)


def load_lines(file: Path | None) -> Mapping[str, Line]:
    """The lines by name, always with `routine` among them. Raises BadSettingsError with what is wrong."""
    if file is None:
        return {line.name: line for line in DEFAULT_LINES}
    try:
        tables = tomllib.loads(file.read_text("utf-8")).get("lines", {})
        lines = {name: _LINE.validate_python({"name": name, **table}, extra="forbid") for name, table in tables.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise BadSettingsError(f"{file}: {_in_words(error)}") from error
    return {ROUTINE: Line(ROUTINE), **lines}


def _in_words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"lines.{error.title}: {e['loc'][-1] if e['loc'] else ''}: {e['msg']}" for e in error.errors())
    return str(error)
