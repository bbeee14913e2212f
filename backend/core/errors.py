"""Errors that people and programs can act on, in one form: ``{"error": code, "detail": sentence}``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

Responses = dict[int | str, dict[str, Any]]


class AppError(Exception):
    """A failure with a meaning. Subclasses give status and code; the detail says what to do."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    summary: ClassVar[str] = "Something went wrong."

    def __init__(self, detail: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        self.detail = detail or self.summary
        self.headers = dict(headers or {})
        super().__init__(self.detail)


class ErrorRead(BaseModel):
    """Body of every error."""

    error: str = Field(description="Stable code for programs.")
    detail: str = Field(description="Sentence for people that says what to do.")


class ValidationFailed(AppError):
    """A field that does not hold what the contract says."""

    status = 422
    code = "validation_failed"
    summary = "The request does not fit the contract; the detail names the field."


class PayloadTooLarge(AppError):
    """More bytes than the server takes."""

    status = 413
    code = "payload_too_large"
    summary = "The request is larger than the server takes."


class StorageFull(AppError):
    """No room left on the disk."""

    status = 507
    code = "storage_full"
    summary = "The server's disk is full; nothing was saved. Free some space, then try again."


class ServerBusy(AppError):
    """Too many are waiting, or this one waited too long."""

    status = 503
    code = "server_busy"
    summary = "The server is busy with other requests; try again in a moment."

    def __init__(self, detail: str | None = None, retry_after: int = 2) -> None:
        super().__init__(detail, {"Retry-After": str(retry_after)})


def error_responses(*errors: type[AppError]) -> Responses:
    """What a route declares in ``responses=``: one entry a status, codes in the description."""
    by_status: dict[int, list[type[AppError]]] = defaultdict(list)
    for error in errors:
        by_status[error.status].append(error)
    return {
        status: {
            "model": ErrorRead,
            "description": " / ".join(f"`{error.code}`: {error.summary}" for error in found),
        }
        for status, found in sorted(by_status.items())
    }


def error_response(status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error as it goes over the wire."""
    return JSONResponse({"error": code, "detail": detail}, status, headers)


def install_error_handlers(app: FastAPI) -> None:
    """Every error of a route leaves through one of these. Unknown ones: ``middleware.RequestContext``."""

    @app.exception_handler(AppError)
    def on_app_error(_: Request, error: AppError) -> JSONResponse:
        return error_response(error.status, error.code, error.detail, error.headers)

    @app.exception_handler(HTTPException)
    def on_http_error(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 400:  # how the framework says that it cannot parse a body
            return error_response(422, ValidationFailed.code, f"The body cannot be read: {error.detail}.")
        return error_response(error.status_code, *_describe_http(error, request), error.headers)

    @app.exception_handler(RequestValidationError)
    def on_invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return error_response(422, ValidationFailed.code, _describe_invalid(error.errors()))


def _describe_http(error: HTTPException, request: Request) -> tuple[str, str]:
    if error.status_code == 404:
        return "not_found", "There is nothing at this address; the contract is at /api/v1/openapi.json."
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "other methods")
        return "method_not_allowed", f"{request.method} does not work here; use {allowed}."
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    return code, str(error.detail)


def _describe_invalid(problems: Sequence[Any]) -> str:
    """Names each field and its fault, never the value: it may be huge or private."""
    lines = []
    for problem in problems[:5]:
        place = ".".join(str(step) for step in problem["loc"] if step != "body") or "body"
        lines.append(f"{place}: {problem['msg'].removeprefix('Value error, ')}")
    if len(problems) > 5:
        lines.append(f"and {len(problems) - 5} more")
    return _printable("; ".join(lines))


def _printable(text: str) -> str:
    """Field names come from the sender and may hold what UTF-8 cannot carry."""
    return text[:1000].encode("utf-8", "replace").decode()
