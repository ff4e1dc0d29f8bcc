"""Index files in CSV: a header row, then one row for each scan."""

import csv
import io

from worker.intake.sidecar import BadSidecarError, IndexRow, bare, is_file_name

MOST_ROWS = 10_000
_DELIMITERS = ",;\t|"


def read_csv(data: bytes) -> tuple[IndexRow, ...]:
    """The rows of an index, none when there is only a header yet. Raises BadSidecarError.

    Comma, semicolon, tab or bar; UTF-8, UTF-16 with its mark, or Windows-1252. Without a column for the file's name a
    single row speaks of the scan that is named like the index.
    """
    lines = _lines(_text(data))
    if not lines:
        raise BadSidecarError("the index is empty: it needs a header row and a row for each file")
    header = [name.strip() for name in lines[0]]
    if len(set(filter(None, header))) < 1 or all(name.isdigit() for name in header):
        raise BadSidecarError("the first row of the index is not a header row with the names of the columns")
    at = next((column for column, name in enumerate(header) if is_file_name(name)), None)
    if at is None and len(lines) > 2:
        raise BadSidecarError("no column of the index gives the file name: call it FileName in the header row")
    return tuple(_row(header, line, number, at) for number, line in enumerate(lines[1:], 2))


def is_whole_csv(data: bytes) -> bool:
    """Its last line is ended: no half-written row. A CSV has no other end."""
    return data.endswith((b"\n", b"\r", b"\n\0"))


def _row(header: list[str], line: list[str], number: int, at: int | None) -> IndexRow:
    if len(line) > len(header):
        raise BadSidecarError(f"row {number} of the index has {len(line)} fields, its header row {len(header)}")
    fields = tuple((name, value) for name, value in zip(header, line, strict=False) if name)
    if at is None:
        return IndexRow("", fields)
    file = bare(line[at]) if at < len(line) else ""
    if not file:
        raise BadSidecarError(f"row {number} of the index has no file name")
    return IndexRow(file, fields)


def _lines(text: str) -> list[list[str]]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        lines = [row for row in rows if any(field.strip() for field in row)]
    except csv.Error as error:
        raise BadSidecarError(f"the index is not valid CSV: {error}") from error
    if len(lines) > MOST_ROWS + 1:
        raise BadSidecarError(f"the index has more than {MOST_ROWS} rows")
    return lines


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
