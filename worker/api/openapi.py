"""What FastAPI cannot tell by itself about this API: the body of an upload, the form of a problem."""

from copy import deepcopy
from typing import Any  # a JSON document

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from worker.api.problems import Problem, documented
from worker.api.request_body import RequestBody

_BYTES = {"schema": {"type": "string", "format": "binary", "minLength": 1}}
_TEXT = {"type": "string", "maxLength": 200, "pattern": r"^[^\x00-\x1f\x7f]*$"}

UPLOAD_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "additionalProperties": False,
                    "properties": {
                        "file": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "format": "binary", "minLength": 1},
                        },
                        "line": {"type": "string"},
                        **dict.fromkeys(("station", "operator", "external_id", "sender"), _TEXT),
                        "declared_pages": {"type": "integer", "minimum": 1, "maximum": 100_000},
                    },
                }
            },
            "application/pdf": _BYTES,
            "image/tiff": _BYTES,
            "image/png": _BYTES,
            "image/jpeg": _BYTES,
            "application/octet-stream": _BYTES,
        },
    }
}

REQUEST_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RequestBody"}}},
    }
}

CSV_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string", "minLength": 1}}}}
}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once."""
    if app.openapi_schema:
        return app.openapi_schema
    # A copy: what is shared between routes would otherwise be changed for every site of the process.
    document = deepcopy(
        get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for model in (Problem, RequestBody):
        own = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(own.pop("$defs", {}))
        schemas[model.__name__] = own
    lines = list(app.state.site.lines)
    for operations in document["paths"].values():
        for operation in operations.values():
            _name_lines(operation, lines)
            for status, answer in documented(500).items():
                operation["responses"].setdefault(str(status), answer)
    app.openapi_schema = document
    return document


def _name_lines(operation: dict[str, Any], lines: list[str]) -> None:
    """Which lines there are is the site's business: the schema of an upload says it."""
    fields = [each["schema"] for each in operation.get("parameters", ()) if each["name"] == "line"]
    form = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data")
    if form:
        fields.append(form["schema"]["properties"]["line"])
    for field in fields:
        field.clear()
        field.update({"type": "string", "enum": lines})
