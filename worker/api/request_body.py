"""A request of the registry as JSON: what a registry file has in its columns."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from worker.api.fields import Text
from worker.domain.request import RequestStatus

#: A line of text that is not blank.
FILLED = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
Filled = Annotated[str, StringConstraints(max_length=200, pattern=FILLED)]
IsoDate = StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
Day = Annotated[str, IsoDate, Field(json_schema_extra={"format": "date"})]


class RequestBody(BaseModel):
    """A request as the columns of a registry file say it; its id stands in the address."""

    model_config = ConfigDict(extra="forbid")

    claim_number: Filled
    member_id: Filled
    member_last_name: Filled
    member_first_name: Text
    date_of_birth: Day
    provider_name: Text
    provider_npi: Text
    provider_fax: Text
    service_from: Day = Field(description="Not after service_to.")
    service_to: Day
    letter_date: Day
    due_date: Day
    program: Text
    status: RequestStatus
