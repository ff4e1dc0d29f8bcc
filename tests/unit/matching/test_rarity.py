"""How rare names and birth dates are, as the registry tells."""

from dataclasses import replace
from datetime import date

from tests.builders.requests import JANET, OMAR
from worker.domain.request import Request
from worker.matching.rarity import birth_surprise, name_surprise
from worker.matching.registry import RequestTable


def people(count: int, **same: object) -> list[Request]:
    return [
        replace(
            OMAR,
            request_id=f"R{k}",
            member_id=f"M{k}",
            member_last_name=f"Name{chr(97 + k % 26)}{chr(97 + k // 26)}",
            date_of_birth=date(1930 + k % 60, 1 + k % 12, 1 + k % 28),
            **same,  # type: ignore[arg-type]  # the field names are the caller's business
        )
        for k in range(count)
    ]


def test_a_name_that_many_share_surprises_less() -> None:
    rare = RequestTable([JANET, *people(200)])
    common = RequestTable([JANET, *(replace(r, member_last_name="Brown") for r in people(200))])

    assert name_surprise(JANET, common) < name_surprise(JANET, rare) - 2


def test_a_namesake_in_the_registry_counts_in_full() -> None:
    namesake = replace(OMAR, member_last_name="Brown", member_first_name="Janet")
    alone, doubled = RequestTable([JANET, *people(200)]), RequestTable([JANET, namesake, *people(200)])

    assert name_surprise(JANET, doubled) < 5.5 < name_surprise(JANET, alone)


def test_a_birthday_that_others_share_surprises_less() -> None:
    same_day = [replace(r, date_of_birth=JANET.date_of_birth) for r in people(20)]

    assert birth_surprise(JANET, RequestTable([JANET, *same_day])) < 3 < birth_surprise(JANET, RequestTable([JANET]))


def test_several_requests_of_one_member_are_one_person() -> None:
    twice = RequestTable([JANET, replace(JANET, request_id="other"), *people(50)])

    assert name_surprise(JANET, twice) == name_surprise(JANET, RequestTable([JANET, *people(50)]))
