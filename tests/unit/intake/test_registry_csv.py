"""The registry from a CSV file: all of it, or every problem at once."""

from datetime import date
from pathlib import Path

import pytest

from worker.domain.request import Request, RequestStatus
from worker.errors import BadRegistryError
from worker.intake.registry_csv import check_registry, read_registry
from worker.intake.registry_header import COLUMNS

HEADER = ",".join(COLUMNS)


def row(request_id: str = "R1", **cells: str) -> str:
    values = {
        "request_id": request_id, "claim_number": "C1", "member_id": "M1", "member_last_name": "Doe",
        "member_first_name": "Jane", "date_of_birth": "1957-04-03", "provider_name": "Clinic",
        "provider_npi": "1252914290", "provider_fax": "7766689329", "service_from": "2025-08-23",
        "service_to": "2025-08-26", "letter_date": "2026-10-29", "due_date": "2026-11-10",
        "program": "risk", "status": "open",
    }  # fmt: skip
    return ",".join((values | cells)[name] for name in COLUMNS)


def registry(folder: Path, *lines: str, end: str = "\n", encoding: str = "utf-8") -> Path:
    path = folder / "requests.csv"
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path


def problems_of(path: Path) -> tuple[str, ...]:
    with pytest.raises(BadRegistryError) as caught:
        read_registry(path)
    return caught.value.problems


def test_row_becomes_a_request(tmp_path: Path) -> None:
    result = read_registry(registry(tmp_path, HEADER, row()))

    assert result.problems == ()
    assert result.requests == (
        Request(
            "R1", "C1", "M1", "Doe", "Jane", date(1957, 4, 3), "Clinic", "1252914290", "7766689329",
            date(2025, 8, 23), date(2025, 8, 26), date(2026, 10, 29), date(2026, 11, 10), "risk",
            RequestStatus.OPEN,
        ),
    )  # fmt: skip


def test_what_spreadsheets_do_to_files_is_fine(tmp_path: Path) -> None:
    """Byte order mark, CRLF, other order, extra columns, blank lines, quoted and padded cells."""
    cells = dict(zip(COLUMNS, row(member_first_name=" Jane ").split(","), strict=True))
    cells |= {"member_last_name": '"O\'Brien, Jr"', "note": "x"}
    shuffled = ["note", *reversed(COLUMNS)]
    lines = [",".join(shuffled), "", ",".join(cells[name] for name in shuffled), ",,"]

    result = read_registry(registry(tmp_path, *lines, end="\r\n", encoding="utf-8-sig"))

    assert result.requests[0].member_last_name == "O'Brien, Jr"
    assert result.requests[0].member_first_name == "Jane"


def test_all_problems_come_at_once_with_their_lines(tmp_path: Path) -> None:
    path = registry(
        tmp_path,
        HEADER,
        row("R1"),
        row("R2", date_of_birth="03/04/1951"),
        row("R3", service_from="2025-09-01", status="pending"),
        "",
        row("R1"),
        row("", member_id=" "),
        "R9,only,three",
        row("R4", due_date="2026-02-30"),
    )

    problems = problems_of(path)

    assert problems == (
        "line 3: date_of_birth has the form '99/99/9999', not that of 2026-01-31",
        "line 4: status is 'pending', neither 'open' nor 'closed'",
        "line 4: service_from is after service_to",
        "line 6: request_id 'R1' stands on line 2 already",
        "line 7: request_id is empty",
        "line 7: member_id is empty",
        "line 8: 3 cells where the header has 15",
        "line 9: due_date is no day of the calendar",
    )


def test_line_numbers_count_lines_and_not_rows(tmp_path: Path) -> None:
    path = registry(tmp_path, HEADER, row("R1", provider_name='"two\nlines"'), row("R2", status="x"))

    problems = problems_of(path)

    assert problems[0].startswith("line 2: provider_name holds control characters")
    assert problems[1].startswith("line 4: status")


