"""Labels through noise."""

import pytest

from tests.builders.readings import line
from worker.matching.labels import Role, labels_in
from worker.matching.tokens import tokens_of


def roles(text: str) -> list[Role]:
    return [label.role for label in labels_in(tokens_of(line(text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DOB: 03/04/1951", [Role.BIRTH]),
        ("D.O.B. 03/04/1951", [Role.BIRTH]),
        ("D.0.8. 03/04/1951", [Role.BIRTH]),
        ("BIRTHDALE 03/04/1951", [Role.BIRTH]),
        ("Date of birth: 03/04/1951", [Role.BIRTH]),
        ("Patient: Janet DOB: x MRN: 17913279", [Role.PATIENT, Role.BIRTH, Role.CHART]),
        ("PATENT NAME Janet Brown", [Role.PATIENT]),
        ("Visit date: 1", [Role.SERVICE]),
        ("Vieit date: 1", [Role.SERVICE]),
        ("Dates of service: a - b", [Role.SERVICE]),
        ("HMRM Request ID: 1", [Role.REQUEST]),
        ("Our reference: 1", [Role.REQUEST]),
        ("Claim number: 1", [Role.CLAIM]),
        ("Member ID: H1", [Role.MEMBER_ID]),
        ("Provider name: Dr Who", [Role.OTHER_PERSON]),
        ("17913279 120/80", []),
    ],
)
def test_labels_say_what_stands_beside_them(text: str, expected: list[Role]) -> None:
    assert roles(text)[: len(expected)] == expected
    assert bool(roles(text)) == bool(expected)


def test_a_name_is_not_swallowed_by_a_label_that_it_resembles() -> None:
    labels = labels_in(tokens_of(line("Patient Nancy Williams")))

    assert [(label.role, label.start, label.end) for label in labels] == [(Role.PATIENT, 0, 1)]
