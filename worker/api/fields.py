"""What a sender may say about a document: query parameters of an upload, or fields of its form."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from worker.api.problems import ProblemError, invalid
from worker.db.keys import ApiKey
from worker.domain.envelope import ROUTINE, Channel, Envelope

#: One line of text: control characters are never part of it.
Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Fields(BaseModel):
    """All may be left out."""

    model_config = ConfigDict(extra="forbid")

    line: Text = Field(default="", description="The line it is for; the key's own, or `routine`, unless given.")
    station: Text = Field(default="", description="The scanning station; the key's name unless given.")
    operator: Text = Field(default="", description="Who was at the station.")
    declared_pages: int | None = Field(default=None, ge=1, le=100_000, description="Pages that the sender counted.")
    external_id: Text = Field(default="", description="The sender's own name for this message or batch.")
    sender: Text = Field(default="", description="Who sends it: a number, an address or a system.")
    filename: Text = Field(default="", description="The name people know it by, where the body is the document.")


def merge(query: Fields, form: Mapping[str, str]) -> Fields:
    """The fields of the form over those of the address. Raises ProblemError 422 without quoting any."""
    try:
        return Fields.model_validate({**query.model_dump(exclude_unset=True), **form})
    except ValidationError as error:
        raise invalid("form", error) from error


def line_of(fields: Fields, key: ApiKey) -> str:
    """The line that is meant. Raises ProblemError 403 when it is not the key's."""
    line = fields.line or (ROUTINE if key.may_use(ROUTINE) else min(key.lines))
    if not key.may_use(line):
        raise ProblemError(403, "forbidden", "This key is not for that line.")
    return line


def envelope_of(fields: Fields, key: ApiKey, line: str) -> Envelope:
    """The envelope of a document that came with this key."""
    return Envelope(
        channel=Channel.API,
        line=line,
        sender=fields.sender,
        station=fields.station or key.name,
        operator=fields.operator,
        declared_pages=fields.declared_pages,
        external_id=fields.external_id,
    )
