"""Agreement that an accident could explain, measured against the registry."""

import pytest

from tests.builders.readings import reading
from tests.builders.requests import JANET, OMAR
from worker.domain.request import Request
from worker.matching.candidates import weigh
from worker.matching.coincidence import no_coincidence
from worker.matching.look_over import look_over
from worker.matching.policy import Policy
from worker.matching.registry import RequestTable, Trait


class Crowded(RequestTable):
    """The same registry among a million members with names and birthdays like everybody's."""

    def count(self, trait: Trait, value: str) -> int:
        return 1_000_000 if trait is Trait.ANY else {Trait.BIRTH_DATE: 40, Trait.FULL_NAME: 2}.get(trait, 3_000)


def chance(registry: RequestTable, *lines: str, request: Request = JANET) -> float:
    weighed = weigh([look_over(reading(1, *lines), registry)], registry, Policy())
    return no_coincidence(weighed.candidates, weighed.findings, registry)[request.request_id]


@pytest.mark.parametrize(
    "lines",
    [
        ("Patient: Janet Brown DOB: 03/04/1951",),
        (f"Request ID: {JANET.request_id}",),
        ("Patient: Janet Brown", "Date of service: 08/24/2025"),
    ],
)
def test_in_a_small_registry_little_is_enough(lines: tuple[str, ...]) -> None:
    assert chance(RequestTable([JANET, OMAR]), *lines) > 0.999


def test_among_a_million_a_name_alone_says_little() -> None:
    crowded = Crowded([JANET, OMAR])

    assert chance(crowded, "Patient: Janet Brown") < 0.9
    assert chance(crowded, "Patient: Janet Brown", "DOB: 03/04/1951", "Date of service: 08/24/2025") > 0.98


def test_the_same_agreement_on_many_pages_counts_once() -> None:
    crowded = Crowded([JANET, OMAR])
    pages = [look_over(reading(n, "Patient: Janet Brown"), crowded) for n in range(1, 6)]

    weighed = weigh(pages, crowded, Policy())
    many = no_coincidence(weighed.candidates, weighed.findings, crowded)[JANET.request_id]

    assert many == chance(crowded, "Patient: Janet Brown")
