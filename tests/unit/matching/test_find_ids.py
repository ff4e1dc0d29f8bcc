"""Ids found through what OCR does to them; what they look like is learned from the registry."""

import pytest

from tests.builders.readings import line
from tests.builders.requests import JANET, OMAR, given
from worker.domain.reading import Barcode, Box
from worker.matching.find_ids import ids_in_barcodes, ids_in_line
from worker.matching.labels import labels_in
from worker.matching.registry import IdKind, RequestTable
from worker.matching.sightings import Certainty, IdSighting
from worker.matching.tokens import tokens_of

LETTERED = given(OMAR, request_id="HMR-2036743", claim_number="CLM-77120045")
REGISTRY = RequestTable([JANET, LETTERED])


def seen(text: str) -> tuple[IdSighting, ...]:
    tokens = tokens_of(line(text))
    return ids_in_line(tokens, labels_in(tokens), REGISTRY)


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("Request ID: 20261100017", Certainty.EXACT),
        ("20261100017", Certainty.EXACT),
        ("ID:20261100017.", Certainty.EXACT),
        ("Request ID: 2026 1100017", Certainty.EXACT),
        ("Request ID: 20261 10 0017", Certainty.EXACT),
        ("Request ID: 2O26ll00O17", Certainty.CONFUSED),
        ("Request ID: 20261100011", Certainty.ONE_OFF),
        ("Request ID: 2026110017", Certainty.ONE_OFF),
    ],
)
def test_a_request_id_is_seen_as_surely_as_it_was_read(text: str, certainty: Certainty) -> None:
    found = seen(text)

    assert [(s.kind, s.could_be, s.certainty) for s in found] == [(IdKind.REQUEST, (JANET.request_id,), certainty)]


@pytest.mark.parametrize("text", ["HMR-2036743", "HMR 2036743", "HMR- 2036743", "hmr-2036743", "Ref# HMR-2036743,"])
def test_an_id_with_letters_is_found_however_it_is_split(text: str) -> None:
    assert [s.could_be for s in seen(text)] == [("HMR-2036743",)]


def test_a_labelled_id_that_nobody_has_is_seen_as_unknown() -> None:
    found = seen("Our reference: 20998877665")

    assert [(s.certainty, s.could_be, s.text) for s in found] == [(Certainty.UNKNOWN, (), "20998877665")]


@pytest.mark.parametrize("text", ["Phone 20998877665", "Hemoglobin 13.2", "visit 2026", "the patient was seen"])
def test_other_numbers_and_words_are_no_ids(text: str) -> None:
    assert seen(text) == ()


def test_claim_and_member_are_told_apart() -> None:
    found = seen(f"claim {JANET.claim_number} for member {JANET.member_id}, born")

    assert {(s.kind, s.could_be) for s in found} == {
        (IdKind.CLAIM, (JANET.claim_number,)),
        (IdKind.MEMBER, (JANET.member_id,)),
    }


@pytest.mark.parametrize(
    "payload", ["20261100017", " 20261100017 ", "HMRM|20261100017|2", "https://x.example/r/20261100017"]
)
def test_a_barcode_counts_if_the_registry_knows_its_payload_or_a_part(payload: str) -> None:
    found = ids_in_barcodes([Barcode(payload, "QRCode", Box(0, 0, 9, 9), "zxing")], REGISTRY)

    assert [(s.could_be, s.certainty) for s in found] == [((JANET.request_id,), Certainty.BARCODE)]


@pytest.mark.parametrize("payload", ["20261100018", "S-20260017", "", "1Z999AA10123456784", "202611000179"])
def test_a_barcode_of_others_is_ignored(payload: str) -> None:
    assert ids_in_barcodes([Barcode(payload, "Code128", Box(0, 0, 9, 9), "zxing")], REGISTRY) == ()


def test_a_code_without_a_check_character_is_as_good_as_a_number_read() -> None:
    found = ids_in_barcodes([Barcode(JANET.request_id, "Code39", Box(0, 0, 9, 9), "zxing")], REGISTRY)

    assert [s.certainty for s in found] == [Certainty.EXACT]
