"""Requests with drawn names; every field may be given."""

from dataclasses import replace
from datetime import date

from worker.domain.request import Request, RequestStatus

JANET = Request(
    request_id="20261100017",
    claim_number="826439859742607",
    member_id="H78227425",
    member_last_name="Brown",
    member_first_name="Janet",
    date_of_birth=date(1951, 3, 4),
    provider_name="Coastal Pulmonary Clinic",
    provider_npi="1252914290",
    provider_fax="7766689329",
    service_from=date(2025, 8, 23),
    service_to=date(2025, 8, 26),
    letter_date=date(2026, 10, 29),
    due_date=date(2031, 11, 28),  # far off: what is due within days is urgent
    program="payment_integrity",
    status=RequestStatus.OPEN,
)
#: Another claim of Janet's, months earlier.
JANET_SPRING = replace(
    JANET,
    request_id="20263354649",
    claim_number="814893513834652",
    service_from=date(2025, 5, 15),
    service_to=date(2025, 5, 18),
)
#: A stranger to her, with a request of his own.
OMAR = replace(
    JANET,
    request_id="20265577103",
    claim_number="885931409684954",
    member_id="H65546039",
    member_last_name="Nakamura",
    member_first_name="Omar",
    date_of_birth=date(1936, 1, 29),
    service_from=date(2025, 10, 18),
    service_to=date(2025, 10, 21),
)
#: Her twin: same surname and birthday, member id one off.
JOAN = replace(
    JANET,
    request_id="20267788200",
    claim_number="861199230071122",
    member_id="H78227426",
    member_first_name="Joan",
)
CLOSED = replace(OMAR, status=RequestStatus.CLOSED)


def given(request: Request, **changes: object) -> Request:
    """The request with some fields changed."""
    return replace(request, **changes)  # type: ignore[arg-type]  # the field names are the caller's business