def test_missing_columns_are_each_named_and_misspelt_ones_recognised(tmp_path: Path) -> None:
    header = HEADER.replace("member_id", "Member-ID").replace("due_date", "deu_date").replace(",status", "")

    problems = problems_of(registry(tmp_path, header, row()))

    assert problems == (
        "line 1: column 'member_id' is missing (is 'Member-ID' meant?)",
        "line 1: column 'due_date' is missing (is 'deu_date' meant?)",
        "line 1: column 'status' is missing",
    )


def test_other_separators_are_recognised(tmp_path: Path) -> None:
    problems = problems_of(registry(tmp_path, HEADER.replace(",", ";"), row().replace(",", ";")))

    assert "not semicolons" in problems[0]


def test_column_that_stands_twice_is_told(tmp_path: Path) -> None:
    problems = problems_of(registry(tmp_path, HEADER + ",status", row() + ",open"))

    assert problems == ("line 1: column 'status' stands there 2 times",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (HEADER.encode(), "no requests"),
        ((HEADER + "\n" + row()).encode("utf-16"), "UTF-16"),
        (HEADER.encode() + b"\n" + row(provider_name="Caf\xe9").encode("latin-1"), "provider_name is not UTF-8"),
        ((HEADER + "\n" + row(provider_name='"open')).encode(), "quotation marks"),
        ((HEADER + "\n" + row(provider_name="x" * 20_000)).encode(), "quotation marks"),
        (b"\x00\x01\x02" * 50, "missing"),
    ],
)
def test_files_that_are_no_registry_say_why(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "requests.csv"
    path.write_bytes(content)

    problems = problems_of(path)

    assert any(said in problem for problem in problems)


def test_file_that_cannot_be_read_is_a_bad_registry(tmp_path: Path) -> None:
    assert "no such file" in problems_of(tmp_path / "gone.csv")[0]
    assert "folder" in problems_of(tmp_path)[0]


def test_bad_rows_can_be_left_out_and_are_told(tmp_path: Path) -> None:
    rows = [row(f"R{n}", status="bad" if n % 10 == 0 else "closed") for n in range(1, 51)]

    result = read_registry(registry(tmp_path, HEADER, *rows), skip_bad_rows=True)

    assert len(result.requests) == 45
    assert len(result.problems) == 5
    assert result.problems[0].startswith("line 11: status")


def test_two_different_rows_with_one_id_are_both_left_out(tmp_path: Path) -> None:
    path = registry(tmp_path, HEADER, row("R1"), row("R1", member_id="M2"), row("R2"), row("R2"))

    result = read_registry(path, skip_bad_rows=True)

    assert [request.request_id for request in result.requests] == ["R2"]
    assert len(result.problems) == 2


def test_file_without_one_good_row_is_refused_even_then(tmp_path: Path) -> None:
    path = registry(tmp_path, HEADER, row(status="bad"))

    with pytest.raises(BadRegistryError):
        read_registry(path, skip_bad_rows=True)


def test_a_checked_file_is_read_as_often_as_it_is_asked_for(tmp_path: Path) -> None:
    rows = [
        row("R1"),
        row("R2", status="closed"),
        row("R3", status="bad"),
        row("R4"),
        row("R4"),
        row("R5"),
        row("R5", member_id="M2"),
    ]

    checked = check_registry(registry(tmp_path, HEADER, *rows), skip_bad_rows=True)

    assert (checked.count, checked.still_open) == (3, 2)
    assert [request.request_id for request in checked] == ["R1", "R2", "R4"]
    assert list(checked) == list(checked)


def test_a_file_that_changes_after_it_was_checked_is_refused(tmp_path: Path) -> None:
    checked = check_registry(registry(tmp_path, HEADER, row("R1"), row("R2")))
    registry(tmp_path, HEADER, row("R1"))

    with pytest.raises(BadRegistryError, match=r"requests\.csv"):
        list(checked)
