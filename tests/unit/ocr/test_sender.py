"""A fax machine's line is told from the head of a record, which bears dates and numbers as well."""

import pytest

from worker.domain.reading import Box, Word
from worker.ocr.sender import is_sender_line


def words(text: str) -> list[Word]:
    return [Word(word, Box(40 * k, 0, 30, 20), 0.9) for k, word in enumerate(text.split())]


@pytest.mark.parametrize(
    "line",
    [
        "11/14/2026 09:47  Lakeshore Family Medicin  492-916-1106   P.001/003",
        "11/09/2026 14:49 Fallen Oak Behaviora {811) 555-0670 P.002/002",
        "11/18/2026 08 15 Laurel Ridge Heart a (270) 555-6322 P.003/005",
        "NOV-14-2026 09:47 FROM:LAKESHORE 4929161106 003/012",
        "09:47 492 916 1106",
    ],
)
def test_a_fax_machines_line(line: str) -> None:
    assert is_sender_line(words(line))


@pytest.mark.parametrize(
    "line",
    [
        "Name: Kathleen W. Smith-Jones DOB 01-23-1952 MRN 462019 Seen: 12/26/2025",
        "Pt Name: Karen Kowalczyk Birth Date: 05/03/1931 Unit No. 584240 Seen: 04/22/2025",
        "Patient JOSHUA T CZERWINSKI B.D.: 5/15/79 10:30",
        "Oh, Robert 10/20/1956 28132957 01/09/2026",
        "SMITH, JOHN 12/26/1960",
        "Pt: JO MBEKI 11/02/1956 09:15 Page 2",
        "Resident: ALD GREEN 02/19/1956 P. 3",
        "Service Date: 06/17/2026 14:20",
        "Mill Pond Tel (256) 555-8515 12/26/2025",
    ],
)
def test_the_head_of_a_record(line: str) -> None:
    assert not is_sender_line(words(line))
