"""A payer's request for records: one row of the registry."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class RequestStatus(StrEnum):
    """Whether pages may still be filed against a request without a person."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Request:
    """One letter to one provider about one claim of one member.

    Dates are calendar dates in the payer's time zone; `service_from <= service_to`.
    """

    request_id: str
    claim_number: str
    member_id: str
    member_last_name: str
    member_first_name: str
    date_of_birth: date
    provider_name: str
    provider_npi: str
    provider_fax: str
    service_from: date
    service_to: date
    letter_date: date
    due_date: date
    program: str
    status: RequestStatus

    @property
    def is_open(self) -> bool:
        """Pages may be filed against this request."""
        return self.status is RequestStatus.OPEN
