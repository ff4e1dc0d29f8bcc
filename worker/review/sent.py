"""What a page or a script sent: the fields of a form, or of a JSON object."""

import json

from starlette.requests import Request

from worker.review.refusals import InvalidError

#: Characters of one field, and fields of one form: ours have fewer.
MOST_TEXT, MOST_FIELDS = 2_000, 20


async def sent_fields(request: Request) -> dict[str, object]:
    """The fields by name. Raises InvalidError for what is neither."""
    if "json" not in request.headers.get("Content-Type", ""):
        async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
            return {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        fields = json.loads(await request.body())
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise InvalidError("What was sent does not fit: load the page again.")
    return fields


def text_of(fields: dict[str, object], name: str) -> str:
    """A field of one line of text that every database takes. Raises InvalidError."""
    text = str(fields.get(name, ""))
    if len(text) > MOST_TEXT or not text.isprintable():
        raise InvalidError(f"{name} cannot be that: load the page again.")
    return text
