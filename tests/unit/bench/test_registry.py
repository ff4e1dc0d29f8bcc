"""The drawn registry: valid, reproducible, and full of people who are easily mixed up."""

import csv
import itertools
import random
from datetime import timedelta
from pathlib import Path

import pytest

from bench.people import draw_npi
from bench.registry import COLUMNS, Registry, draw_registry, luhn36, nearby, write_registry


@pytest.fixture(scope="module")
def registry() -> Registry:
    return draw_registry(7, 1500)


def is_valid_npi(npi: str) -> bool:
    digits = [int(digit) for digit in "80840" + npi]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def test_the_same_seed_gives_the_same_registry(registry: Registry) -> None:
    again = draw_registry(7, 1500)

    other = draw_registry(8, 1500)

    assert again.requests == registry.requests
    assert other.requests != registry.requests


def test_request_ids_are_unique_and_dates_in_order(registry: Registry) -> None:
    requests = registry.requests

    ids = {request.request_id for request in requests}

    assert len(ids) == len(requests) == 1500
    assert all(request.service_from <= request.service_to < request.letter_date for request in requests)
    assert all(request.letter_date < request.due_date for request in requests)
    assert all(registry.person(request).born < request.service_from for request in requests)


def test_every_npi_has_its_check_digit(registry: Registry) -> None:
    rng = random.Random(1)

    drawn = [draw_npi(rng) for _ in range(300)]

    assert all(is_valid_npi(npi) for npi in drawn)
    assert all(is_valid_npi(provider.npi) for provider in registry.providers)
    assert not is_valid_npi("1234567890")


def test_requests_of_one_member_do_not_overlap(registry: Registry) -> None:
    several = [requests for requests in registry.by_member.values() if len(requests) > 1]

    spans = [sorted((request.service_from, request.service_to) for request in requests) for requests in several]

    assert len(several) > 150
    assert all(one[1] + timedelta(days=7) < two[0] for span in spans for one, two in itertools.pairwise(span))


def test_there_are_twins_couples_and_namesakes(registry: Registry) -> None:
    people = registry.people
    pairs = [(people[member], people[other]) for member, kin in registry.kin.items() for other in kin]

    twins = [pair for pair in pairs if pair[0].born == pair[1].born and pair[0].sex == pair[1].sex]
    couples = [pair for pair in pairs if pair[0].sex != pair[1].sex]
    namesakes = [pair for pair in pairs if pair[0].first == pair[1].first]

    assert len(twins) > 20
    assert len(couples) > 40
    assert len(namesakes) > 10
    assert all(one.last == two.last and one.member_id != two.member_id for one, two in pairs)


def test_near_ids_differ_in_one_or_two_places(registry: Registry) -> None:
    near = registry.near

    apart = [sum(a != b for a, b in zip(one, two, strict=True)) for one, two in near.items()]

    assert len(near) > 80
    assert set(apart) <= {1, 2}


def test_a_near_id_is_never_the_same() -> None:
    rng = random.Random(4)

    made = [nearby("MRR-1122334", rng) for _ in range(500)]

    assert "MRR-1122334" not in made
    assert all(len(item) == len("MRR-1122334") for item in made)


def test_a_check_character_notices_a_changed_digit() -> None:
    stem = "RQK4820193"

    changed = {luhn36(stem[:i] + str((int(stem[i]) + 1) % 10) + stem[i + 1 :]) for i in range(3, len(stem))}

    assert luhn36(stem) not in changed


def test_the_csv_has_the_columns_of_the_tray(registry: Registry, tmp_path: Path) -> None:
    path = tmp_path / "requests.csv"

    write_registry(registry, path)

    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert COLUMNS[0] == "request_id"
    assert COLUMNS[-1] == "status"
    assert {row["status"] for row in rows} == {"open", "closed"}
