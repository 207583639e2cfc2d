"""The one table from error to HTTP status, and the one shape every error is said in."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from api.live_roads import OffNetworkError
from data.cluster_home import ClusterError
from data.incidents import NotFoundError
from data.roads.store import RoadStoreError
from geo.errors import InvalidInputError, RescueError

STATUS: dict[type[Exception], int] = {
    InvalidInputError: 422,
    RequestValidationError: 422,
    OffNetworkError: 422,
    NotFoundError: 404,
    RoadStoreError: 503,
    ClusterError: 503,
    OperationalError: 503,
    InterfaceError: 503,
    PoolTimeoutError: 503,
    RescueError: 500,
}
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


def _say(_: Request, error: Exception) -> JSONResponse:
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return JSONResponse(ErrorSaid(detail=_problems(error)).model_dump(), status_code=status)


def _problems(error: Exception) -> list[Problem]:
    match error:
        case RequestValidationError():
            return [Problem(field=_field(e["loc"]), reason=_reason(e["msg"])) for e in error.errors()]
        case InvalidInputError():
            return [Problem(field=error.field, reason=error.reason)]
        case OperationalError() | InterfaceError() | PoolTimeoutError():
            return [Problem(field=None, reason=DATABASE_GONE)]
        case _:
            return [Problem(field=None, reason=str(error))]


def _field(location: tuple[int | str, ...]) -> str | None:
    return ".".join(str(part) for part in location[1:]) or None


def _reason(message: str) -> str:
    return message.removeprefix("Value error, ")
