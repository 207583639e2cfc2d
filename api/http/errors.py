"""The one table from error to HTTP status, and the one shape every error is said in."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from api.answer import OlderAnswerError
from api.incident_life import ImpossibleChangeError
from api.live_roads import AllClosedError, OffNetworkError
from api.replaying import CannotReplayError
from api.stepping import ImpossibleStepError
from data.assignments import UnitTakenError
from data.cluster_home import ClusterError
from data.conditions import AlreadyWithdrawnError
from data.idempotency import IdempotencyConflictError
from data.incident_states import IncidentOverError, UnfinishedError
from data.incidents import NotFoundError
from data.roads.store import RoadStoreError
from data.steps import TransitionError
from data.webhooks import WebhookInactiveError
from geo.errors import InvalidInputError, RescueError

STATUS: dict[type[Exception], int] = {
    InvalidInputError: 422,
    RequestValidationError: 422,
    OffNetworkError: 422,
    AllClosedError: 409,
    NotFoundError: 404,
    AlreadyWithdrawnError: 409,
    CannotReplayError: 409,
    OlderAnswerError: 409,
    WebhookInactiveError: 409,
    TransitionError: 409,
    UnitTakenError: 409,
    IncidentOverError: 409,
    UnfinishedError: 409,
    ImpossibleStepError: 409,
    ImpossibleChangeError: 409,
    IdempotencyConflictError: 409,
    RoadStoreError: 503,
    ClusterError: 503,
    OperationalError: 503,
    InterfaceError: 503,
    PoolTimeoutError: 503,
    RescueError: 500,
}
NOT_JSON = "it is not a JSON object; send one, with the header content-type: application/json"
DATABASE_GONE = "the database cannot be reached; what was confirmed is safe, try again in a moment"


class Problem(BaseModel):
    """One thing that is wrong."""

    field: str | None = Field(description="the field at fault, where there is one")
    reason: str


class ErrorSaid(BaseModel):
    """What every error answer looks like."""

    detail: list[Problem]


def install(app: FastAPI) -> None:
    """Make the service say its errors by the table."""
    for kind in STATUS:
        app.add_exception_handler(kind, _say)
    app.add_exception_handler(HTTPException, _say_refusal)


def _say(_: Request, error: Exception) -> JSONResponse:
    return say_error(error)


def say_error(error: Exception) -> JSONResponse:
    """Say an error of the table."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return JSONResponse(ErrorSaid(detail=_problems(error)).model_dump(), status_code=status)


def _say_refusal(_: Request, error: Exception) -> JSONResponse:
    """Say what the framework refuses by itself: an address or a method there is not."""
    if not isinstance(error, HTTPException):
        raise error
    said = ErrorSaid(detail=[Problem(field=None, reason=error.detail)])
    return JSONResponse(said.model_dump(), status_code=error.status_code, headers=error.headers)


def _problems(error: Exception) -> list[Problem]:
    match error:
        case RequestValidationError():
            return [Problem(field=_field(fault), reason=_reason(fault)) for fault in error.errors()]
        case InvalidInputError():
            return [Problem(field=error.field, reason=error.reason)]
        case OffNetworkError():
            return [Problem(field="place", reason=str(error))]
        case OperationalError() | InterfaceError() | PoolTimeoutError():
            return [Problem(field=None, reason=DATABASE_GONE)]
        case _:
            return [Problem(field=None, reason=str(error))]


def _field(fault: Mapping[str, Any]) -> str:
    """Return the path of the field within the body or the query; the whole body is called ``body``."""
    whole, *path = (str(part) for part in fault["loc"])
    return ".".join(path) if path and fault["type"] != "json_invalid" else whole


def _reason(fault: Mapping[str, Any]) -> str:
    if fault["type"] in ("model_attributes_type", "json_invalid"):
        return NOT_JSON
    return str(fault["msg"]).removeprefix("Value error, ")
