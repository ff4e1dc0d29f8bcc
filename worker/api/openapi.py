"""What FastAPI cannot tell by itself about this API: the body of an upload, the form of a problem."""

from typing import Any  # a JSON document

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from worker.api.problems import Problem, documented

_BYTES = {"schema": {"type": "string", "format": "binary", "minLength": 1}}
_LINE = {"type": "string", "maxLength": 200}

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
                        **dict.fromkeys(("line", "station", "operator", "external_id", "sender"), _LINE),
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

CSV_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string", "minLength": 1}}}}
}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once."""
    if app.openapi_schema:
        return app.openapi_schema
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes, tags=app.openapi_tags
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    own = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(own.pop("$defs", {}))
    schemas["Problem"] = own
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, answer in documented(500).items():
                operation["responses"].setdefault(str(status), answer)
    app.openapi_schema = document
    return document
