"""The columns of a registry file, and what to say when they are not there."""

from dataclasses import fields
from difflib import get_close_matches

from worker.domain.request import Request

#: The columns that a registry needs: the fields of a request.
COLUMNS = tuple(field.name for field in fields(Request))


def header_problems(line: int, header: list[str]) -> list[str]:
    """One sentence per missing or doubled column; a misspelt one is named."""
    if not any(header):
        return ["the file is empty: it needs a header line with " + ", ".join(COLUMNS)]
    if header[0].startswith("\udcff\udcfe") or header[0].startswith("\udcfe\udcff"):
        return [f"line {line}: the file is UTF-16: save it as CSV UTF-8"]
    missing = [name for name in COLUMNS if name not in header]
    strangers = [name for name in header if name not in COLUMNS]
    problems = [_missing(line, name, strangers) for name in missing]
    problems += [
        f"line {line}: column {name!r} stands there {header.count(name)} times"
        for name in COLUMNS
        if header.count(name) > 1
    ]
    if len(missing) == len(COLUMNS) and len(header) == 1:
        problems.insert(0, f"line {line}: no commas found: cells must be separated by commas{_separator(header)}")
    return problems


def _missing(line: int, name: str, strangers: list[str]) -> str:
    plain = {stranger.lower().replace(" ", "_").replace("-", "_"): stranger for stranger in strangers}
    near = get_close_matches(name, plain, n=1, cutoff=0.75)
    hint = f" (is {plain[near[0]]!r} meant?)" if near else ""
    return f"line {line}: column {name!r} is missing{hint}"


def _separator(header: list[str]) -> str:
    names = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
    used = [words for char, words in names.items() if char in header[0]]
    return f", not {used[0]}" if used else ""
