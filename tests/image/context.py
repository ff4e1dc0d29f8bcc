"""The build context: which files of the checkout a build may see, as .dockerignore says."""

import re
from collections.abc import Iterator
from pathlib import Path


def context_files(root: Path) -> Iterator[Path]:
    """The files below `root` that .dockerignore lets through, relative to it. The last line that matches decides."""
    rules = list(_rules((root / ".dockerignore").read_text("utf-8")))
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if (path.is_file() or path.is_symlink()) and not is_ignored(relative, rules):
            yield relative


def is_ignored(path: Path, rules: list[tuple[bool, re.Pattern[str]]]) -> bool:
    """Whether a build does not see the path; a rule for a folder holds for what is in it."""
    names = [str(path), *(str(parent) for parent in path.parents if parent != Path())]
    ignored = False
    for is_exception, pattern in rules:
        if any(pattern.fullmatch(name) for name in names):
            ignored = not is_exception
    return ignored


def _rules(text: str) -> Iterator[tuple[bool, re.Pattern[str]]]:
    for line in filter(None, (line.strip() for line in text.splitlines())):
        if not line.startswith("#"):
            pattern = line.removeprefix("!").strip("/")
            yield line.startswith("!"), re.compile(_expression(pattern))


def _expression(pattern: str) -> str:
    """Docker's patterns: `**/` is any number of folders, `*` and `?` stay within a name."""
    parts = re.split(r"(\*\*/?|\*|\?)", pattern)
    meanings = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(meanings.get(part, re.escape(part)) for part in parts)
