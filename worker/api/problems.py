"""Errors as RFC 9457 problem details: every error of the API has this one form and says what to do."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any  # FastAPI's own type for what a response documents

import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from worker.errors import CannotWriteError, UnreachableError
from worker.receiving.refused import BodyRefusedError

MEDIA_TYPE = "application/problem+json"
#: Seconds after which a client may try again when a server or the disk is in trouble.
RETRY_AFTER = 30


class ProblemDetail(BaseModel):
    """One thing that is wrong."""

    where: str = Field(description="The field, parameter or line of a file.")
    problem: str


class Problem(BaseModel):
    """What went wrong, after RFC 9457. `detail` says what to do."""

    type: str = Field(description="Name of this kind of problem, for machines.", examples=["urn:pigeonhole:invalid"])
    title: str
    status: int = Field(ge=400, le=599)
    detail: str = ""
    errors: list[ProblemDetail] = Field(default=[], description="Each single error, where there are several.")


class ProblemError(Exception):
    """Raised anywhere below an endpoint; becomes the response."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        errors: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {kind}")
        self.status = status
        self.kind = kind
        self.detail = detail
        self.errors = errors
        self.headers = headers

    @property
    def response(self) -> Response:
        """The problem as it is sent."""
        return problem_response(self.status, self.kind, self.detail, errors=self.errors, headers=self.headers)


def problem_response(
    status: int,
    kind: str,
    detail: str,
    *,
    errors: Sequence[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem as application/problem+json."""
    problem = Problem(
        type=f"urn:pigeonhole:{kind}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=[ProblemDetail(where=where, problem=what) for where, what in errors],
    )
    return JSONResponse(problem.model_dump(), status, headers, MEDIA_TYPE)


def failed_inside() -> Response:
    """What a client hears of an error of ours: nothing."""
    return problem_response(500, "failed", "Pigeonhole failed in itself. Try again; if it stays, report the time.")


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These errors for OpenAPI, each as a problem."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def handle_problems(app: FastAPI) -> None:
    """All that is raised below becomes a problem."""
    app.add_exception_handler(ProblemError, _own)
    app.add_exception_handler(BodyRefusedError, _not_taken)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(CannotWriteError, _full)
    app.add_exception_handler(UnreachableError, _away)
    app.add_exception_handler(sa.exc.OperationalError, _away)
    app.add_exception_handler(sa.exc.TimeoutError, _away)
    app.add_exception_handler(Exception, _failed)


async def _own(_: Request, error: Exception) -> Response:
    return error.response if isinstance(error, ProblemError) else failed_inside()


async def _not_taken(_: Request, error: Exception) -> Response:
    assert isinstance(error, BodyRefusedError)
    return problem_response(error.status, error.kind, str(error), headers=error.headers)


def invalid(part: str, error: ValidationError) -> ProblemError:
    """That a part of a request does not fit: says where and what, and never what was sent; it may name a patient."""
    errors = [(_where((part, *each["loc"])), _in_words(each["type"], each["msg"])) for each in error.errors()]
    return ProblemError(422, "invalid", f"The {part} does not fit the description of this API.", errors=errors)


async def _invalid(_: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    errors = [(_where(each["loc"]), _in_words(each["type"], each["msg"])) for each in found]
    return problem_response(422, "invalid", "The request does not fit the description of this API.", errors=errors)


def _where(steps: Iterable[object]) -> str:
    return ".".join(str(step) for step in steps)[:100]


def _in_words(kind: str, message: str) -> str:
    return "is not JSON" if kind == "json_invalid" else message


async def _failed(_: Request, _error: Exception) -> Response:
    return failed_inside()


async def _http(request: Request, error: Exception) -> Response:
    """What the framework says itself: no such path, method not allowed, body too large."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = _allowed(request) if status == 405 else error.headers if isinstance(error, HTTPException) else None
    kinds = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}
    return problem_response(status, kinds.get(status, "invalid"), HTTPStatus(status).description, headers=headers)


def _allowed(request: Request) -> dict[str, str]:
    """All methods of a path: the framework knows those of one of its routes alone."""
    route = getattr(request.scope.get("route"), "path", "")
    return {"Allow": ", ".join(sorted(request.app.openapi()["paths"].get(route, {}))).upper()}


async def _full(_: Request, _error: Exception) -> Response:
    return problem_response(
        507,
        "cannot-write",
        "What was sent could not be stored. Nothing of it is recorded unless a receipt was given: send it again later.",
        headers={"Retry-After": str(RETRY_AFTER)},
    )


async def _away(_: Request, _error: Exception) -> Response:
    return problem_response(
        503,
        "unreachable",
        "The database or the store does not answer. Nothing was recorded unless a receipt was given: try again later.",
        headers={"Retry-After": str(RETRY_AFTER)},
    )
