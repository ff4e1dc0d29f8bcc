"""Letters and records as they are read, and whole documents decided from them."""

from collections.abc import Sequence

from tests.builders.readings import reading
from worker.domain.reading import PageReading
from worker.domain.request import Request
from worker.matching.decide import decide
from worker.matching.judgment import Judgment
from worker.matching.look_over import look_over
from worker.matching.policy import Policy
from worker.matching.registry import RequestTable

NOTE = ("Progress Note", "The incision is clean and dry.", "Plan: return to clinic in 7 weeks.")


def letter(number: int, request: Request, *, barcode: bool = True) -> PageReading:
    """The payer's letter of a request."""
    return reading(
        number,
        "Medical Records Management",
        "Request for medical records",
        f"Request ID: {request.request_id}",
        f"Claim number: {request.claim_number}",
        f"Member name: {request.member_first_name} {request.member_last_name}",
        f"Date of birth: {request.date_of_birth:%m/%d/%Y}",
        f"Dates of service: {request.service_from:%m/%d/%Y} - {request.service_to:%m/%d/%Y}",
        "Please send the complete medical record.",
        barcode=request.request_id if barcode else "",
    )


def record(number: int, request: Request, *more: str, dated: bool = True) -> PageReading:
    """A page of a chart that names its patient."""
    date = (f"Visit date: {request.service_from:%B %d, %Y}",) if dated else ()
    name = f"{request.member_last_name.upper()}, {request.member_first_name}"
    who = f"Patient: {name} DOB: {request.date_of_birth:%m/%d/%Y}"
    return reading(number, who, *date, *NOTE, *more)


def judged(readings: Sequence[PageReading], *requests: Request) -> tuple[Judgment, ...]:
    """What is decided of these pages where these are the requests."""
    registry = RequestTable(requests)
    return decide([look_over(page, registry) for page in readings], registry, Policy())


def owners(judgments: Sequence[Judgment]) -> list[str | None]:
    """To which request each page is filed."""
    return [judgment.decision.request_id for judgment in judgments]
