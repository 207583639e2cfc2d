"""The header ``Idempotency-Key``: a POST that is sent again is answered again and done once."""

import hashlib
import json
import re
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.dispatching import Centre
from api.http.errors import ErrorSaid, Problem, say_error
from api.idempotent import (
    AnsweredMeanwhileError,
    Named,
    answer_before,
    correct_answer,
    keep_answer,
    together,
)
from data.database import DATABASE_LOST
from data.idempotency import Remembered
from geo.errors import RescueError

HEADER: Final = "Idempotency-Key"
REPEATED: Final = "Idempotent-Replayed"
REPORTS = re.compile(r"/incidents/?")
ON_ITS_OWN = re.compile(r"/incidents/?|/incidents/\d+/dispatch|/waiting/offers")
"""Where a request commits on its way: a call before it is answered, claims before a route is looked for."""
WRITES_NOTHING = re.compile(r"/incidents/\{incident_id\}/what-if|/joint-recommendation")
MALFORMED = (413, 422)
"""Refused as it stands: nothing is kept, so that it can be mended and sent under the same key."""
REFUSED, FAILED = 400, 500
SECRET, MASKED = "secret", "***"
PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "a name for this request, e.g. a UUID. Sent again with the same body it is done once and "
    "answered with the same status and body; with another body it is refused with 409",
    "example": "6f1d2c1e-0b53-4f4e-9a07-3b1f0e2d7c11",
}


@dataclass
class _Caught:
    """A response that is held back until what it says is committed."""

    messages: list[Message] = field(default_factory=list)

    async def send(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def answer(self) -> Remembered:
        body = b"".join(message.get("body", b"") for message in self.messages)
        return Remembered(int(self.messages[0]["status"]), body.decode())

    @property
    def without_secret(self) -> Remembered:
        """The answer as it is kept: a secret is shown once, and stands nowhere else."""
        answer = self.answer
        said = json.loads(answer.response) if answer.response else None
        if not isinstance(said, dict) or SECRET not in said:
            return answer
        return Remembered(answer.status, json.dumps({**said, SECRET: MASKED}, ensure_ascii=False))

    async def release(self, send: Send) -> None:
        for message in self.messages:
            await send(message)


class Idempotent:
    """Answers a named POST once; what it does and its answer are committed together."""

    def __init__(self, app: ASGIApp, centre: Centre) -> None:
        self._app = app
        self._centre = centre

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless it was answered before."""
        key = Headers(scope=scope).get(HEADER) if scope["type"] == "http" else None
        if key is None or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        try:
            response = await self._answered(key, scope, receive, send)
        except AnsweredMeanwhileError as error:
            response = _repeat(error.answer)
        except HTTPException as error:
            said = ErrorSaid(detail=[Problem(field=None, reason=error.detail)])
            response = JSONResponse(said.model_dump(), status_code=error.status_code)
        except (RescueError, *DATABASE_LOST) as error:
            response = say_error(error)
        if response is not None:
            await response(scope, receive, send)

    async def _answered(self, key: str, scope: Scope, receive: Receive, send: Send) -> Response | None:
        """Answer a request; None where the answer was sent already."""
        body = await Request(scope, receive).body()
        named = Named(key, f"POST {_address(scope)}", hashlib.sha256(body).hexdigest())
        if ON_ITS_OWN.fullmatch(scope["path"]):
            return await self._on_its_own(named, scope, _again(body), send)
        return await self._together(named, scope, _again(body), send)

    async def _together(self, named: Named, scope: Scope, receive: Receive, send: Send) -> Response | None:
        with ExitStack() as stack:
            begun = await run_in_threadpool(stack.enter_context, together(named, self._centre))
            if begun.before is not None:
                return _repeat(begun.before)
            scope.setdefault("state", {})["centre"] = begun.centre
            caught = _Caught()
            await self._app(scope, receive, caught.send)
            if caught.answer.status < REFUSED:
                await run_in_threadpool(begun.commit, caught.without_secret)
        return await self._kept(named, caught, send)

    async def _kept(self, named: Named, caught: _Caught, send: Send) -> Response | None:
        """Keep a refusal by itself, since all else of the request was undone."""
        status = caught.answer.status
        if REFUSED <= status < FAILED and status not in MALFORMED:
            await run_in_threadpool(keep_answer, named, caught.answer, self._centre)
        await caught.release(send)
        return None

    async def _on_its_own(self, named: Named, scope: Scope, receive: Receive, send: Send) -> Response | None:
        before = await run_in_threadpool(answer_before, named, self._centre)
        if before is not None:
            return _repeat(before)
        scope.setdefault("state", {})["named"] = named
        caught = _Caught()
        await self._app(scope, receive, caught.send)
        if caught.answer.status < FAILED and caught.answer.status not in MALFORMED:
            if REPORTS.fullmatch(scope["path"]) and caught.answer.status < REFUSED:
                await run_in_threadpool(correct_answer, named, caught.answer, self._centre)
            else:
                kept = await run_in_threadpool(keep_answer, named, caught.answer, self._centre)
                if kept != caught.answer:
                    return _repeat(kept)
        await caught.release(send)
        return None


def describe(app: FastAPI) -> None:
    """Tell of the header in the OpenAPI of every POST that writes."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        said = plain()
        for operation in _writing(said["paths"]):
            parameters = operation.setdefault("parameters", [])
            if PARAMETER not in parameters:
                parameters.append(PARAMETER)
        return said

    app.__dict__["openapi"] = openapi


def _writing(paths: dict[str, dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for path, operations in paths.items():
        if "post" in operations and not WRITES_NOTHING.fullmatch(path):
            yield operations["post"]


def _address(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{scope['path']}?{query}" if query else str(scope["path"])


def _again(body: bytes) -> Receive:
    """Return what was received, to be received once more."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    return receive


def _repeat(answer: Remembered) -> Response:
    return Response(
        answer.response,
        status_code=answer.status,
        media_type="application/json",
        headers={REPEATED: "true"},
    )
