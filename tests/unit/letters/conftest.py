"""A request and a payer to write letters with."""

from datetime import date

import pytest

from worker.domain.request import Request, RequestStatus
from worker.letters import Payer


@pytest.fixture
def payer() -> Payer:
    return Payer(
        "Cardinal Health Plan",
        "Medical Records Management",
        ("P.O. Box 14465", "Lexington, KY 40512"),
        "866-555-0155",
        "800-555-0185",
    )


@pytest.fixture
def request_row() -> Request:
    return Request(
        request_id="MRR-4820193",
        claim_number="826439859742",
        member_id="H78227425",
        member_last_name="Okonkwo",
        member_first_name="Beatriz",
        date_of_birth=date(1951, 3, 4),
        provider_name="Cedar Fork Family Practice",
        provider_npi="1252914290",
        provider_fax="5025550143",
        service_from=date(2025, 8, 23),
        service_to=date(2025, 8, 26),
        letter_date=date(2026, 10, 29),
        due_date=date(2026, 11, 28),
        program="payment_integrity",
        status=RequestStatus.OPEN,
    )
