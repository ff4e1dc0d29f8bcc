"""Parts of a document that a command writes anew, between two comments that name the part."""

from pathlib import Path


def rewrite(path: Path, part: str, text: str) -> None:
    """Puts text between `<!-- part -->` and `<!-- /part -->` of a file; all else stays. Raises ValueError where the two
    do not stand there.
    """
    path.write_text(with_part(path.read_text("utf-8"), part, text), encoding="utf-8")


def with_part(document: str, part: str, text: str) -> str:
    """The document with this text in this part; see `rewrite`."""
    begins, ends = f"<!-- {part} -->", f"<!-- /{part} -->"
    head, found, rest = document.partition(begins)
    _, closed, tail = rest.partition(ends)
    if not (found and closed):
        raise ValueError(f"the document needs {begins} and {ends} where this part is to stand")
    return f"{head}{begins}\n\n{text.strip()}\n\n{ends}{tail}"
